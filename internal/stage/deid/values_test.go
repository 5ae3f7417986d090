package deid

import (
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// released is one object and its derivative, with every element that is not private by
// its path: (0008,1140)[0].(0008,1155).
type released struct {
	name          string
	before, after map[string]*dicom.DataElement
}

// flat lists the elements of a data set by their paths. What is inside of private
// sequences is left out.
func flattened(ds *dicom.Dataset) map[string]*dicom.DataElement {
	out := map[string]*dicom.DataElement{}
	var add func(ds *dicom.Dataset, prefix string)
	add = func(ds *dicom.Dataset, prefix string) {
		for i := range ds.Elements {
			e := &ds.Elements[i]
			if e.Tag.IsPrivate() {
				continue
			}
			path := prefix + e.Tag.String()
			out[path] = e
			for n := range e.Items {
				add(&e.Items[n], fmt.Sprintf("%s[%d].", path, n))
			}
		}
	}
	add(ds, "")
	return out
}

// release cleans objects under one release and returns those that may go.
func release(t *testing.T, p *Profile, objects map[string][]byte) []released {
	t.Helper()
	var out []released
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		result, err := p.Clean(t.Context(), sinso.Record{Bytes: objects[name]}, testRelease(3))
		if err != nil || len(result.Clean.Withheld) > 0 {
			continue
		}
		_, before := read(t, objects[name])
		_, after := read(t, result.Clean.Bytes)
		out = append(out, released{name, flattened(&before), flattened(&after)})
	}
	return out
}

func said(e *dicom.DataElement) string {
	if e == nil {
		return ""
	}
	return strings.Trim(string(e.Value), " \x00")
}

// measures are what a study is worth nothing without: how pixels become values and are
// shown, where they lie, when and how much was given and measured, and what was planned.
var measures = tags(`00080008 00080060 00101020 00101030 00180050 00180088 00181060 00181063 00181065 00181071 00181074 00181075 00181076 00181120 00181164 00181242 00181243
	00200012 00200013 00200032 00200037 00201041 00280002 00280008 00280009 00280010 00280011 00280030 00280034 00280100 00280101 00280102 00280103 00281050 00281051
	00281052 00281053 00281054 00540010 00540011 00540020 00540021 00540050 00540051 00540060 00540061 00540070 00540071 00540080 00540081 00540090 00540100 00540101
	00541000 00541001 00541002 00541101 00541102 00541300 00541310 00541321 00541322 00541323 00541330 0040a30a
	00620002 00620004 00620008 0062000e 0064000f 0070030c 30040002 30040004 3004000a 3004000c 3004000e 30040014 30040050 30040052 30040054 30060022 3006002c 30060042 30060046
	30060050 30060082 30060084 300600a4 300600c6 300a0026 300a0070 300a0078 300a0080 300a0086 300a00b4 300a00c0 300a00c6 300a0110 300a0112 300a0114 300a011c
	300a011e 300a0120 300a0122 300a012c 300a0134 300c0004 300c0006 300c006a`)

func tags(list string) map[dicom.Tag]bool {
	out := map[dicom.Tag]bool{}
	for _, word := range strings.Fields(list) {
		tag, err := parseTag(word)
		if err != nil {
			panic(err)
		}
		out[tag] = true
	}
	return out
}

// valuesLost lists what of the measures, and of all other numbers that the table does not
// name, is not in the derivative as it was.
func (r released) valuesLost(p *Profile) (lost []string, compared int) {
	for _, path := range slices.Sorted(maps.Keys(r.before)) {
		e := r.before[path]
		_, listed := p.rules[e.Tag]
		if patient := e.Tag == 0x00101020 || e.Tag == 0x00101030; patient && !p.options[RetainPatientCharacteristics] {
			continue
		}
		kind := kindOf(e.VR)
		number := kind == kindNumber || e.VR == dicom.VRDS || e.VR == dicom.VRIS
		inside := path
		if at := strings.LastIndex(path, "["); at >= 0 {
			inside = path[:at]
		}
		_, parent := r.after[inside]
		known := e.Tag.Group()&0xFF00 != 0x6000 && e.Tag.Group()&0xFF00 != 0x5000 && e.Tag.Element() != 0
		if _, is := dicom.Lookup(e.Tag); !is || e.Items != nil {
			known = false
		}
		if !known || e.Tag == tagPixelData || !measures[e.Tag] && (listed || !number || inside != path && !parent || r.dummy(p, path)) {
			continue
		}
		compared++
		if now := r.after[path]; now == nil || said(now) != said(e) {
			lost = append(lost, path)
		}
	}
	return lost, compared
}

