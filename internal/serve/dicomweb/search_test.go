package dicomweb_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/serve/dicomweb"
	"sinso.dev/sinso/internal/wire/multipart"
)

// filled is a rig with two studies of person a, of 2 and 1 series, and one of b.
func filled(t testing.TB, edit ...func(*dicomweb.Config)) *rig {
	t.Helper()
	g := newRig(t, edit...)
	for _, s := range []slice{
		{uid: "2.25.13", number: 1},
		{uid: "2.25.14", number: 2},
		{uid: "2.25.15", number: 3, frames: 3},
		{series: "2.25.22", uid: "2.25.23", modality: "PT"},
		{study: "2.25.31", series: "2.25.32", uid: "2.25.33", modality: "MR"},
	} { // one by one: objects of one request are stored at the same time
		g.put("owner", s.bytes(t))
	}
	g.put("other", slice{study: "2.25.41", series: "2.25.42", uid: "2.25.43", name: "OTHER^PERSON", id: "OTHER-1"}.bytes(t))
	g.archive.openings()
	return g
}

// TestSearchReturnsTheMandatoryAttributes holds the answers against PS3.18 Tables
// 10.6.3-3 to 10.6.3-5.
func TestSearchReturnsTheMandatoryAttributes(t *testing.T) {
	t.Parallel()
	g := filled(t)
	study := map[string]string{
		"00080005": "ISO_IR 192", "00080020": "20240117", "00080056": "ONLINE", "00080061": "CT", "00100010": "PHANTOM^CHEST", "00100020": "PHANTOM-1",
		"0020000D": "2.25.11", "00201206": "2", "00201208": "4",
	}
	series := map[string]string{"00080060": "PT", "0020000E": "2.25.22", "00201209": "1", "0020000D": "2.25.11", "00080056": "ONLINE"}
	instance := map[string]string{
		"00080016": "1.2.840.10008.5.1.4.1.1.2", "00080018": "2.25.23", "00200013": "1", "00280010": "8", "00280011": "8", "00280100": "16", "00280008": "1",
		"0020000D": "2.25.11", "0020000E": "2.25.22", "00080056": "ONLINE",
	}
	at := "/studies/2.25.11"
	for path, tt := range map[string]struct {
		want []map[string]string
		url  string
		not  []string
	}{
		"/studies?StudyInstanceUID=2.25.11":                     {[]map[string]string{study}, at, []string{"0020000E", "00080018", "00081030.", "7FE00010"}},
		"/series?SeriesInstanceUID=2.25.22":                     {[]map[string]string{study, series}, at + "/series/2.25.22", []string{"00080018"}},
		"/instances?SOPInstanceUID=2.25.23":                     {[]map[string]string{study, series, instance}, at + "/series/2.25.22/instances/2.25.23", []string{"00281050", "7FE00010"}},
		at + "/series?SeriesInstanceUID=2.25.22":                {[]map[string]string{series}, at + "/series/2.25.22", []string{"00100010", "00201206"}},
		at + "/instances?SOPInstanceUID=2.25.23":                {[]map[string]string{series, instance}, at + "/series/2.25.22/instances/2.25.23", []string{"00100010"}},
		at + "/series/2.25.22/instances?SOPInstanceUID=2.25.23": {[]map[string]string{instance}, at + "/series/2.25.22/instances/2.25.23", []string{"00100010", "00201209"}},
	} {
		got := g.get(path, "Accept", "application/dicom+json")
		list := got.list(t)
		if len(list) != 1 {
			t.Fatalf("%s: %d objects", path, len(list))
		}
		for _, want := range tt.want {
			for tag, value := range want {
				if text := list[0].text(tag); text != value {
					t.Errorf("%s: %s is %q, want %q", path, tag, text, value)
				}
			}
		}
		if url := list[0].text("00081190"); url != g.url+tt.url {
			t.Errorf("%s: Retrieve URL %q, want %q", path, url, g.url+tt.url)
		}
		for _, tag := range tt.not {
			if _, ok := list[0][tag]; ok {
				t.Errorf("%s: %s is there without being asked for", path, tag)
			}
		}
		if at := bytes.Count(got.body, []byte(`"0020000D":`)); at != 1 {
			t.Errorf("%s: the Study Instance UID is there %d times", path, at)
		}
		tags := []string{}
		for _, part := range strings.Split(string(got.body), `":{"vr"`)[:len(list[0])] {
			tags = append(tags, part[strings.LastIndex(part, `"`)+1:])
		}
		if !slices.IsSorted(tags) {
			t.Errorf("%s: tags are not in order: %v", path, tags)
		}
	}
}

