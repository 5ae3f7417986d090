package multipart_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	mathrand "math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/wire/multipart"
)

const related = `multipart/related; type="application/dicom"; boundary=`

// readAll returns the bodies of all parts.
// seen is what a sink saw.
type seen struct{ all []byte }

func (s *seen) Arrived(all []byte) {
	if !bytes.HasPrefix(all, s.all) && !bytes.HasPrefix(s.all, all) {
		panic("something else has arrived")
	}
	s.all = all
}

func readAll(in io.Reader, contentType string, limits multipart.Limits) (headers []multipart.Header, bodies [][]byte, err error) {
	r, err := multipart.NewReader(in, contentType, limits)
	if err != nil {
		return nil, nil, err
	}
	r.Sink = func(multipart.Header) multipart.Sink { return &seen{} }
	for {
		part, err := r.Next()
		if errors.Is(err, io.EOF) {
			return headers, bodies, nil
		}
		if err != nil {
			return headers, bodies, err
		}
		seen := part.Sink.(*seen).all
		if !bytes.Equal(seen, part.Body) {
			return headers, bodies, fmt.Errorf("%d bytes were seen to come of a body of %d", len(seen), len(part.Body))
		}
		headers, bodies = append(headers, part.Header), append(bodies, part.Body)
	}
}

func texts(bodies [][]byte) []string {
	var out []string
	for _, b := range bodies {
		out = append(out, string(b))
	}
	return out
}

// TestReaderTakesWhatRFC2046Allows reads bodies as clients write them.
func TestReaderTakesWhatRFC2046Allows(t *testing.T) {
	t.Parallel()
	const h = "Content-Type: application/dicom\r\n\r\n"
	for name, tt := range map[string]struct {
		boundary, body string
		want           []string
	}{
		"two parts":                        {"b", "--b\r\n" + h + "one\r\n--b\r\n" + h + "two\r\n--b--\r\n", []string{"one", "two"}},
		"no line's end behind the last":    {"b", "--b\r\n" + h + "one\r\n--b--", []string{"one"}},
		"preamble and epilogue":            {"b", "hello\r\n--b\r\n" + h + "one\r\n--b--\r\nbye --b\r\n", []string{"one"}},
		"line's end before the first":      {"b", "\r\n--b\r\n" + h + "one\r\n--b--", []string{"one"}},
		"quoted boundary with blanks":      {`"a b:c"`, "--a b:c\r\n" + h + "one\r\n--a b:c--", []string{"one"}},
		"blanks behind a boundary":         {"b", "--b \t \r\n" + h + "one\r\n--b\t\r\n" + h + "two\r\n--b--", []string{"one", "two"}},
		"no header":                        {"b", "--b\r\n\r\none\r\n--b--", []string{"one"}},
		"empty body":                       {"b", "--b\r\n" + h + "\r\n--b--", []string{""}},
		"empty body without its line":      {"b", "--b\r\n" + h + "--b\r\n" + h + "x\r\n--b--", []string{"", "x"}},
		"empty part without header":        {"b", "--b\r\n\r\n--b--", []string{""}},
		"no parts":                         {"b", "--b--\r\n", nil},
		"boundary as part of a longer one": {"b", "--b\r\n" + h + "1\r\n--bc\r\n2\r\n--b--", []string{"1\r\n--bc\r\n2"}},
		"line's ends in the body":          {"b", "--b\r\n" + h + "\r\n\r\n-\r\n--\r\n-b\r\n\r\n--b--", []string{"\r\n\r\n-\r\n--\r\n-b\r\n"}},
		"length given":                     {"b", "--b\r\nContent-Length: 3\r\n\r\none\r\n--b\r\ncontent-length:3\r\n\r\ntwo\r\n--b--", []string{"one", "two"}},
		"length too short":                 {"b", "--b\r\nContent-Length: 2\r\n\r\none\r\n--b\r\nContent-Length: 3\r\n\r\ntwo\r\n--b--", []string{"one", "two"}},
		"length too long":                  {"b", "--b\r\nContent-Length: 9\r\n\r\none\r\n--b\r\nContent-Length: 3\r\n\r\ntwo\r\n--b--", []string{"one", "two"}},
		"length beyond the end":            {"b", "--b\r\nContent-Length: 99999\r\n\r\none\r\n--b--", []string{"one"}},
		"length that is none":              {"b", "--b\r\nContent-Length: -1\r\n\r\none\r\n--b--", []string{"one"}},
		"folded header":                    {"b", "--b\r\nContent-Type: a/b;\r\n  c=d\r\n\r\none\r\n--b--", []string{"one"}},
		"longest boundary":                 {strings.Repeat("x", 70), "--" + strings.Repeat("x", 70) + "\r\n\r\none\r\n--" + strings.Repeat("x", 69) + "y\r\n--" + strings.Repeat("x", 70) + "--", []string{"one\r\n--" + strings.Repeat("x", 69) + "y"}},
	} {
		for how, in := range map[string]io.Reader{
			"at once": strings.NewReader(tt.body), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.body)),
			"end with data": iotest.DataErrReader(strings.NewReader(tt.body)), "halves": iotest.HalfReader(strings.NewReader(tt.body)),
		} {
			_, bodies, err := readAll(in, related+tt.boundary, multipart.Limits{})
			if got := texts(bodies); err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%s, %s: got %q, %v, want %q", name, how, got, err, tt.want)
			}
		}
	}
}

