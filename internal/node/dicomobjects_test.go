package node

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

const pydicomFiles = "/usr/lib/python3/dist-packages/pydicom/data/test_files"

// realFile is one of pydicom's test files.
type realFile struct {
	path   string
	bytes  []byte
	object *dimse.Object
}

// realFiles returns those that are objects with names, one of each name.
func realFiles(tb testing.TB) (files []realFile) {
	tb.Helper()
	seen, stored := map[string]bool{}, dicom.StorageClasses()
	err := filepath.WalkDir(pydicomFiles, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o, err := dimse.ParseObject(b)
		if err != nil || seen[o.SOPInstance] || len(o.Data)%2 != 0 || !slices.Contains(stored, o.SOPClass) {
			return nil //nolint:nilerr // no object to store
		}
		seen[o.SOPInstance] = true
		files = append(files, realFile{path, b, o})
		return nil
	})
	if err != nil || len(files) < 50 {
		tb.Fatalf("python3-pydicom: %d files, %v: scripts/test-deps installs it", len(files), err)
	}
	return files
}

// written puts files into a folder, and returns their paths.
func written(tb testing.TB, files ...[]byte) (paths []string) {
	tb.Helper()
	dir := tb.TempDir()
	for i, b := range files {
		path := filepath.Join(dir, fmt.Sprintf("%03d.dcm", i))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			tb.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// filesIn reads what a peer wrote into a folder, by SOP Instance UID.
func filesIn(tb testing.TB, dir string) map[string]*dimse.Object {
	tb.Helper()
	found := map[string]*dimse.Object{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o, err := dimse.ParseObject(b)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		found[o.SOPInstance] = o
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// image says what a synthetic object is.
type image struct {
	patient, name, study, series, uid string // the last three are parts of UIDs
	modality, date, accession         string
	step                              string // Scheduled Procedure Step ID, in a sequence
	charset                           string
	size                              int
	syntax                            string
}

const syntheticRoot = "1.2.826.0.1.3680043.10.1299."

var classes = map[string]string{
	"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4", "US": "1.2.840.10008.5.1.4.1.1.6.1", "OT": "1.2.840.10008.5.1.4.1.1.7",
}

// file writes the object.
func (i image) file(tb testing.TB) []byte {
	tb.Helper()
	var ds dicom.Dataset
	text := func(tag dicom.Tag, vr dicom.VR, value string) {
		if value != "" {
			ds.SetString(tag, vr, value)
		}
	}
	text(0x00080005, dicom.VRCS, i.charset)
	text(0x00080016, dicom.VRUI, classes[i.modality])
	text(0x00080018, dicom.VRUI, syntheticRoot+i.study+"."+i.series+"."+i.uid)
	text(0x00080020, dicom.VRDA, i.date)
	text(0x00080050, dicom.VRSH, i.accession)
	text(0x00080060, dicom.VRCS, i.modality)
	text(0x00081030, dicom.VRLO, "SYNTHETIC "+i.modality)
	text(0x00100010, dicom.VRPN, i.name)
	text(0x00100020, dicom.VRLO, i.patient)
	text(0x0020000D, dicom.VRUI, syntheticRoot+i.study)
	text(0x0020000E, dicom.VRUI, syntheticRoot+i.study+"."+i.series)
	text(0x00200011, dicom.VRIS, i.series)
	text(0x00200013, dicom.VRIS, i.uid)
	if i.step != "" {
		var item dicom.Dataset
		item.SetString(0x00400009, dicom.VRSH, i.step)
		ds.Set(dicom.DataElement{Tag: 0x00400275, VR: dicom.VRSQ, Items: []dicom.Dataset{item}})
	}
	side := 16
	for side*side*2 < i.size {
		side *= 2
	}
	number := func(tag dicom.Tag, v int) {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{byte(v), byte(v >> 8)}})
	}
	number(0x00280002, 1)
	text(0x00280004, dicom.VRCS, "MONOCHROME2")
	number(0x00280010, side)
	number(0x00280011, side)
	number(0x00280100, 16)
	number(0x00280101, 12)
	number(0x00280102, 11)
	number(0x00280103, 0)
	pixels := make([]byte, side*side*2)
	for at := 0; at < len(pixels); at += 2 {
		v := (at/2)%side*16 + len(i.uid)
		pixels[at], pixels[at+1] = byte(v), byte(v>>8)&0x0F
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: pixels})
	if i.syntax == "" {
		i.syntax = dicom.ExplicitLittleEndian
	}
	b, err := dicom.Encode(i.syntax, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// studyOf returns the objects of one study with one series.
func studyOf(tb testing.TB, study string, objects, size int) (files [][]byte) {
	tb.Helper()
	for i := range objects {
		files = append(files, image{
			patient: "P-" + study, name: "SYNTHETIC^" + study, study: study, series: "1", uid: strconv.Itoa(i + 1),
			modality: "CT", date: "20200102", size: size,
		}.file(tb))
	}
	return files
}

// sameData wants objects with the data sets of files.
func sameData(tb testing.TB, got map[string]*dimse.Object, files ...[]byte) {
	tb.Helper()
	if len(got) != len(files) {
		tb.Errorf("%d objects came, want %d", len(got), len(files))
	}
	for i, file := range files {
		want, err := dimse.ParseObject(file)
		if err != nil {
			tb.Fatal(err)
		}
		switch o := got[want.SOPInstance]; {
		case o == nil:
			tb.Errorf("object %d did not come", i)
		case o.Syntax != want.Syntax:
			tb.Errorf("object %d came in %s, want %s", i, o.Syntax, want.Syntax)
		case !bytes.Equal(o.Data, want.Data):
			tb.Errorf("object %d came with another data set: %d bytes, want %d", i, len(o.Data), len(want.Data))
		}
	}
}

// catcher is a peer of this process that takes all that is sent.
func catcher(tb testing.TB, title string, known func(syntax string) bool) (port string, got func() map[string]*dimse.Object) {
	tb.Helper()
	var mu sync.Mutex
	caught := map[string]*dimse.Object{}
	server, err := dimse.NewServer(dimse.Config{
		Options: dimse.Options{AETitle: title}, Supports: func(string) bool { return true }, KnownSyntax: known,
		Store: func(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
			mu.Lock()
			defer mu.Unlock()
			caught[r.SOPInstance] = &dimse.Object{
				SOPClass: r.SOPClass, SOPInstance: r.SOPInstance, Syntax: r.Syntax, Data: bytes.Clone(r.Data()),
			}
			return dimse.StatusSuccess
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			tb.Error(err)
		}
	})
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	return port, func() map[string]*dimse.Object {
		mu.Lock()
		defer mu.Unlock()
		copied := map[string]*dimse.Object{}
		for uid, o := range caught {
			copied[uid] = o
		}
		return copied
	}
}

func flat(groups ...[][]byte) [][]byte { return slices.Concat(groups...) }

func atoi(tb testing.TB, text string) int {
	tb.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}
