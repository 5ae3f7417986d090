package node

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// known is what the attacker knows of one person: their original, with its pixels.
type known struct {
	file     []byte
	pixels   []byte
	names    []string // identifiers and UIDs: name, patient ID, accession number, instance, study, series, frame of reference
	at       int64    // seconds, of the study, in the order of which they came
	elements int
	study    sinso.StudyID
}

// shown is what may be seen of one release without its key: by whoever gets its offer, and
// by whoever sees its blocks go over the network.
type shown struct {
	offer  []byte
	order  sinso.Offer
	blocks [][]byte // its copy, the evidence and the manifest
}

// patients draws persons with a study each, of one scanner and one protocol, who differ in
// all that is removed: in how many elements that is, how long they are and what they say.
func patients(t *testing.T, n int) []*known {
	t.Helper()
	random := rand.New(rand.NewPCG(17, 4))
	text := func(most int) string { return strings.Repeat("N", 1+random.IntN(most)) }
	var out []*known
	for i := range n {
		ds := chestTree(t)
		at := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i*29+random.IntN(20)) * time.Hour) // as they came
		k := &known{at: at.Unix()}
		name := func(tag dicom.Tag, vr dicom.VR, value string) {
			ds.SetString(tag, vr, value)
			k.names = append(k.names, value)
		}
		name(0x00100010, dicom.VRPN, fmt.Sprintf("%s^QX%04d", text(30), i))
		name(0x00100020, dicom.VRLO, fmt.Sprintf("MRN%0*d", 5+random.IntN(12), 7000+i))
		name(0x00080050, dicom.VRSH, fmt.Sprintf("ACC%0*d", 5+random.IntN(6), 300+i))
		for _, tag := range []dicom.Tag{0x00080018, 0x0020000D, 0x0020000E, 0x00200052} {
			name(tag, dicom.VRUI, fmt.Sprintf("1.2.826.0.1.3680043.9.%d.%d", 1000+i, random.Uint32()))
		}
		for _, tag := range []dicom.Tag{0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00400244} {
			ds.SetString(tag, dicom.VRDA, at.Format("20060102"))
		}
		ds.SetString(0x00080030, dicom.VRTM, at.Format("150405"))
		ds.SetString(0x00104000, dicom.VRLT, text(4000))
		ds.SetString(0x00080080, dicom.VRLO, text(60))
		ds.SetString(0x00090010, dicom.VRLO, "SYNTHETIC 1.0")
		for extra := range random.IntN(60) { // private elements, all removed
			ds.SetString(dicom.Tag(0x00091010+uint32(extra)), dicom.VRLO, text(60))
		}
		pixels := ds.Find(0x7FE00010).Value
		for p := 0; p+1 < len(pixels); p += 2 {
			binary.LittleEndian.PutUint16(pixels[p:], uint16(900+random.IntN(200)))
		}
		var err error
		if k.file, err = dicom.Encode(dicom.ExplicitLittleEndian, ds); err != nil {
			t.Fatal(err)
		}
		k.pixels, k.elements = pixels, len(ds.Elements)
		out = append(out, k)
	}
	return out
}

