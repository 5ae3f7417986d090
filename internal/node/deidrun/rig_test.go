package deidrun

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// object says what a test's object is. All people in it are invented.
type object struct {
	study, number int
	instance      string // its SOP Instance UID; "": made of the numbers
	person        string
	comment       string  // leaves no trace in the derivative
	kernel        string  // stays in the derivative
	title         string  // names the part of the body; "-": nothing does
	across        float64 // mm; of the round body in it
	pixels        int     // a side; 0: 8
}

// part10 writes the object.
func (o object) part10(t testing.TB) []byte {
	t.Helper()
	if o.instance == "" {
		o.instance = fmt.Sprintf("1.2.3.%d.1.%d", o.study, o.number)
	}
	if o.pixels == 0 {
		o.pixels = 8
	}
	var ds dicom.Dataset
	for _, e := range []struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
	}{
		{0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`},
		{0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"},
		{0x00080018, "UI", o.instance},
		{0x00080060, "CS", "CT"},
		{0x00100010, "PN", "NOBODY^" + o.person},
		{0x00100020, "LO", fmt.Sprintf("U-%d", o.study)},
		{0x00204000, "LT", o.comment},
		{0x00180015, "CS", map[bool]string{false: "CHEST"}[o.title == "-"]},
		{0x00181210, "SH", o.kernel},
		{0x00081030, "LO", strings.Trim(o.title, "-")},
		{0x0020000D, "UI", fmt.Sprintf("1.2.3.%d", o.study)},
		{0x0020000E, "UI", fmt.Sprintf("1.2.3.%d.1", o.study)},
		{0x00200013, "IS", strconv.Itoa(o.number)},
		{0x00200037, "DS", `1\0\0\0\1\0`},
		{0x00280004, "CS", "MONOCHROME2"},
		{0x00280030, "DS", `4\4`},
		{0x00281052, "DS", "-1024"},
		{0x00281053, "DS", "1"},
	} {
		if e.value != "" {
			ds.SetString(e.tag, e.vr, e.value)
		}
	}
	side := uint16(o.pixels)
	for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: side, 0x00280011: side, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, v)})
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: o.round()})
	out, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// round draws a round body, 4 mm a pixel.
func (o object) round() []byte {
	out := make([]byte, 0, 2*o.pixels*o.pixels)
	for i := range o.pixels * o.pixels {
		x, y := 4*float64(i%o.pixels-o.pixels/2), 4*float64(i/o.pixels-o.pixels/2)
		hu := -1000
		if 4*(x*x+y*y) <= o.across*o.across {
			hu = 40
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(hu+1024))
	}
	return out
}

func put(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// inMemory returns a folder whose files cost no disk, where there is one: a process
// that is killed loses as much there as on a disk.
func inMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "deidrun-*") //nolint:usetesting // t.TempDir is on the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// mixed fills a folder with some of everything, and returns what is to become of it.
func mixed(t testing.TB) (in string, want Result) {
	t.Helper()
	in = filepath.Join(inMemory(t), "in")
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for i := range 60 {
		put(t, filepath.Join(in, fmt.Sprintf("P%d/%03d.dcm", i%3, i)), object{study: i % 3, number: i}.part10(t))
		w, err := z.Create(fmt.Sprintf("z/%03d", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(object{study: 10 + i%2, number: i}.part10(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(in, "packed"), packed.Bytes())
	for i := range 5 { // of a head's size, of a trunk's
		put(t, filepath.Join(in, fmt.Sprintf("unnamed/%d", i)), object{study: 20, number: i, title: "-", across: 190, pixels: 100}.part10(t))
		put(t, filepath.Join(in, fmt.Sprintf("unnamed/%d-", i)), object{study: 21, number: i, title: "-", across: 330, pixels: 100}.part10(t))
	}
	for i := range 3 { // one UID, three contents, one of them twice
		put(t, filepath.Join(in, fmt.Sprintf("same/%d", i)), object{study: 30, instance: "1.2.3.30.9", kernel: fmt.Sprint("B", i)}.part10(t))
	}
	put(t, filepath.Join(in, "same/again"), object{study: 30, instance: "1.2.3.30.9", kernel: "B1", person: "ELSE"}.part10(t))
	// One derivative, of which one original names a head, by a word that is a name too and does not stay.
	put(t, filepath.Join(in, "fate/1"), object{study: 31, instance: "1.2.3.31.9"}.part10(t))
	put(t, filepath.Join(in, "fate/2"), object{study: 31, instance: "1.2.3.31.9", title: "BRAIN", person: "BRAIN"}.part10(t))
	put(t, filepath.Join(in, "text.txt"), []byte("no object"))
	put(t, filepath.Join(in, ".DS_Store"), []byte("x"))
	put(t, filepath.Join(in, "cut.dcm"), object{study: 1, number: 99}.part10(t)[:300])
	for link, to := range map[string]string{"link.dcm": "P0/000.dcm", "folder": "P0", "gone": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(in, link)); err != nil {
			t.Fatal(err)
		}
	}
	want = Result{Files: 142, Clean: 128, Withheld: 6, Refused: 4, Skipped: 1, Duplicates: 3, Conflicts: 2}
	return in, want
}

// tree returns the hash of every file below OUT, without the run's state.
func tree(t testing.TB, out string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == stateDir {
				return filepath.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		files[strings.TrimPrefix(path, out+"/")] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// reportOf returns the lines of a report, sorted, with OUT as it is called here.
func reportOf(t testing.TB, path, out string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(text), out+"/", "OUT/")), "\n")
	slices.Sort(lines)
	return lines
}

// same compares what the two runs made but for what an earlier run had done.
func (r Result) same(other Result) bool {
	return r.Files == other.Files && r.Clean == other.Clean && r.Withheld == other.Withheld && r.Refused == other.Refused && r.Skipped == other.Skipped &&
		r.Duplicates == other.Duplicates && r.Conflicts == other.Conflicts && r.Faceless == other.Faceless && (len(other.Reasons) == 0 || maps.Equal(r.Reasons, other.Reasons))
}

// childEnv holds the run that this test binary does as a child, in JSON.
const childEnv = "DEIDRUN_TEST_CHILD"

// child is a run in a process of its own.
type child struct {
	In, Out, Report string
	Key             *[32]byte
	Profile         string // a preset; "": the default
	Jobs            int
	KillAt          int64 // the step before which it ends by SIGKILL; 0: never
}

// told is what a child says at its end.
type told struct {
	Result Result
	Steps  int64
	Err    string
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		var c child
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		c.live()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func (c child) live() {
	var steps atomic.Int64
	o := Options{In: c.In, Out: c.Out, Key: c.Key, Jobs: c.Jobs, step: func() {
		if steps.Add(1) == c.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}}
	if c.Profile != "" {
		var err error
		if o.Profile, err = deid.Preset(c.Profile); err != nil {
			panic(err)
		}
	}
	if c.Report != "" {
		o.Reports = []string{c.Report}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	result, err := Run(ctx, o)
	end := told{Result: result, Steps: steps.Load()}
	if err != nil {
		end.Err = err.Error()
	}
	text, err := json.Marshal(end)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

// lead runs a child, and returns nil if it was killed: by itself, or after a time.
func (c child) lead(t testing.TB, after time.Duration) (*told, *os.ProcessState) {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
	}
	if err := cmd.Wait(); err != nil {
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
			return nil, cmd.ProcessState
		}
		t.Fatalf("child: %v\n%s", err, errOut.String())
	}
	end := new(told)
	if err := json.Unmarshal(out.Bytes(), end); err != nil {
		t.Fatalf("child said %q: %v", out.String(), err)
	}
	if end.Err != "" {
		t.Fatalf("child: %s", end.Err)
	}
	return end, cmd.ProcessState
}
