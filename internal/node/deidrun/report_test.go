package deidrun

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestLinesSayWhatBecameOfEachFile reads the report as whoever uses it does.
func TestLinesSayWhatBecameOfEachFile(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	o := Options{In: in, Out: filepath.Join(t.TempDir(), "out"), Key: &[32]byte{7}, Reports: []string{filepath.Join(t.TempDir(), "r.jsonl")}}
	mustRun(t, o)
	text, err := os.ReadFile(o.Reports[0])
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	outs, series := map[string]int{}, 0
	for line := range bytes.Lines(text) {
		var got struct {
			In, Out, Detail string
			Reasons         []string
			Changes         []deid.Change
			Series          *judged
		}
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got.Series != nil {
			series++
			continue
		}
		names[got.In] = true
		if got.Out == "" {
			if got.Detail == "" || len(got.Reasons) != 1 || len(got.Changes) > 0 {
				t.Errorf("a file that was not read: got %s", line)
			}
			continue
		}
		outs[got.Out]++
		if _, err := os.Stat(got.Out); err != nil {
			t.Errorf("the report names a file that is not there: %v", err)
		}
		if withheld := filepath.Base(filepath.Dir(got.Out)) == withheldDir; withheld != (len(got.Reasons) > 0) || len(got.Changes) < 15 {
			t.Errorf("got %s", line)
		}
		name := deid.Change{Path: "(0010,0010)", Action: deid.Replaced, Cause: deid.ByTable}
		if !slices.Contains(got.Changes, name) {
			t.Errorf("the changes do not tell of the name: %s", line)
		}
	}
	if len(names) != want.Files || len(outs) != want.Clean+want.Withheld {
		t.Errorf("got %d names and %d files, want %d and %d", len(names), len(outs), want.Files, want.Clean+want.Withheld)
	}
	if series != 2 {
		t.Errorf("got %d lines of series, want 2", series)
	}
	if !names[filepath.Join(in, "packed")+"!/z/007"] {
		t.Error("an entry of the zip is not named")
	}
}

// pageOf runs and returns the page.
func pageOf(t *testing.T, in string, names, dry bool) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "r.html")
	mustRun(t, Options{In: in, Out: filepath.Join(t.TempDir(), "out"), Key: &[32]byte{7}, Reports: []string{path}, Names: names, DryRun: dry, Tool: "sinso test"})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestThePageStandsAlone: nothing in it comes from elsewhere or runs, and every
// element is closed.
func TestThePageStandsAlone(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	page := pageOf(t, in, false, false)
	if found := regexp.MustCompile(`(?i)<script|javascript:|https?://|\bsrc=|\bhref=|@import|url\(| on[a-z]+=|<link|<iframe`).FindString(page); found != "" {
		t.Errorf("the page holds %q", found)
	}
	if !strings.Contains(page, "default-src &#39;none&#39;; style-src &#39;sha256-") {
		t.Error("the page has no policy")
	}
	for _, text := range []string{
		fmt.Sprint(want.Clean, ` <span class="en" lang="en">de-identified`), fmt.Sprint("<p>", want.Files, " "), "已去标识", deid.Explain(deid.ReasonFace),
		"(0010,0010)", "Patient&#39;s Name", "sinso test", "2.25.",
	} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	open := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	if open != 0 {
		t.Errorf("%d elements are not closed", open)
	}
}

// TestThePageNamesOriginalsOnlyIfAsked with a name that would be markup.
func TestThePageNamesOriginalsOnlyIfAsked(t *testing.T) {
	t.Parallel()
	in := filepath.Join(t.TempDir(), "in")
	put(t, filepath.Join(in, "NOBODY<b>.dcm"), object{title: "BRAIN"}.part10(t))
	put(t, filepath.Join(in, "NOBODY<i>.txt"), []byte("x"))
	for _, dry := range []bool{false, true} {
		if page := pageOf(t, in, false, dry); strings.Contains(page, "NOBODY") || strings.Contains(page, "A dry run") != dry {
			t.Error("the page names an original, or does not say whether anything was written")
		}
		if page := pageOf(t, in, true, dry); strings.Count(page, "NOBODY&lt;") != 2 {
			t.Error("the page does not name both originals, or not as text")
		}
	}
}

