package slip39_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/slip39"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// stream is randomness that is known: SHA-256 of a label and a counter.
type stream struct {
	label string
	n     uint64
	left  []byte
}

func (s *stream) Read(p []byte) (int, error) {
	for len(s.left) < len(p) {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.label), s.n))
		s.left, s.n = append(s.left, sum[:]...), s.n+1
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	return n, nil
}

func split(tb testing.TB, secret []byte, passphrase string, groupThreshold int, groups ...slip39.Group) [][]slip39.Share {
	tb.Helper()
	shares, err := slip39.Split(secret, []byte(passphrase), groupThreshold, groups, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return shares
}

func parse(tb testing.TB, texts ...string) (shares []slip39.Share) {
	tb.Helper()
	for _, text := range texts {
		s, err := slip39.Parse(text)
		if err != nil {
			tb.Fatal(err)
		}
		shares = append(shares, s)
	}
	return shares
}

// TestAnyTOfNGiveTheSecretBack draws thresholds, secrets and orders; one share less gives
// nothing.
func TestAnyTOfNGiveTheSecretBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 8, 32).Draw(t, "half of the secret")
		secret = append(secret, secret...)
		passphrase := rapid.StringMatching(`[ -~]{0,20}`).Draw(t, "passphrase")
		n := rapid.IntRange(1, 16).Draw(t, "n")
		threshold := rapid.IntRange(min(n, 2), n).Draw(t, "t")
		shares, err := slip39.Split(secret, []byte(passphrase), 1, []slip39.Group{{Threshold: threshold, Count: n}}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		order := rapid.Permutation(shares[0]).Draw(t, "order")
		var read []slip39.Share
		for _, s := range order {
			again, err := slip39.Parse(s.Words())
			if err != nil {
				t.Fatal(err)
			}
			read = append(read, again)
		}
		for _, some := range [][]slip39.Share{read[:threshold], read} {
			got, err := slip39.Combine(some, []byte(passphrase))
			if err != nil || !bytes.Equal(got, secret) {
				t.Fatalf("%d of %d, %d needed: got another secret or %v", len(some), n, threshold, err)
			}
		}
		if _, err := slip39.Combine(read[:threshold-1], []byte(passphrase)); !errors.Is(err, slip39.ErrTooFew) || !errors.Is(err, sinso.ErrInvalid) {
			t.Fatalf("one less than %d: got %v, want %v", threshold, err, slip39.ErrTooFew)
		}
	})
}

// TestFewerSharesGiveNothingByAnotherThreshold: whoever has one share less and writes a
// lower threshold into what they have joins them to nothing.
func TestFewerSharesGiveNothingByAnotherThreshold(t *testing.T) {
	t.Parallel()
	shares := split(t, bytes.Repeat([]byte{7}, 32), "", 1, slip39.Group{Threshold: 4, Count: 5})[0]
	for lower := 2; lower < 4; lower++ {
		var forged []slip39.Share
		for _, s := range shares[:lower] {
			forged = append(forged, slip39.Lower(s, lower))
		}
		if got, err := slip39.Combine(forged, nil); got != nil || !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%d shares of 4 that are needed: got %d bytes, %v", lower, len(got), err)
		}
	}
}

// TestGroupsGiveTheSecretBack needs two of three groups.
func TestGroupsGiveTheSecretBack(t *testing.T) {
	t.Parallel()
	secret := bytes.Repeat([]byte{7}, 32)
	g := split(t, secret, "", 2, slip39.Group{Threshold: 1, Count: 1}, slip39.Group{Threshold: 2, Count: 3}, slip39.Group{Threshold: 3, Count: 5})
	for name, shares := range map[string][]slip39.Share{
		"first and second": {g[0][0], g[1][2], g[1][0]},
		"first and third":  {g[2][4], g[2][0], g[2][2], g[0][0]},
		"all":              append(append(append([]slip39.Share{}, g[0]...), g[1]...), g[2]...),
		"part of a third":  {g[0][0], g[1][2], g[2][0], g[1][0]},
	} {
		if got, err := slip39.Combine(shares, nil); err != nil || !bytes.Equal(got, secret) {
			t.Errorf("%s: got another secret or %v", name, err)
		}
	}
	if _, err := slip39.Combine([]slip39.Share{g[0][0], g[1][2], g[2][0]}, nil); !errors.Is(err, slip39.ErrTooFew) {
		t.Errorf("one whole group: got %v, want %v", err, slip39.ErrTooFew)
	}
}