// TestSearchTakesKeysAsTheStandardSays counts what each query finds.
func TestSearchTakesKeysAsTheStandardSays(t *testing.T) {
	t.Parallel()
	g := filled(t)
	for query, want := range map[string]int{
		"/studies": 2, "/studies?StudyInstanceUID=2.25.31": 1, "/studies?0020000D=2.25.31": 1, "/studies?0020000d=2.25.31": 1,
		"/studies?StudyInstanceUID=2.25.31,2.25.11": 2, `/studies?StudyInstanceUID=2.25.31%5C2.25.11`: 2, "/studies?StudyInstanceUID=2.25.41": 0,
		"/studies?PatientName=PHANTOM*": 2, "/studies?PatientName=NOBODY": 0, "/studies?PatientID=": 2, "/studies?StudyDate=20240101-20240131": 2,
		"/studies?StudyDate=20250101-": 0, "/studies?limit=1": 1, "/studies?offset=1": 1, "/studies?offset=5": 0, "/studies?limit=1&offset=1": 1, "/studies?fuzzymatching=true": 2,
		"/series": 3, "/series?Modality=PT": 1, "/instances": 5, "/studies/2.25.11/series": 2, "/studies/2.25.11/instances": 4, "/studies/2.25.11/series/2.25.12/instances": 3,
		"/studies/2.25.41/series": 0, "/studies/2.25.9/series": 0, "/studies?RequestAttributesSequence.RequestedProcedureID=X": 2, "/studies?00400275.00401001=X": 2,
		"/studies?includefield=all": 2, "/studies?includefield=00081030,PatientSex&includefield=StudyID": 2,
	} {
		if list := g.get(query).list(t); len(list) != want {
			t.Errorf("%s: found %d, want %d", query, len(list), want)
		}
	}
	for _, query := range []string{
		"/studies?Nonsense=1", "/studies?PatientName=a&PatientName=b", "/studies?limit=-1", "/studies?limit=x", "/studies?offset=1.5", "/studies?fuzzymatching=perhaps",
		"/studies?includefield=Nonsense", "/studies?StudyInstanceUID=abc", "/studies?PatientName=%FF", "/studies?PatientName.PatientID=x", "/studies?00020010=x", "/studies?00100000=x",
		"/studies?PatientName=" + strings.Repeat("x", 2000), "/studies/2.25.11/series?StudyInstanceUID=2.25.31", "/studies?%zz",
	} {
		g.want(400, "owner", "GET", query, nil)
	}
	g.want(404, "owner", "GET", "/studies/not-a-uid/series", nil)
	for _, accept := range []string{"application/dicom+xml", `multipart/related; type="application/dicom+xml"`, "text/html", "application/dicom+json; q=0"} {
		g.want(406, "owner", "GET", "/studies", nil, "Accept", accept)
	}
	for _, accept := range []string{"application/dicom+json", "application/json", "*/*", "application/*", `multipart/related; type="application/dicom+xml", application/dicom+json; q=0.5`} {
		g.get("/studies", "Accept", accept)
	}
	if body := g.get("/studies?PatientName=NOBODY").body; string(body) != "[]" {
		t.Errorf("nothing found is %q", body)
	}
}

// TestSearchTellsWhatIsMissing sees the Warning fields of PS3.18 §8.3.4.4.
func TestSearchTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	g := filled(t, func(c *dicomweb.Config) { c.MaxResults = 4 })
	for query, want := range map[string]string{
		"/instances": "more results", "/instances?limit=2": "more results", "/instances?limit=100": "more results", "/instances?offset=1": "", "/studies": "", "/studies?limit=1": "more results",
		"/studies?RequestAttributesSequence.RequestedProcedureID=X": "not matched",
	} {
		warning := g.get(query).Header.Get("Warning")
		if want == "" && warning != "" || !strings.Contains(warning, want) || warning != "" && !strings.HasPrefix(warning, "299 ") {
			t.Errorf("%s: warning %q, want %q", query, warning, want)
		}
	}
	if n := len(g.get("/instances?limit=100").list(t)); n != 4 {
		t.Errorf("%d results, want the 4 that are given at most", n)
	}
}