// TestThePageStaysReadable makes many studies, series and reasons.
func TestThePageStaysReadable(t *testing.T) {
	t.Parallel()
	in := filepath.Join(t.TempDir(), "in")
	const studies, refused = 250, 150
	for i := range studies {
		put(t, filepath.Join(in, strconv.Itoa(i)), object{study: i, pixels: 1}.part10(t))
	}
	whole := object{pixels: 16}.part10(t)
	for i := range refused {
		put(t, filepath.Join(in, fmt.Sprint("cut", i)), whole[:len(whole)-1-i])
	}
	page := pageOf(t, in, false, true)
	if got := strings.Count(page, "<summary"); got != maxStudies {
		t.Errorf("got %d studies, want %d", got, maxStudies)
	}
	if !strings.Contains(page, fmt.Sprint("<p class=\"soft\">", studies-maxStudies, " <span")) {
		t.Error("the page does not say how many studies it leaves out")
	}
	if len(page) > 400<<10 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

// TestEveryReasonHasBothLanguages on the page.
func TestEveryReasonHasBothLanguages(t *testing.T) {
	t.Parallel()
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	reasons := append(deid.Reasons(), ingest.ReasonNotDICOM, ingest.ReasonCutOff, ingest.ReasonUnsupported, ingest.ReasonEmpty, ingest.ReasonUnreadable,
		ingest.ReasonTooLarge, ingest.ReasonDirectory, ingest.ReasonSystemFile, ingest.ReasonNotInstance)
	for _, reason := range reasons {
		text := w["reason."+string(reason)]
		if text.Zh == "" || text.En == "" && deid.Explain(reason) == "" {
			t.Errorf("reason %s: got %+v", reason, text)
		}
	}
	whys := []string{whyGone, deid.WhyProfile, deid.WhyVolume, deid.WhyEncoded}
	for _, why := range []deface.Failure{
		deface.FailedNoHead, deface.FailedNotSure, deface.FailedPose, deface.FailedNoFace, deface.FailedInside, deface.FailedVault, deface.FailedNear,
		deface.FailedKept, deface.FailedEven,
	} {
		whys = append(whys, string(why))
	}
	for _, why := range whys {
		if w[why].En == "" {
			t.Errorf("a face that stays: no text for %q", why)
		}
	}
	for key, text := range w {
		if text.Zh == "" || text.En == "" && !strings.HasPrefix(key, "reason.") {
			t.Errorf("text %s: got %+v", key, text)
		}
	}
}

// TestLeastDoesNotDependOnOrder adds the same keys in many orders.
func TestLeastDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	const k, keys = 5, 100
	for range 50 {
		l := newLeast[int](k)
		for _, i := range append(rand.Perm(keys), rand.Perm(keys)...) {
			if n := l.at(fmt.Sprintf("%03d", i)); n != nil {
				*n++
			}
		}
		got := map[string]int{}
		for _, key := range l.keys() {
			got[key] = *l.at(key)
		}
		want := map[string]int{"000": 2, "001": 2, "002": 2, "003": 2, "004": 2}
		if !maps.Equal(got, want) || l.leftOut() != keys-k {
			t.Fatalf("got %v and %d left out, want %v and %d", got, l.leftOut(), want, keys-k)
		}
	}
}

// TestRowsOfThePage sums elements at any depth, private ones, and groups that repeat.
func TestRowsOfThePage(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"(0010,0010)":                "0010,0010 Patient's Name",
		"(0008,1140)[0].(0008,1155)": "0008,1155 Referenced SOP Instance UID",
		"(0029,1001)":                "private ",
		"(6002,3000)":                "60xx,3000 Overlay Data",
		"nonsense":                   "nonsense ",
		"":                           " ",
	} {
		tag, name := rowOf(path)
		if diff := cmp.Diff(want, tag+" "+name); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", path, diff)
		}
	}
}

// FuzzJournalLine parses any bytes as a line of a journal, and as a record.
func FuzzJournalLine(f *testing.F) {
	j := &journal{}
	j.add(kindRecord, []byte(`{"id":"AAAAAAAAAAAAAAAAAAAAAA","file":"withheld/2.25.1-00.dcm"}`))
	f.Add(j.out.Bytes())
	f.Add([]byte("r 00000000 \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, whole := parseLine(data)
		if !whole {
			return
		}
		again := &journal{}
		again.add(l.kind, l.body)
		if !bytes.Equal(again.out.Bytes(), data) {
			t.Errorf("parsed and written again: got %q, want %q", again.out.Bytes(), data)
		}
		if rec, err := l.record(); err == nil {
			_ = rec.uid()
		}
	})
}