// dummy reports whether the profile tells nothing of what is inside of a sequence on the
// path.
func (r released) dummy(p *Profile, path string) bool {
	for at := strings.Index(path, "["); at >= 0; {
		if rule, listed := p.rules[r.before[path[:at]].Tag]; listed && rule.verb == verbDummy {
			return true
		}
		next := strings.Index(path[at+1:], "[")
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return false
}

// dropped are sequences that the standard removes with all that they refer to: orders and
// steps, which are in no archive of images.
var dropped = []string{"(0008,1110)", "(0008,1111)", "(0008,1120)", "(0008,1125)", "(0008,1134)", "(0400,0561)", "(0400,0402)"}

// names maps the UID of every instance, study, series and frame of reference to what it
// is called in the release, and says where two became one or one became two.
func names(set []released) (of map[string]string, instances map[string]released, wrong []string) {
	of, instances = map[string]string{}, map[string]released{}
	back := map[string]string{}
	for _, r := range set {
		instances[said(r.before["(0008,0018)"])] = r
		for _, path := range []string{"(0008,0018)", "(0020,000D)", "(0020,000E)", "(0020,0052)"} {
			was, is := said(r.before[path]), said(r.after[path])
			if was == "" || wellKnownUID(was) {
				continue
			}
			if first, seen := of[was]; seen && first != is || was == is || is == "" {
				wrong = append(wrong, r.name+": "+path)
			}
			if first, seen := back[is]; seen && first != was {
				wrong = append(wrong, r.name+": "+path+" is another's")
			}
			of[was], back[is] = is, was
		}
	}
	return of, instances, wrong
}

// references counts the references to what is in the release that lead to the same object
// there, by the classes of both ends, and lists those that do not.
func references(set []released) (held map[string]int, broken []string) {
	of, instances, broken := names(set)
	held = map[string]int{}
	for _, r := range set {
		for _, path := range slices.Sorted(maps.Keys(r.before)) {
			e := r.before[path]
			to, known := of[said(e)]
			if e.VR != dicom.VRUI || !known || slices.ContainsFunc(dropped, func(s string) bool { return strings.Contains(path, s) }) {
				continue
			}
			if now := r.after[path]; now == nil || said(now) != to {
				broken = append(broken, r.name+": "+path)
				continue
			}
			if target, is := instances[said(e)]; is && path != "(0008,0018)" {
				held[said(r.before["(0008,0060)"])+" -> "+said(target.before["(0008,0060)"])]++
			}
		}
	}
	return held, broken
}

// TestValuesSurviveOnACorpus compares, for everything of the corpus and of pydicom's test
// files that may go, under the strictest preset and that of a sale, how it lies, what its values mean, doses, contours
// and timing, and where its references lead.
func TestValuesSurviveOnACorpus(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs pydicom, numpy, PIL, gdcmconv, dcmtk and fonts")
	}
	objects := corpus(t, 150)
	foreignFiles(t, func(t *testing.T, name string, raw []byte) {
		t.Helper()
		if _, err := dicom.Read(raw); err == nil {
			objects[name] = raw
		}
	})
	for _, preset := range []string{"basic", DefaultPreset} {
		t.Run(preset, func(t *testing.T) {
			t.Parallel()
			p, err := Preset(preset)
			if err != nil {
				t.Fatal(err)
			}
			set := release(t, p, objects)
			compared, modalities := 0, map[string]int{}
			for _, r := range set {
				lost, n := r.valuesLost(p)
				compared += n
				modalities[said(r.before["(0008,0060)"])]++
				for _, path := range lost {
					t.Errorf("%s: %s was %.40q", r.name, path, said(r.after[path]))
				}
			}
			t.Logf("%d values of %d objects: %v", compared, len(set), modalities)
			if len(set) < 40 || compared < 1000 {
				t.Errorf("only %d values of %d objects were compared", compared, len(set))
			}
			held, broken := references(set)
			t.Logf("references: %v", held)
			for _, path := range broken {
				t.Errorf("%s does not lead where it did", path)
			}
			for _, kind := range []string{"RTSTRUCT -> CT", "RTPLAN -> RTSTRUCT", "SEG -> CT", "SR -> CT"} {
				if p.options[CleanStructuredContent] && held[kind] == 0 {
					t.Errorf("no reference %s was there to hold", kind)
				}
			}
		})
	}
}