// TestIncludeFieldAddsAttributes asks for some, and for all.
func TestIncludeFieldAddsAttributes(t *testing.T) {
	t.Parallel()
	g := filled(t)
	query := "/studies/2.25.11/series/2.25.12/instances?SOPInstanceUID=2.25.13"
	if one := g.get(query + "&includefield=WindowCenter,00281051").list(t)[0]; one.text("00281050") != "500" || one.text("00281051") != "1000" || one["00280004"].VR != "" {
		t.Errorf("got %v", one)
	}
	all := g.get(query + "&includefield=all").list(t)[0]
	if all.text("00281050") != "500" || all.text("00100010") != "PHANTOM^CHEST" || all["7FE00010"].BulkDataURI != g.url+"/studies/2.25.11/series/2.25.12/instances/2.25.13/bulkdata/7FE00010" {
		t.Errorf("got %v", all)
	}
	if one := g.get("/studies?StudyInstanceUID=2.25.11&SOPClassesInStudy=").list(t)[0]; one.text("00080062") == "" {
		t.Errorf("SOP Classes in Study are not there: %v", one)
	}
}

// TestConflictsAreListedOnce lists and retrieves the object that came first.
func TestConflictsAreListedOnce(t *testing.T) {
	t.Parallel()
	g := filled(t)
	old := slice{uid: "2.25.13", number: 1}.bytes(t)
	g.want(202, "owner", "POST", "/studies", stow("BOUND", slice{uid: "2.25.13", number: 9}.bytes(t)), "Content-Type", stowType)
	if n := len(g.archive.instances); n != 7 {
		t.Fatalf("%d instances are kept, want both", n)
	}
	series := "/studies/2.25.11/series/2.25.12"
	if n := len(g.get(series + "/instances").list(t)); n != 3 {
		t.Errorf("%d are listed, want 3", n)
	}
	for _, path := range []string{series, "/studies/2.25.11"} {
		metadata, parts := g.get(path+"/metadata").list(t), g.get(path).parts(t)
		if len(metadata) != len(parts) || len(parts) != map[string]int{series: 3, "/studies/2.25.11": 4}[path] {
			t.Errorf("%s: %d in metadata, %d parts", path, len(metadata), len(parts))
		}
		if !slices.ContainsFunc(parts, func(p multipart.Part) bool { return bytes.Equal(p.Body, old) }) {
			t.Errorf("%s: the object that came first is not there", path)
		}
		for _, one := range metadata {
			if one.text("00080018") == "2.25.13" && one.text("00200013") != "1" {
				t.Errorf("%s: metadata is not that of the first: %v", path, one)
			}
		}
	}
	if got := g.get(series+"/instances/2.25.13", "Accept", "application/dicom"); !bytes.Equal(got.body, old) {
		t.Error("another object than the first came back")
	}
}

// TestManyResultsKeepTheirOrder composes on several cores.
func TestManyResultsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	var objects [][]byte
	for i := range 200 {
		objects = append(objects, slice{uid: fmt.Sprint("2.25.1", 1000+i), number: i + 1}.bytes(t))
	}
	g.put("owner", objects...)
	list := g.get("/studies/2.25.11/instances").list(t)
	if len(list) != 200 {
		t.Fatalf("%d results", len(list))
	}
	for i, one := range list {
		if one.text("00200013") != strconv.Itoa(i+1) || one.text("00080018") != fmt.Sprint("2.25.1", 1000+i) {
			t.Fatalf("result %d is number %s", i, one.text("00200013"))
		}
	}
}

// TestUnicodeNamesComeBack keeps what is not ASCII, and what JSON escapes.
func TestUnicodeNamesComeBack(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	name := `Müller"^O\Übung=王^小東`
	g.put("owner", slice{edit: func(ds *dicom.Dataset) { ds.SetString(0x00100010, "PN", strings.ReplaceAll(name, `\`, "")) }}.bytes(t))
	one := g.get("/studies").list(t)[0]
	if got := one.text("00100010"); got != `Müller"^OÜbung` {
		t.Errorf("got %q", got)
	}
}
