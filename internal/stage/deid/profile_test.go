package deid

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const bareProfile = "format = 1\nname = \"mine\"\ntable = \"PS3.15-2024b\"\n"

func parsed(tb testing.TB, more string) *Profile {
	tb.Helper()
	p, err := Parse([]byte(bareProfile + more))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestPresetsAreThereAndSayWhetherTheyMaySell(t *testing.T) {
	t.Parallel()
	want := map[string]int{"basic": 0, "research-sale": 0, "research-sale-defaced": 0, "teaching": 0, "registry": 2, "clinical-share": 4}
	if got := Presets(); len(got) != len(want) {
		t.Errorf("presets: got %v", got)
	}
	hashes := map[[32]byte]string{}
	for _, name := range Presets() {
		p, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(p.Limits()); got != want[name] || p.Name() != name || p.Title() == "" {
			t.Errorf("%s: called %q, %q; %d options make it limited data, want %d", name, p.Name(), p.Title(), got, want[name])
		}
		if other, twice := hashes[p.Hash()]; twice {
			t.Errorf("%s and %s have one hash", name, other)
		}
		hashes[p.Hash()] = name
	}
	if _, err := Preset("none"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a preset that is not there: %v", err)
	}
}

func TestProfileIsRefusedUnlessUnderstood(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"empty":                {"", sinso.ErrUnsupported},
		"no TOML":              {"format = [", sinso.ErrInvalid},
		"newer format":         {strings.Replace(bareProfile, "= 1", "= 2", 1), sinso.ErrUnsupported},
		"other table":          {strings.Replace(bareProfile, "2024b", "2031a", 1), sinso.ErrUnsupported},
		"name with a slash":    {strings.Replace(bareProfile, "mine", "../mine", 1), sinso.ErrInvalid},
		"misspelled key":       {bareProfile + "option = []\n", sinso.ErrInvalid},
		"misspelled option":    {bareProfile + "options = [\"retain-uid\"]\n", sinso.ErrInvalid},
		"both kinds of dates":  {bareProfile + "options = [\"retain-full-dates\", \"retain-modified-dates\"]\n", sinso.ErrInvalid},
		"shift of a week":      {bareProfile + "[dates]\nmax-shift-days = 7\n", sinso.ErrInvalid},
		"rule: no tag":         {bareProfile + "[[rule]]\ntag = \"PatientName\"\naction = \"remove\"\n", sinso.ErrInvalid},
		"rule: no action":      {bareProfile + "[[rule]]\ntag = \"(0018,1030)\"\naction = \"shred\"\n", sinso.ErrInvalid},
		"rule: twice":          {bareProfile + strings.Repeat("[[rule]]\ntag = \"(0018,1030)\"\naction = \"remove\"\n", 2), sinso.ErrInvalid},
		"rule: keeps a name":   {bareProfile + "[[rule]]\ntag = \"(0010,0010)\"\naction = \"keep\"\n", sinso.ErrInvalid},
		"rule: keeps private":  {bareProfile + "[[rule]]\ntag = \"(0009,1001)\"\naction = \"keep\"\n", sinso.ErrInvalid},
		"rule: keeps overlays": {bareProfile + "[[rule]]\ntag = \"(6000,3000)\"\naction = \"keep\"\n", sinso.ErrInvalid},
		"rule: no instance":    {bareProfile + "[[rule]]\ntag = \"(0008,0018)\"\naction = \"remove\"\n", sinso.ErrInvalid},
		"private: even group":  {bareProfile + "[[safe-private]]\ncreator = \"ACME\"\ngroup = \"0018\"\nelements = [\"01\"]\n", sinso.ErrInvalid},
		"private: no creator":  {bareProfile + "[[safe-private]]\ngroup = \"0019\"\nelements = [\"01\"]\n", sinso.ErrInvalid},
		"template: no boxes":   {bareProfile + "[[template]]\nmanufacturer = \"ACME\"\nrows = 10\ncolumns = 10\n", sinso.ErrInvalid},
		"template: outside":    {bareProfile + "[[template]]\nmanufacturer = \"ACME\"\nrows = 10\ncolumns = 10\nboxes = [[0, 0, 11, 5]]\n", sinso.ErrInvalid},
		"larger than a file":   {bareProfile + "# " + strings.Repeat("x", maxProfile), sinso.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse([]byte(tt.text)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestHashIsOfWhatIsDone: comments, order and spelling do not count; whatever changes
// a derivative does.
func TestHashIsOfWhatIsDone(t *testing.T) {
	t.Parallel()
	base := parsed(t, "options = [\"clean-descriptors\", \"retain-uids\"]\n[[rule]]\ntag = \"(0018,1030)\"\naction = \"remove\"\n")
	same := parsed(t, "title = \"other words\"\noptions = [\"retain-uids\", \"clean-descriptors\"] # in another order\n[[rule]]\ntag = \"00181030\"\naction = \"remove\"\nwhy = \"we do not like it\"\n")
	if base.Hash() != same.Hash() {
		t.Error("two spellings of one profile have two hashes")
	}
	for name, more := range map[string]string{
		"fewer options": "options = [\"clean-descriptors\"]\n[[rule]]\ntag = \"(0018,1030)\"\naction = \"remove\"\n",
		"another rule":  "options = [\"clean-descriptors\", \"retain-uids\"]\n[[rule]]\ntag = \"(0018,1030)\"\naction = \"empty\"\n",
		"a shift":       "options = [\"clean-descriptors\", \"retain-uids\"]\n[dates]\nmax-shift-days = 400\n[[rule]]\ntag = \"(0018,1030)\"\naction = \"remove\"\n",
	} {
		if parsed(t, more).Hash() == base.Hash() {
			t.Errorf("%s: the same hash", name)
		}
	}
}

func TestOwnRulesAreStricter(t *testing.T) {
	t.Parallel()
	p := parsed(t, `options = ["retain-patient-characteristics"]
[[rule]]
tag = "(0010,1030)"
action = "remove"
[[rule]]
tag = "(0018,0060)"
action = "empty"
[[rule]]
tag = "(0018,9999)"
action = "keep"
`)
	ds := chest(4)
	ds.SetString(0x00101030, dicom.VRDS, "70")
	ds.SetString(0x00101020, dicom.VRDS, "1.8")
	ds.SetString(0x00180060, dicom.VRDS, "120")
	_, tree := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
	if tree.Find(0x00101030) != nil {
		t.Error("the weight is there, and a rule removes it")
	}
	if e := tree.Find(0x00101020); e == nil || string(e.Value) != "1.8 " {
		t.Error("the size is not there, and an option retains it")
	}
	if e := tree.Find(0x00180060); e == nil || len(e.Value) != 0 {
		t.Error("KVP is not empty")
	}
}

// TestEveryDerivativeNamesItsProfile: each option by its code, and the hash.
func TestEveryDerivativeNamesItsProfile(t *testing.T) {
	t.Parallel()
	for _, name := range Presets() {
		p, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		file, tree := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, chest(4)), 1).Clean.Bytes)
		want := []string{"113100"}
		for _, option := range p.Options() {
			if option != CleanVisualFeatures { // there is no face in a chest
				want = append(want, optionCodes[option].value)
			}
		}
		if got := methodCodes(tree); !slices.Equal(got, want) {
			t.Errorf("%s: codes %v, want %v", name, got, want)
		}
		hash := p.Hash()
		method := file.Strings(tagMethod)
		if len(method) != 3 || method[1] != "SINSO_1 "+name || method[2] != hex.EncodeToString(hash[:]) {
			t.Errorf("%s: method %q", name, method)
		}
		for _, value := range method {
			if len(value) > 64 {
				t.Errorf("%q is longer than an LO", value)
			}
		}
	}
	for option, c := range optionCodes {
		if len(c.meaning) > 64 || len(c.value) != 6 {
			t.Errorf("%s: %q %q", option, c.value, c.meaning)
		}
	}
}

func TestRetainedUIDsStayAndTheFileNameDoesNotTell(t *testing.T) {
	t.Parallel()
	result := clean(t, profileWith(t, RetainUIDs), study(t)[0], 1)
	file, _ := read(t, result.Clean.Bytes)
	if got := file.String(tagSOPInstance); got != "1.2.3.4.1001" || file.MetaString(tagMetaSOPInstance) != got {
		t.Errorf("SOP Instance UID %q, in the meta information %q", got, file.MetaString(tagMetaSOPInstance))
	}
	if result.Clean.UID == "1.2.3.4.1001" {
		t.Error("the name that files get is the original UID")
	}
}

func TestSafePrivateElementsStay(t *testing.T) {
	t.Parallel()
	p := parsed(t, `options = ["retain-safe-private"]
[[safe-private]]
creator = "ACME"
group = "0019"
elements = ["01", "02", "03", "04", "05"]
`)
	ds := chest(4)
	planted := []struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
		stays bool
	}{
		{0x00190010, "LO", "SIEMENS MR HEADER", true},
		{0x0019100C, "IS", "1000", true},               // b value
		{0x0019100D, "CS", "DIRECTIONAL", true},        // on the list
		{0x00191008, "CS", "IMAGE NUM 4", false},       // of the block, and not on the list
		{0x00190011, "LO", "ACME", true},               // at another place
		{0x00191101, "DS", "0.5", true},                //
		{0x00191102, "CS", "for Mrs Doe", false},       // no code
		{0x00191103, "UN", "12.5\\7", true},            // a decimal, in an implicit file
		{0x00191104, "UN", "DOE^JANE", false},          // anything
		{0x00191105, "DA", "20240117", false},          // a date
		{0x00210010, "LO", "SIEMENS MR SDI 02", false}, // nothing of it is on the list
		{0x00211001, "DS", "0.5", false},
		{0x002110EE, "LO", "1", false},
		{0x00230010, "LO", "DOE^JANE", false}, // no creator
	}
	for _, e := range planted {
		ds.Set(dicom.DataElement{Tag: e.tag, VR: e.vr, Value: []byte(e.value + strings.Repeat(" ", len(e.value)%2))})
	}
	_, kept := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
	for _, e := range planted {
		if got := kept.Find(e.tag) != nil; got != e.stays {
			t.Errorf("%v %s %q: there %v, want %v", e.tag, e.vr, e.value, got, e.stays)
		}
	}
	_, tree := read(t, clean(t, newProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
	for _, e := range tree.Elements {
		if e.Tag.IsPrivate() {
			t.Errorf("%v is there without the option", e.Tag)
		}
	}
}

func TestResolveTellsOfEveryRow(t *testing.T) {
	t.Parallel()
	p, err := Preset("research-sale")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range p.Resolve() {
		got[row.Pattern] = row.Action
	}
	if len(got) != 621 {
		t.Errorf("%d rows, want 621", len(got))
	}
	for pattern, want := range map[string]string{
		"00100010": "empty", "00100020": "dummy", "00080018": "uid", "00080020": "shift", "00081030": "clean",
		"00100040": "keep", "0040a730": "clean", "odd": "clean", "50xxxxxx": "remove", "60xx3000": "clean",
	} {
		if got[pattern] != want {
			t.Errorf("%s: %s, want %s", pattern, got[pattern], want)
		}
	}
}