// corpus makes the files of scripts/deid.
func corpus(t *testing.T, files int) map[string][]byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "corpus")
	script := filepath.Join("..", "..", "..", "scripts", "deid", "corpus.py")
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", script, "--out", dir, "--files", strconv.Itoa(files), "--seed", "11")
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the corpus: %v\n%s", err, out)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "in", "*.dcm"))
	if err != nil || len(paths) < files {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	objects := map[string][]byte{}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		objects[filepath.Base(path)] = raw
	}
	return objects
}

// TestSlicesKeepTheirOrder: by position, by number and by time of acquisition a series has
// the same order as before.
func TestSlicesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	objects := map[string][]byte{}
	for n := range 24 {
		ds := chest(8)
		at := n * 7 % 24 // the order of the files is another
		ds.SetString(tagSOPInstance, dicom.VRUI, fmt.Sprintf("1.2.3.4.%d", 5000+at))
		ds.SetString(0x00200013, dicom.VRIS, strconv.Itoa(1+at))
		ds.SetString(0x00200032, dicom.VRDS, "-190", "-190", fmt.Sprint(-30+2.5*float64(at)))
		ds.SetString(tagStudyTime, dicom.VRTM, "113000")
		minutes := 23*60 + 50 + at // from before midnight on
		ds.SetString(0x00080022, dicom.VRDA, fmt.Sprintf("202401%02d", 17+minutes/1440))
		ds.SetString(0x00080032, dicom.VRTM, fmt.Sprintf("%02d%02d00", minutes/60%24, minutes%60))
		objects[fmt.Sprintf("%02d", n)] = part10(t, dicom.ExplicitLittleEndian, ds)
	}
	set := release(t, salesProfile(t), objects)
	if len(set) != 24 {
		t.Fatalf("%d of 24 slices are released", len(set))
	}
	for what, key := range map[string]func(map[string]*dicom.DataElement) float64{
		"position": func(of map[string]*dicom.DataElement) float64 { return decimals(of["(0020,0032)"].Value)[2] },
		"number":   func(of map[string]*dicom.DataElement) float64 { return decimals(of["(0020,0013)"].Value)[0] },
		"time": func(of map[string]*dicom.DataElement) float64 {
			clock, ok := clockOf(said(of["(0008,0032)"]))
			if !ok {
				return math.NaN()
			}
			return float64(daysOf(said(of["(0008,0022)"]))*daySeconds + clock)
		},
	} {
		by := func(side func(released) map[string]*dicom.DataElement) (order []string) {
			sorted := slices.Clone(set)
			slices.SortFunc(sorted, func(a, b released) int { return compare(key(side(a)), key(side(b))) })
			for _, r := range sorted {
				order = append(order, r.name)
			}
			return order
		}
		was := by(func(r released) map[string]*dicom.DataElement { return r.before })
		is := by(func(r released) map[string]*dicom.DataElement { return r.after })
		if !slices.Equal(was, is) {
			t.Errorf("by %s they were %v, are %v", what, was, is)
		}
	}
}
