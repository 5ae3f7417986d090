package json_test

import (
	"bytes"
	"encoding/base64"
	stdjson "encoding/json"
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

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
)

// attribute is one attribute of a DICOM JSON object.
type attribute struct {
	VR           string `json:"vr"`
	Value        []any
	InlineBinary string
	BulkDataURI  string
}

type object map[string]attribute

// answer is what pydicom says of one file.
type answer struct {
	Path, Error string
	JSON        stdjson.RawMessage
}

// ask runs pydicom over folders.
func ask(t *testing.T, arguments ...string) map[string]answer {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "/usr/bin/python3", append([]string{"testdata/oracle.py"}, arguments...)...).Output()
	if err != nil {
		t.Fatalf("pydicom cannot be asked: %v: install the Debian package python3-pydicom", err)
	}
	answers := map[string]answer{}
	for line := range bytes.Lines(out) {
		var a answer
		if err := stdjson.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		answers[a.Path] = a
	}
	return answers
}

func parse(t *testing.T, text []byte) object {
	t.Helper()
	var o object
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatalf("no JSON: %v", err)
	}
	return o
}

// all writes everything but pixel data inline.
var all = json.Options{InlineLimit: math.MaxInt, Keep: func(t dicom.Tag) bool { return t.Group() != 0x7FE0 || t.Element() == 1 || t.Element() == 2 }}

// notAsked is a file whose JSON pydicom cannot write: an IS in it is no number.
const notAsked = "badVR.dcm"

// TestEncodeWritesWhatPydicomWrites compares the JSON of every file that pydicom
// reads: tags, VRs, values at any depth.
func TestEncodeWritesWhatPydicomWrites(t *testing.T) {
	t.Parallel()
	files := pydicomFiles(t)
	answers := ask(t, "write", pydicomData+"/test_files", pydicomData+"/charset_files")
	compared := 0
	for path, f := range files {
		want, ok := answers[path]
		if !ok {
			t.Errorf("%s: pydicom does not see it", path)
			continue
		}
		if want.Error != "" {
			if filepath.Base(path) != notAsked {
				t.Errorf("%s: pydicom: %s", path, want.Error)
			}
			continue
		}
		got, err := json.Encode(f, all)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		for _, why := range compare(parse(t, got), parse(t, want.JSON), "") {
			t.Errorf("%s: %s", strings.TrimPrefix(path, pydicomData), why)
		}
	}
	if compared < 170 {
		t.Errorf("compared %d files only", compared)
	}
}

// compare says where an object of ours differs from pydicom's. Accepted is: group
// lengths are not in ours (PS3.18 F.2.2 forbids them); Specific Character Set says
// UTF-8; what the file calls UN, pydicom looks up in its private dictionary, and so
// do we only where the file is silent; IS, DS that are no JSON numbers are strings.
func compare(got, want object, path string) []string {
	var wrong []string
	for _, tag := range slices.Sorted(maps.Keys(want)) {
		w := want[tag]
		g, ok := got[tag]
		delete(got, tag)
		switch {
		case strings.HasSuffix(tag, "0000") || tag == "FFFCFFFC":
			if ok {
				wrong = append(wrong, path+tag+" should not be there")
			}
		case !ok:
			wrong = append(wrong, path+tag+" is missing")
		case tag == "00080005":
			if len(w.Value) > 0 && (len(g.Value) != 1 || g.Value[0] != "ISO_IR 192") {
				wrong = append(wrong, fmt.Sprint(path, tag, " says ", g.Value))
			}
		case g.VR != w.VR:
			if g.VR != "UN" && w.VR != "UN" || !strings.ContainsAny(tag[3:4], "13579BDF") {
				wrong = append(wrong, path+tag+" is "+g.VR+", want "+w.VR)
			}
		case g.VR == "SQ":
			wrong = append(wrong, compareItems(g.Value, w.Value, path+tag)...)
		case g.InlineBinary != w.InlineBinary && !sameBytes(g.InlineBinary, w.InlineBinary):
			wrong = append(wrong, fmt.Sprintf("%s%s: %s got binary %.40s, want %.40s", path, tag, g.VR, g.InlineBinary, w.InlineBinary))
		case !sameValues(g, w):
			wrong = append(wrong, fmt.Sprintf("%s%s: %s got %.200q, want %.200q", path, tag, g.VR, g.Value, w.Value))
		}
	}
	for tag := range got {
		if tag == "00080005" && path == "" {
			continue // text in the object is not ASCII
		}
		wrong = append(wrong, path+tag+" is too much")
	}
	return wrong
}

func compareItems(got, want []any, path string) []string {
	if len(got) != len(want) {
		return []string{fmt.Sprintf("%s: got %d items, want %d", path, len(got), len(want))}
	}
	var wrong []string
	for i := range got {
		wrong = append(wrong, compare(item(got[i]), item(want[i]), fmt.Sprintf("%s/%d/", path, i))...)
	}
	return wrong
}