// TestReaderRefuses names the class of what is not taken.
func TestReaderRefuses(t *testing.T) {
	t.Parallel()
	limits := multipart.Limits{Parts: 3, PartBytes: 100, HeaderBytes: 200}
	part := "--b\r\n\r\nx\r\n"
	for name, tt := range map[string]struct {
		body string
		want error
	}{
		"nothing":                     {"", sinso.ErrCorrupt},
		"no boundary":                 {"hello", sinso.ErrCorrupt},
		"cut in the boundary":         {"--", sinso.ErrCorrupt},
		"cut behind the boundary":     {"--b", sinso.ErrCorrupt},
		"cut in the header":           {"--b\r\nContent-", sinso.ErrCorrupt},
		"cut in the body":             {"--b\r\n\r\nxxxx", sinso.ErrCorrupt},
		"cut in the last boundary":    {"--b\r\n\r\nxxxx\r\n--b", sinso.ErrCorrupt},
		"cut with its length given":   {"--b\r\nContent-Length: 9\r\n\r\nxxxx", sinso.ErrCorrupt},
		"length whole, no boundary":   {"--b\r\nContent-Length: 4\r\n\r\nxxxx", sinso.ErrCorrupt},
		"too many parts":              {strings.Repeat(part, 4) + "--b--", sinso.ErrInvalid},
		"body too long":               {"--b\r\n\r\n" + strings.Repeat("x", 101) + "\r\n--b--", sinso.ErrInvalid},
		"length beyond what it may":   {"--b\r\nContent-Length: 101\r\n\r\nx\r\n--b--", sinso.ErrInvalid},
		"header too long":             {"--b\r\nA: " + strings.Repeat("x", 300) + "\r\n\r\nx\r\n--b--", sinso.ErrInvalid},
		"header without end":          {"--b\r\nA: " + strings.Repeat("x", 1<<20), sinso.ErrInvalid},
		"too many fields":             {"--b\r\n" + strings.Repeat("A:\r\n", 65) + "\r\nx\r\n--b--", sinso.ErrInvalid},
		"preamble too long":           {strings.Repeat("x", 1<<20) + "\r\n--b--", sinso.ErrInvalid},
		"a field twice":               {"--b\r\nContent-Type: a/b\r\ncontent-type: c/d\r\n\r\nx\r\n--b--", sinso.ErrInvalid},
		"a line that is no field":     {"--b\r\nhello\r\n\r\nx\r\n--b--", sinso.ErrInvalid},
		"a zero byte in a field":      {"--b\r\nA: \x00\r\n\r\nx\r\n--b--", sinso.ErrInvalid},
		"a blank in a name":           {"--b\r\nA : y\r\n\r\nx\r\n--b--", sinso.ErrInvalid},
		"base64":                      {"--b\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--b--", sinso.ErrUnsupported},
		"a huge length and no more":   {"--b\r\nContent-Length: 9223372036854775807\r\n\r\nx", sinso.ErrInvalid},
		"header that ends everything": {"--b\r\nA: b\r\n", sinso.ErrCorrupt},
	} {
		_, _, err := readAll(strings.NewReader(tt.body), related+"b", limits)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "xxxx") {
			t.Errorf("%s: the error quotes the body: %v", name, err)
		}
	}
	broken := errors.New("broken")
	_, _, err := readAll(io.MultiReader(strings.NewReader("--b\r\n\r\nx"), iotest.ErrReader(broken)), related+"b", limits)
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the body", err)
	}
}