// TestMixedUpSharesAreNamed gives shares that do not belong together: what is refused is
// named, and why.
func TestMixedUpSharesAreNamed(t *testing.T) {
	t.Parallel()
	secret := bytes.Repeat([]byte{7}, 32)
	two := func(label string, groups ...slip39.Group) []slip39.Share {
		shares, err := slip39.Split(secret, nil, 1, groups, &stream{label: label})
		if err != nil {
			t.Fatal(err)
		}
		return shares[0]
	}
	of := slip39.Group{Threshold: 2, Count: 3}
	a, b := two("a", of), two("b", of)
	again := two("a", slip39.Group{Threshold: 3, Count: 3}) // the same identifier
	for name, tt := range map[string]struct {
		shares []slip39.Share
		want   string
	}{
		"another set":         {[]slip39.Share{a[0], b[1]}, "share 2, number 2 of those given, is of set "},
		"another threshold":   {[]slip39.Share{a[0], a[1], again[2]}, "share 3, number 3 of those given, says another threshold than share 1"},
		"same number":         {[]slip39.Share{a[0], forged(t, a[0])}, "share 1 is there twice, with other words"},
		"forged":              {[]slip39.Share{a[0], forged(t, a[1])}, "these shares do not belong together"},
		"forged, one to many": {[]slip39.Share{a[0], a[1], forged(t, a[2])}, "these shares do not belong together"},
		"one":                 {a[:1], "1 of the 2 shares that are needed are here"},
		"one, twice":          {[]slip39.Share{a[0], a[0]}, "1 of the 2 shares that are needed are here"},
		"none":                {nil, "there is no share"},
	} {
		got, err := slip39.Combine(tt.shares, nil)
		if got != nil || !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

// forged returns a share with another value and a checksum that holds: what somebody can
// make who knows the standard.
func forged(tb testing.TB, s slip39.Share) slip39.Share {
	tb.Helper()
	return slip39.Forge(s)
}

// TestEveryWrongWordIsFound changes each word, swaps neighbours and drops words.
func TestEveryWrongWordIsFound(t *testing.T) {
	t.Parallel()
	share := split(t, bytes.Repeat([]byte{1}, 32), "", 1, slip39.Group{Threshold: 2, Count: 2})[0][0]
	words := strings.Fields(share.Words())
	if len(words) != 33 || share.Facts().Words != 33 {
		t.Fatalf("got %d words, said %d, want 33", len(words), share.Facts().Words)
	}
	refused := func(what string, changed []string) {
		t.Helper()
		_, err := slip39.Parse(strings.Join(changed, " "))
		if !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", what, err)
		}
		if err != nil && strings.Contains(err.Error(), "nonsense") {
			t.Errorf("%s: the error quotes the share: %v", what, err)
		}
	}
	for i := range words {
		for _, other := range []string{"academic", "zero", "nonsense", "Zürich"} {
			if other == words[i] {
				continue
			}
			changed := append([]string{}, words...)
			changed[i] = other
			refused(fmt.Sprintf("word %d is %s", i+1, other), changed)
		}
		if i > 0 && words[i] != words[i-1] {
			changed := append([]string{}, words...)
			changed[i], changed[i-1] = changed[i-1], changed[i]
			refused(fmt.Sprintf("words %d and %d swapped", i, i+1), changed)
		}
		refused(fmt.Sprintf("without word %d", i+1), append(append([]string{}, words[:i]...), words[i+1:]...))
	}
	again := parse(t, "  "+strings.ToUpper(strings.Join(words, "\n "))+"\n")[0]
	if again.Words() != share.Words() {
		t.Error("case and white space matter")
	}
}

// TestImpossibleSharingsAreRefused checks the bounds of Split.
func TestImpossibleSharingsAreRefused(t *testing.T) {
	t.Parallel()
	good := bytes.Repeat([]byte{1}, 32)
	for name, tt := range map[string]struct {
		secret     []byte
		passphrase string
		threshold  int
		groups     []slip39.Group
	}{
		"short":              {good[:14], "", 1, []slip39.Group{{2, 3}}},
		"odd":                {good[:17], "", 1, []slip39.Group{{2, 3}}},
		"long":               {make([]byte, 66), "", 1, []slip39.Group{{2, 3}}},
		"passphrase":         {good, "ä", 1, []slip39.Group{{2, 3}}},
		"no group":           {good, "", 0, nil},
		"more than there is": {good, "", 1, []slip39.Group{{4, 3}}},
		"none needed":        {good, "", 1, []slip39.Group{{0, 3}}},
		"too many":           {good, "", 1, []slip39.Group{{2, 17}}},
		"one of three":       {good, "", 1, []slip39.Group{{1, 3}}},
		"two of one group":   {good, "", 2, []slip39.Group{{2, 3}}},
	} {
		if _, err := slip39.Split(tt.secret, []byte(tt.passphrase), tt.threshold, tt.groups, rand.Reader); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	if _, err := slip39.Split(good, nil, 1, []slip39.Group{{2, 3}}, bytes.NewReader(make([]byte, 20))); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("randomness that ends: got %v, want unavailable", err)
	}
}

// TestASharePrintsNothing looks for the words and the value in every way of printing.
func TestASharePrintsNothing(t *testing.T) {
	t.Parallel()
	share := split(t, bytes.Repeat([]byte{1}, 32), "", 1, slip39.Group{Threshold: 2, Count: 2})[0][0]
	if got := fmt.Sprintf("%v %+v %#v %s", share, share, share, share); got != "[share] [share] [share] [share]" {
		t.Errorf("got %s", got)
	}
}

// TestFieldIsTheOneOfAES checks the multiplication against the definition, and that each
// byte has its inverse.
func TestFieldIsTheOneOfAES(t *testing.T) {
	t.Parallel()
	slow := func(a, b int) int {
		product := 0
		for bit := range 8 {
			if b>>bit&1 == 1 {
				product ^= a << bit
			}
		}
		for bit := 14; bit >= 8; bit-- {
			if product>>bit&1 == 1 {
				product ^= 0x11b << (bit - 8)
			}
		}
		return product
	}
	for a := range 256 {
		for b := range 256 {
			if got, want := slip39.Multiply(byte(a), byte(b)), byte(slow(a, b)); got != want {
				t.Fatalf("%#x times %#x: got %#x, want %#x", a, b, got, want)
			}
		}
		if got := slip39.Multiply(byte(a), slip39.Invert(byte(a))); a > 0 && got != 1 {
			t.Errorf("%#x times its inverse: got %#x, want 1", a, got)
		}
	}
}

// TestSlip39Vectors makes sets with known randomness, which [TestPythonReadsOurShares] and
// its contrary compare with another program.
func TestSlip39Vectors(t *testing.T) {
	t.Parallel()
	var made []vectortest.Vector
	add := func(name, expect, passphrase, secret string, shares ...string) {
		fields := []string{"passphrase", passphrase, "secret", secret}
		for _, s := range shares {
			fields = append(fields, "share", s)
		}
		made = append(made, vectortest.New(name, expect, fields...))
	}
	for _, tt := range []struct {
		name, passphrase string
		size, threshold  int
		groups           []slip39.Group
		use              [][2]int
	}{
		{"one share, 128 bits", "", 16, 1, []slip39.Group{{1, 1}}, [][2]int{{0, 0}}},
		{"2 of 3, 256 bits", "", 32, 1, []slip39.Group{{2, 3}}, [][2]int{{0, 2}, {0, 0}}},
		{"3 of 5, all five, with a passphrase", "TREZOR ~", 32, 1, []slip39.Group{{3, 5}}, [][2]int{{0, 4}, {0, 3}, {0, 2}, {0, 1}, {0, 0}}},
		{"16 of 16", "", 32, 1, []slip39.Group{{16, 16}}, [][2]int{
			{0, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}, {0, 6}, {0, 7}, {0, 8}, {0, 9}, {0, 10}, {0, 11}, {0, 12}, {0, 13}, {0, 14}, {0, 15},
		}},
		{"2 of 3 groups, 512 bits", "", 64, 2, []slip39.Group{{1, 1}, {2, 3}, {3, 5}}, [][2]int{{0, 0}, {2, 1}, {2, 3}, {2, 0}}},
	} {
		secret := make([]byte, tt.size)
		known := &stream{label: tt.name}
		_, _ = known.Read(secret)
		shares, err := slip39.Split(secret, []byte(tt.passphrase), tt.threshold, tt.groups, known)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, at := range tt.use {
			words = append(words, shares[at[0]][at[1]].Words())
		}
		add(tt.name, vectortest.Success, tt.passphrase, hex.EncodeToString(secret), words...)
		if tt.name == "2 of 3, 256 bits" {
			add("one too few", "invalid", "", "", words[0])
			swapped := strings.Fields(words[1])
			swapped[9], swapped[10] = swapped[10], swapped[9]
			add("two words swapped", "invalid", "", "", words[0], strings.Join(swapped, " "))
			add("a share with another value and a sound checksum", "invalid", "", "", words[0], slip39.Forge(shares[0][0]).Words())
			add("padding that is not empty", "invalid", "", "", words[0], slip39.Pad(shares[0][0]))
			add("an exponent that would take hours", "unsupported", "", "", slip39.Slow(shares[0][0]), slip39.Slow(shares[0][1]))
			add("a threshold of more groups than there are", "invalid", "", "", slip39.NoGroup(shares[0][0]))
		}
	}
	const comment = "Shares of SLIP-0039 and the secret that they give. A failing vector fails in reading a share or in joining them."
	for _, v := range vectortest.Golden(t, *update, "slip39", comment, made) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			var shares []slip39.Share
			var err error
			for _, text := range v.All("share") {
				s, bad := slip39.Parse(text)
				err = errors.Join(err, bad)
				shares = append(shares, s)
			}
			var got []byte
			if err == nil {
				got, err = slip39.Combine(shares, []byte(v.Text(t, "passphrase")))
			}
			if v.Judge(t, err) && !bytes.Equal(got, v.Bytes(t, "secret")) {
				t.Errorf("got another secret")
			}
		})
	}
}

// FuzzParse reads anything: no panic; what is taken is written again in the same words.
func FuzzParse(f *testing.F) {
	for _, s := range split(f, bytes.Repeat([]byte{1}, 32), "", 1, slip39.Group{Threshold: 2, Count: 3})[0] {
		f.Add(s.Words())
	}
	f.Add(strings.Repeat("academic ", 20))
	f.Add(strings.Repeat("zero ", 59))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := slip39.Parse(text)
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got %v, want invalid", err)
			}
			return
		}
		if got, want := s.Words(), strings.Join(strings.Fields(strings.ToLower(text)), " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		_, _ = slip39.Check([]slip39.Share{s, s})
	})
}