// item turns an item that was read as a map into an object.
func item(v any) object {
	text, err := stdjson.Marshal(v)
	if err != nil {
		panic(err)
	}
	var o object
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		panic(err)
	}
	return o
}

// sameBytes compares base64 without the padding to an even length.
func sameBytes(a, b string) bool {
	x, err1 := base64.StdEncoding.DecodeString(a)
	y, err2 := base64.StdEncoding.DecodeString(b)
	return err1 == nil && err2 == nil && bytes.Equal(bytes.TrimRight(x, "\x00"), bytes.TrimRight(y, "\x00"))
}

func sameValues(g, w attribute) bool {
	got, want := g.Value, w.Value
	for len(got) > 0 && isEmpty(got[len(got)-1]) {
		got = got[:len(got)-1]
	}
	for len(want) > 0 && isEmpty(want[len(want)-1]) {
		want = want[:len(want)-1]
	}
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if text(g.VR, got[i]) != text(g.VR, want[i]) {
			return false
		}
	}
	return true
}

func isEmpty(v any) bool {
	m, ok := v.(map[string]any)
	return v == nil || v == "" || ok && len(m) == 0
}

// text is the form in which values are compared: numbers as the VR keeps them, text
// without padding.
func text(vr string, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case map[string]any:
		var groups []string
		for _, group := range []string{"Alphabetic", "Ideographic", "Phonetic"} {
			s, _ := v[group].(string)
			groups = append(groups, strings.TrimSpace(s))
		}
		return strings.TrimRight(strings.Join(groups, "="), "=")
	case string:
		s := strings.ReplaceAll(strings.Trim(v, " \x00"), "\r\n", "\n")
		if n, err := strconv.ParseFloat(s, 64); err == nil && (vr == "DS" || vr == "IS" || vr[0] == 'F') {
			return fmt.Sprint(n)
		}
		return s
	case stdjson.Number:
		n, err := v.Float64()
		if err != nil {
			return v.String()
		}
		if vr == "FL" {
			return fmt.Sprint(float32(n) + 0) // no minus zero
		}
		return fmt.Sprint(n + 0)
	default:
		return fmt.Sprint(v)
	}
}

// TestPydicomReadsWhatIsEncoded lets pydicom read our JSON of each file and write it
// again: it is the same.
func TestPydicomReadsWhatIsEncoded(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ours := map[string][]byte{}
	for path, f := range pydicomFiles(t) {
		text, err := json.Encode(f, all)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(folder, strings.ReplaceAll(strings.TrimPrefix(path, pydicomData), "/", "_")+".json")
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		ours[name] = text
	}
	for name, got := range ask(t, "read", folder) {
		want := ours[name]
		delete(ours, name)
		if got.Error != "" {
			if !strings.Contains(name, notAsked) {
				t.Errorf("%s: pydicom: %s", name, got.Error)
			}
			continue
		}
		for _, why := range compare(parse(t, want), parse(t, got.JSON), "") {
			t.Errorf("%s: %s", filepath.Base(name), why)
		}
	}
	if len(ours) > 0 {
		t.Errorf("pydicom did not look at %d files", len(ours))
	}
}

// TestDecodeReadsWhatPydicomWrites reads pydicom's JSON of each file and writes it
// again: it is the same.
func TestDecodeReadsWhatPydicomWrites(t *testing.T) {
	t.Parallel()
	pydicomFiles(t)
	read := 0
	for path, want := range ask(t, "write", pydicomData+"/test_files", pydicomData+"/charset_files") {
		if want.Error != "" {
			continue
		}
		ds, err := json.Decode(want.JSON, nil)
		if err != nil {
			t.Errorf("%s: %v", strings.TrimPrefix(path, pydicomData), err)
			continue
		}
		read++
		got, err := json.EncodeDataset(ds, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, why := range compare(parse(t, got), parse(t, want.JSON), "") {
			t.Errorf("%s: %s", strings.TrimPrefix(path, pydicomData), why)
		}
	}
	if read < 165 {
		t.Errorf("read %d files only", read)
	}
}

// TestDecodeReadsWhatIsEncoded writes and reads every file: the data set is the same
// but for its character set, which is UTF-8.
func TestDecodeReadsWhatIsEncoded(t *testing.T) {
	t.Parallel()
	for path, f := range pydicomFiles(t) {
		first, err := json.Encode(f, all)
		if err != nil {
			t.Fatal(err)
		}
		ds, err := json.Decode(first, nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		again, err := json.Encode(read(t, ds), all)
		if err != nil {
			t.Fatal(err)
		}
		for _, why := range compare(parse(t, again), parse(t, first), "") {
			t.Errorf("%s: %s", strings.TrimPrefix(path, pydicomData), why)
		}
	}
}