// TestContentTypeMustBeRelatedWithABoundary refuses what names no boundary.
func TestContentTypeMustBeRelatedWithABoundary(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{
		"", "multipart", "multipart/related", "multipart/related; boundary=", "multipart/mixed; boundary=b", `multipart/related; boundary="`,
		"multipart/related; boundary=a; boundary=b", "multipart/related; boundary=" + strings.Repeat("x", 129), "multipart/related; boundary=\"a \"",
		"multipart/related; boundary=\"a\tb\"", strings.Repeat("x", 2000), "multipart/related; boundary=a b", "a b/c; boundary=b",
	} {
		if _, err := multipart.NewReader(strings.NewReader(""), contentType, multipart.Limits{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%.50q: got %v, want ErrInvalid", contentType, err)
		}
	}
	r, err := multipart.NewReader(strings.NewReader(""), "Multipart/Related ; Boundary = \"x\\\"y\" ; TYPE=application/dicom+JSON", multipart.Limits{})
	if err != nil || r.Type != "application/dicom+json" {
		t.Errorf("got type %v, %v", r, err)
	}
}

// TestWriterAndReaderAgree writes parts that are full of what looks like boundaries,
// and finds them again; and a Sizer knows the length before.
func TestWriterAndReaderAgree(t *testing.T) {
	t.Parallel()
	random := mathrand.New(mathrand.NewPCG(1, 2))
	for range 300 {
		boundary, err := multipart.NewBoundary(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var parts [][]byte
		for range random.IntN(6) {
			parts = append(parts, tricky(random, boundary))
		}
		header := multipart.Header{{Name: "Content-Type", Value: "application/dicom"}, {Name: "Content-Location", Value: "a/b"}}
		var out bytes.Buffer
		w, size := multipart.NewWriter(&out, boundary), multipart.NewSizer(boundary)
		for _, part := range parts {
			if err := errors.Join(w.Write(header, part), size.Add(header, int64(len(part)))); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if size.Size() != int64(out.Len()) {
			t.Fatalf("the sizer said %d bytes, %d were written", size.Size(), out.Len())
		}
		body := out.String()
		if random.IntN(2) == 0 {
			body = strings.ReplaceAll(body, "Content-Length", "X-Length")
		}
		headers, got, err := readAll(strings.NewReader(body), w.ContentType("application/dicom"), multipart.Limits{})
		if err != nil || len(got) != len(parts) {
			t.Fatalf("got %d parts, %v, want %d", len(got), err, len(parts))
		}
		for i := range got {
			if !bytes.Equal(got[i], parts[i]) || headers[i].Get("content-location") != "a/b" {
				t.Fatalf("part %d of %d bytes came back as %d other bytes", i, len(parts[i]), len(got[i]))
			}
		}
	}
}

// tricky returns random bytes with beginnings of boundaries strewn in.
func tricky(random *mathrand.Rand, boundary string) []byte {
	var b []byte
	for range random.IntN(40) {
		noise := make([]byte, int(math.Pow(1.4, random.Float64()*30)))
		for i := range noise {
			noise[i] = byte(random.Uint32())
		}
		dash := "\r\n--" + boundary
		b = append(append(b, noise...), dash[:random.IntN(len(dash))]...)
	}
	return append(b, 'x')
}

func TestWriterRefusesWhatWouldForgeAHeader(t *testing.T) {
	t.Parallel()
	for _, h := range []multipart.Header{{{Name: "A", Value: "x\r\nB: y"}}, {{Name: "A\r\n", Value: "x"}}, {{Name: "", Value: "x"}}, {{Name: "A", Value: "\x00"}}} {
		if err := multipart.NewWriter(io.Discard, "b").Write(h, nil); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got %v, want ErrInvalid", h, err)
		}
	}
}

// TestPartsComeAsSoonAsTheyAreWhole hands a part out before the next one came.
func TestPartsComeAsSoonAsTheyAreWhole(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	defer func() { _ = in.Close() }()
	r, err := multipart.NewReader(in, related+"b", multipart.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		defer close(got)
		for {
			part, err := r.Next()
			if err != nil {
				return
			}
			got <- string(part.Body)
		}
	}()
	for i, text := range []string{"--b\r\nContent-Length: 3\r\n\r\none\r\n--b\r\n", "Content-Type: a/b\r\n\r\ntwo\r\n--b\r\n", "\r\nend\r\n--b--"} {
		if _, err := io.WriteString(out, text); err != nil {
			t.Fatal(err)
		}
		if want := []string{"one", "two", "end"}[i]; <-got != want {
			t.Errorf("part %d is not %q", i, want)
		}
	}
	if _, more := <-got; more {
		t.Error("there is another part")
	}
}

// allocated returns the bytes that the process allocates while fn runs.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemoryGrowsWithWhatCame announces much and sends little. It runs alone, too.
func TestMemoryGrowsWithWhatCame(t *testing.T) {
	body := "--b\r\nContent-Length: 2000000000\r\n\r\n" + strings.Repeat("x", 100)
	got := allocated(func() { _, _, _ = readAll(strings.NewReader(body), related+"b", multipart.Limits{}) })
	if got > 4<<20 {
		t.Errorf("%d bytes came, %d were allocated", len(body), got)
	}
}

// TestSmallPiecesCostLittle reads a body that comes byte by byte. It counts all that
// the process allocates, and so runs alone.
func TestSmallPiecesCostLittle(t *testing.T) {
	for _, header := range []string{"", "Content-Length: 100000\r\n"} {
		body := "--b\r\n" + header + "\r\n" + strings.Repeat("x", 100_000) + "\r\n--b--"
		got := allocated(func() {
			_, bodies, err := readAll(iotest.OneByteReader(strings.NewReader(body)), related+"b", multipart.Limits{})
			if err != nil || len(bodies[0]) != 100_000 {
				t.Error(err)
			}
		})
		if got > 1<<20 {
			t.Errorf("%d bytes came one by one, %d were allocated", len(body), got)
		}
	}
}

// TestBodiesAreTheCallersOwn changes one part and reads the next.
func TestBodiesAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	r, err := multipart.NewReader(strings.NewReader("--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--"), related+"b", multipart.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	one, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	one.Body = append(one.Body, strings.Repeat("!", 40)...)
	two, err := r.Next()
	if err != nil || string(two.Body) != "two" || !strings.HasPrefix(string(one.Body), "one!") {
		t.Errorf("got %q, %q, %v", one.Body, two.Body, err)
	}
}

func sample(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out, "bound")
	for i := range 3 {
		h := multipart.Header{{Name: "Content-Type", Value: `application/dicom; transfer-syntax="1.2"`}, {Name: "Content-Location", Value: fmt.Sprint("l/", i)}}
		if err := w.Write(h, bytes.Repeat([]byte("\r\n--boun"), 20*i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var fewBytes = multipart.Limits{Parts: 20, PartBytes: 1 << 16, HeaderBytes: 1 << 10}

// checkHostile reads anything twice, in different portions, and wants the same.
func checkHostile(t *testing.T, body []byte) {
	t.Helper()
	_, one, err1 := readAll(bytes.NewReader(body), related+"bound", fewBytes)
	_, two, err2 := readAll(iotest.OneByteReader(bytes.NewReader(body)), related+"bound", fewBytes)
	if (err1 == nil) != (err2 == nil) || !slices.EqualFunc(one, two, bytes.Equal) {
		t.Fatalf("%q: got %d parts, %v at once, and %d parts, %v byte by byte", body, len(one), err1, len(two), err2)
	}
	if len(one) > fewBytes.Parts {
		t.Fatalf("%d parts", len(one))
	}
	for _, class := range []error{sinso.ErrCorrupt, sinso.ErrInvalid, sinso.ErrUnsupported} {
		if err1 == nil || errors.Is(err1, class) {
			return
		}
	}
	t.Fatalf("%q: %v has no class", body, err1)
}

// TestMutantsAreReadOrRefused cuts, flips and lies about lengths.
func TestMutantsAreReadOrRefused(t *testing.T) {
	t.Parallel()
	whole := sample(t)
	random := mathrand.New(mathrand.NewPCG(3, 4))
	for range 2500 {
		body := bytes.Clone(whole)
		switch random.IntN(4) {
		case 0:
			body = body[:random.IntN(len(body))]
		case 1:
			for range 1 + random.IntN(4) {
				body[random.IntN(len(body))] ^= 1 << random.IntN(8)
			}
		case 2:
			n := []string{"0", "1", "319", "4294967295", "9223372036854775807", "-1", "99999999999999999999"}[random.IntN(7)]
			body = bytes.Replace(body, []byte("Content-Length: 160"), []byte("Content-Length: "+n), 1)
		default:
			at, from := random.IntN(len(body)), random.IntN(len(body))
			body = slices.Concat(body[:at], body[from:])
		}
		checkHostile(t, body)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte("--bound\r\n\r\n--bound--"))
	f.Fuzz(func(t *testing.T, body []byte) { checkHostile(t, body) })
}

func FuzzParseMedia(f *testing.F) {
	f.Add(`multipart/related; type="application/dicom"; transfer-syntax=*; q=0.5`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := multipart.ParseMedia(text)
		if err != nil && !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: %v has no class", text, err)
		}
		if err == nil && (m.Type != strings.ToLower(m.Type) || strings.Count(m.Type, "/") != 1) {
			t.Errorf("%q: got type %q", text, m.Type)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	slice := make([]byte, 525_000)
	random := mathrand.New(mathrand.NewPCG(5, 6))
	for i := range slice {
		slice[i] = byte(random.Uint32() >> 3)
	}
	for _, length := range []string{"Content-Length", "X-Length"} {
		var out bytes.Buffer
		w := multipart.NewWriter(&out, "BENCHBOUNDARY")
		for range 100 {
			if err := w.Write(multipart.Header{{Name: "Content-Type", Value: "application/dicom"}}, slice); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		body := bytes.ReplaceAll(out.Bytes(), []byte("Content-Length"), []byte(length))
		b.Run(length, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for range b.N {
				r, err := multipart.NewReader(bytes.NewReader(body), related+"BENCHBOUNDARY", multipart.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for {
					if _, err := r.Next(); err != nil {
						break
					}
					n++
				}
				if n != 100 {
					b.Fatal(n)
				}
			}
		})
	}
}