// market imports the persons' studies as they came and sells them in another order.
func (tn *town) market(t *testing.T, persons []*known) []*shown {
	t.Helper()
	ctx := t.Context()
	n := tn.seller
	for _, k := range persons {
		result, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
			return fn(ingest.Found{Item: sinso.Item{Bytes: k.file}})
		}, ImportOptions{Actor: "test"})
		if err != nil || len(result.Studies) != 1 {
			t.Fatalf("%d studies, %v", len(result.Studies), err)
		}
		k.study = result.Studies[0]
	}
	out := make([]*shown, len(persons))
	for _, i := range rand.New(rand.NewPCG(3, 9)).Perm(len(persons)) {
		row, err := n.Release(ctx, persons[i].study, ReleaseOptions{Actor: "test", Price: testPrice})
		if err != nil || row.State != sinso.ReleaseIsRegistered {
			t.Fatalf("released %s: %v, %v", row.State, row.Withheld, err)
		}
		out[i] = &shown{}
	}
	orders, err := n.Orders(ctx, "")
	if err != nil || len(orders) != len(persons) {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	offered := map[sinso.Hash][]sinso.CID{} // the blocks of each order
	err = n.audit.Events(ctx, 0, func(e sinso.Event) error {
		if e.Type != sinso.EventOrdered {
			return nil
		}
		var body sinso.Ordered
		err := json.Unmarshal(e.Body, &body)
		offered[body.Hash] = body.Public
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range orders {
		row, err := n.ReleaseRow(ctx, order.Release)
		if err != nil {
			t.Fatal(err)
		}
		s := out[slices.IndexFunc(persons, func(k *known) bool { return k.study == row.Study })]
		s.offer = order.Offer
		if err := json.Unmarshal(order.Offer, &s.order); err != nil {
			t.Fatal(err)
		}
		for _, cid := range offered[order.Hash] {
			s.blocks = append(s.blocks, tn.public(t, "/ipfs/"+string(cid)+"?format=raw"))
		}
	}
	return out
}

// public asks the seller's node as anybody may.
func (tn *town) public(t *testing.T, path string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tn.seller.Config.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", path, response.Status, err)
	}
	return body
}

// chainSays is all that the chain tells of, in order, as JSON.
func (tn *town) chainSays(t *testing.T) (events [][]byte) {
	t.Helper()
	_, err := tn.seller.Chain.Events(t.Context(), 0, func(e sinso.ChainEvent) error {
		text, err := json.Marshal(e)
		events = append(events, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// publicBytes are all that the chain and the seller's node say to anybody, and what was offered.
func (tn *town) publicBytes(t *testing.T, all []*shown) (places map[string][]byte) {
	t.Helper()
	places = map[string][]byte{}
	for i, event := range tn.chainSays(t) {
		places[fmt.Sprint("event ", i)] = event
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/api/openapi.json"} {
		places[path] = tn.public(t, path)
	}
	for i, s := range all {
		places[fmt.Sprint("offer ", i)] = slices.Concat(s.offer, s.order.Opening, s.order.Proof.Leaf, slices.Concat(s.order.Proof.Path...))
		for j, block := range s.blocks {
			places[fmt.Sprintf("block %d of %d", j, i)] = block
		}
	}
	return places
}

// hashes are what may be made of bytes without a key.
func hashes(data []byte) [][]byte {
	five, one, two, three := md5.Sum(data), sha1.Sum(data), sha256.Sum256(data), eip712.Keccak(data)
	return [][]byte{five[:], one[:], two[:], three[:]}
}

// spelled are the ways in which bytes may be written.
func spelled(data []byte) [][]byte {
	return [][]byte{
		data, []byte(hex.EncodeToString(data)), []byte(strings.TrimRight(base64.StdEncoding.EncodeToString(data), "=")),
		[]byte(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(data))),
		[]byte(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(append([]byte{1, 0x55, 0x12, 0x20}, data...)))), // a CID
	}
}

// apart ranks both sides by a number of each and returns how many persons stand at the
// same place in both, and how far the orders go together, from -1 to 1 (Spearman). What is
// alike stands in an order of its own on each side.
func apart(n int, of, is func(int) float64) (same int, together float64) {
	rank := func(value func(int) float64, seed uint64) []int {
		order := rand.New(rand.NewPCG(seed, 5)).Perm(n)
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(value(a), value(b)) })
		at := make([]int, n)
		for place, i := range order {
			at[i] = place
		}
		return at
	}
	a, b := rank(of, 1), rank(is, 2)
	distance := 0.0
	for i := range n {
		if a[i] == b[i] {
			same++
		}
		distance += math.Pow(float64(a[i]-b[i]), 2)
	}
	return same, 1 - 6*distance/float64(n*(n*n-1))
}

// first reads the first bytes of something as a number, to rank by it.
func first(b []byte) float64 {
	return float64(binary.BigEndian.Uint32(append(slices.Clone(b), 0, 0, 0, 0)))
}

// TestPublicDataFindsNobodyBeyondChance lets an attacker who has every original, with its
// pixels, look at all that is public of as many sales, and at the sizes of all blocks that
// go over the network: no identifier, UID or hash of an original is there, and no order or
// size on one side goes with one on the other. Studies are sold in another order than they
// came; who sells them as they come tells that order.
func TestPublicDataFindsNobodyBeyondChance(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs a chain that runs for some seconds")
	}
	const n = 40
	persons := patients(t, n)
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := tn.market(t, persons)
	places := tn.publicBytes(t, all)
	told := map[string]int{} // where the chain tells of a token first
	for i := range len(tn.chainSays(t)) {
		for _, s := range all {
			token := s.order.Order.Token.String()
			if _, seen := told[token]; !seen && bytes.Contains(places[fmt.Sprint("event ", i)], []byte(token)) {
				told[token] = i
			}
		}
	}
	if len(told) != n {
		t.Fatalf("the chain tells of %d tokens, want %d", len(told), n)
	}
	findNames(t, persons, places)
	of := map[string]func(int) float64{
		"time of the study": func(i int) float64 { return float64(persons[i].at) }, "size of the file": func(i int) float64 { return float64(len(persons[i].file)) },
		"number of elements": func(i int) float64 { return float64(persons[i].elements) },
		"hash of the file":   func(i int) float64 { return first(hashes(persons[i].file)[2]) }, "hash of the pixels": func(i int) float64 { return first(hashes(persons[i].pixels)[2]) },
	}
	for j, what := range []string{"name", "patient ID", "accession number", "instance", "study"} {
		of[what] = func(i int) float64 { return first(hashes([]byte(persons[i].names[j]))[2]) }
		of["length of the "+what] = func(i int) float64 { return float64(len(persons[i].names[j])) }
	}
	is := map[string]func(int) float64{
		"place on the chain": func(i int) float64 { return float64(told[all[i].order.Order.Token.String()]) },
		"place in the log":   func(i int) float64 { return float64(all[i].order.Proof.Index) },
		"size of the offer":  func(i int) float64 { return float64(len(all[i].offer)) },
		"end of the offer":   func(i int) float64 { return float64(all[i].order.Order.EndsAt.Unix()) },
		"token":              func(i int) float64 { return first(all[i].order.Order.Token[:]) },
		"commitment":         func(i int) float64 { return first(all[i].order.Asset.Commitment[:]) },
		"key commitment":     func(i int) float64 { return first(all[i].order.Order.KeyCommitment[:]) },
		"seller":             func(i int) float64 { return first(all[i].order.Order.Seller[:]) },
		"payload":            func(i int) float64 { return first(all[i].order.Order.Payload[:]) },
	}
	for j, what := range []string{"copy", "evidence", "manifest"} {
		is["size of the "+what] = func(i int) float64 { return float64(len(all[i].blocks[j])) }
	}
	for known, a := range of {
		for public, b := range is {
			// By chance one person stands at the same place; more than most, or orders that
			// go together more than that, happen less than once in a million times.
			const most, bound = 9, 0.78
			if same, together := apart(n, a, b); same > most || math.Abs(together) > bound {
				t.Errorf("by the %s and the %s: %d of %d are found, the orders agree by %.2f", known, public, same, n, together)
			}
		}
	}
}

// findNames looks for identifiers, and hashes of them, of files and of pixels, in what is
// public.
func findNames(t *testing.T, persons []*known, places map[string][]byte) {
	t.Helper()
	for _, k := range persons {
		looked := slices.Concat(hashes(k.file), hashes(k.pixels))
		for _, name := range k.names {
			looked = append(append(looked, []byte(name)), hashes([]byte(name))...)
		}
		for _, what := range looked {
			for _, form := range spelled(what) {
				for place, data := range places {
					if bytes.Contains(data, form) {
						t.Errorf("%s: something of an original is there", place)
					}
				}
			}
		}
	}
}
