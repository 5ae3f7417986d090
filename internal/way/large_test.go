package way

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/identity"
	"sinso.dev/sinso/internal/stage/ingest"
)

// inParts is a scene in which every object is large.
func inParts(t *testing.T) scene {
	t.Helper()
	s := newScene(t)
	s.namer = identity.NewNamer([32]byte{7}) // the same names in each
	s.cfg.Large = 1
	return s
}

// source calls fn with files, as a folder that has them.
func (s scene) source(files ...[]byte) Source {
	return func(ctx context.Context, fn func(ingest.Found) error) error {
		for i, file := range files {
			if err := s.Walker().File(ctx, bytes.NewReader(file), int64(len(file)), sinso.NewPHI(fmt.Sprint("file ", i)), fn); err != nil {
				return err
			}
		}
		return nil
	}
}

// item is a file as a door that holds none of it brings it.
func (s scene) item(data []byte) (item sinso.Item) {
	s.t.Helper()
	if err := s.source(data)(s.t.Context(), func(f ingest.Found) error {
		item = f.Item
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	return item
}

// pixels is an object with some megabytes of pixels.
func pixels(t *testing.T, patient, study string, number, size int) []byte {
	t.Helper()
	return object(t, patient, study, number, func(ds *dicom.Dataset) {
		value := make([]byte, size)
		for i := range value {
			value[i] = byte(i>>8 ^ i*7 ^ number)
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: value})
	})
}

// all is what comes to an archive in its time.
func all(t *testing.T) [][]byte {
	t.Helper()
	one := object(t, "A", "1", 0, nil)
	return [][]byte{
		one, pixels(t, "A", "1", 1, 3<<20), one, object(t, "A", "1", 0, func(ds *dicom.Dataset) { ds.SetString(0x00081030, "LO", "another") }),
		object(t, "A", "1", 2, nil), note(t, "A", "1", "113038", uidOf("1", 2), uidOf("1", 9)), object(t, "A", "1", 9, nil),
		[]byte("this is no DICOM object, of whatever size"), one[:len(one)-3], []byte("this is no DICOM object, of whatever size"),
		copyOf(t, object(t, "B", "2", 0, nil)), must[[]byte](t)(dicom.Encode(dicom.DeflatedExplicitLittleEndian, tree(t, object(t, "C", "3", 0, nil)))),
		object(t, "D", "4", 0, func(ds *dicom.Dataset) { ds.Remove(0x00080018) }),
	}
}

func tree(t *testing.T, data []byte) dicom.Dataset {
	t.Helper()
	return must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(data)).Tree())
}

// filed is what the index has of all objects, without the names and keys of sealed bytes.
func (s scene) filed() string {
	s.t.Helper()
	ctx, b := s.t.Context(), &bytes.Buffer{}
	fmt.Fprintln(b, s.told())
	for _, study := range must[[]sinso.StudyRow](s.t)(s.Studies(ctx, "")) {
		for _, row := range must[[]sinso.InstanceRow](s.t)(s.Instances(ctx, study.ID)) {
			sealed := row.CID != "" && len(row.Keys) > 0
			row.CID, row.Keys, row.Seq = "", nil, 0
			fmt.Fprintf(b, "%+v %t\n", row, sealed)
		}
		for _, series := range must[[]sinso.SeriesRow](s.t)(s.Series(ctx, study.ID)) {
			if err := s.Metadata(ctx, series.ID, func(_ sinso.InstanceRow, metadata []byte) error {
				fmt.Fprintf(b, "%s\n", metadata)
				return nil
			}); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	for _, row := range must[[]sinso.QuarantineRow](s.t)(s.Quarantine(ctx)) {
		fmt.Fprintln(b, row.SHA256, row.Size, row.Reason, row.Detail, row.CID != "")
	}
	lines := strings.Split(b.String(), "\n") // studies and refusals are in the order of their time
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestLargeObjectsAreFiledAsAnyOther imports the same files twice, in a node that holds each
// in memory and in one that holds none: both have the same, the second time too, each object
// comes back as it was, and nothing that is not named is left.
func TestLargeObjectsAreFiledAsAnyOther(t *testing.T) {
	t.Parallel()
	files := all(t)
	held := newScene(t)
	held.namer = identity.NewNamer([32]byte{7})
	var want ImportResult
	for _, file := range files { // one after the other, as large ones are
		want = sum(want, must[ImportResult](t)(held.Import(t.Context(), held.source(file), ImportOptions{Actor: "test"})))
	}
	for turn := range 2 {
		parts := inParts(t)
		for again := range turn + 1 {
			got := must[ImportResult](t)(parts.Import(t.Context(), parts.source(files...), ImportOptions{Actor: "test"}))
			if diff := cmp.Diff(want, sum(ImportResult{}, got)); again == 0 && diff != "" {
				t.Errorf("another result: %s", diff)
			}
		}
		if want, got := held.filed(), parts.filed(); want != got {
			t.Errorf("imported %d times: got\n%swant\n%s", turn+1, got, want)
		}
		parts.returns(files)
		parts.sound()
		if got := parts.prune(0); got.Blocks > 3 { // lists of studies that were replaced
			t.Errorf("%d blocks without a name were left", got.Blocks)
		}
		parts.rebuilt()
	}
}

// sum adds the counts of two imports.
func sum(a, b ImportResult) ImportResult {
	reasons := map[sinso.Reason]int{}
	for _, r := range []ImportResult{a, b} {
		for reason, n := range r.Reasons {
			reasons[reason] += n
		}
	}
	return ImportResult{
		Files: a.Files + b.Files, Instances: a.Instances + b.Instances, Duplicates: a.Duplicates + b.Duplicates, Conflicts: a.Conflicts + b.Conflicts,
		Quarantined: a.Quarantined + b.Quarantined, Skipped: a.Skipped + b.Skipped, Bytes: a.Bytes + b.Bytes, Reasons: reasons,
	}
}

// returns checks that each instance is one of the files.
func (s scene) returns(files [][]byte) {
	s.t.Helper()
	for _, study := range must[[]sinso.StudyRow](s.t)(s.Studies(s.t.Context(), "")) {
		for _, row := range must[[]sinso.InstanceRow](s.t)(s.Instances(s.t.Context(), study.ID)) {
			plain := must[[]byte](s.t)(s.Read(s.t.Context(), row))
			found := false
			for _, file := range files {
				found = found || bytes.Equal(file, plain)
			}
			if !found || s.namer.Fingerprint(plain) != row.Fingerprint {
				s.t.Errorf("instance %d comes back with other bytes", row.Number)
			}
		}
	}
}

// TestALargeObjectIsTakenAsAnyOther brings the files one by one, as an upload does.
func TestALargeObjectIsTakenAsAnyOther(t *testing.T) {
	t.Parallel()
	held, parts := newScene(t), inParts(t)
	held.namer = parts.namer
	for i, file := range append(all(t), all(t)...) {
		want, err := held.Take(t.Context(), sinso.Item{Bytes: file, Name: sinso.NewPHI("x")}, ImportOptions{Actor: "test"})
		item := parts.item(file)
		item.Name = sinso.NewPHI("x")
		got, partsErr := parts.Take(t.Context(), item, ImportOptions{Actor: "test"})
		want.CID, got.CID = "", ""
		if want != got || fmt.Sprint(err) != fmt.Sprint(partsErr) {
			t.Errorf("file %d: got %+v, %v, want %+v, %v", i, got, partsErr, want, err)
		}
	}
	for _, s := range []scene{held, parts} {
		if err := s.Resume(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
	}
	if want, got := held.filed(), parts.filed(); want != got {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	parts.returns(all(t))
	parts.sound()
	parts.prune(0)
	parts.sound()
}

// TestALargeObjectComesOutOfQuarantine: what was refused is read out of its seal in parts,
// and filed as it would have been.
func TestALargeObjectComesOutOfQuarantine(t *testing.T) {
	t.Parallel()
	s := inParts(t)
	ctx := t.Context()
	file := copyOf(t, pixels(t, "A", "1", 0, 3<<20))
	if _, err := s.Take(ctx, s.item(file), ImportOptions{Actor: "test"}); !errors.Is(err, sinso.ErrInvalid) {
		t.Fatalf("a copy: %v", err)
	}
	row := must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx))[0]
	receipt := must[sinso.Receipt](t)(s.Retry(ctx, row.CID, ImportOptions{Actor: "test", Research: true}))
	if receipt.Outcome != sinso.OutcomeTaken || len(must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx))) != 0 {
		t.Errorf("%+v", receipt)
	}
	s.returns([][]byte{file})
	s.sound()
}

// turning is a file of which a byte turns after so many readings.
type turning struct {
	data  []byte
	reads int
}

func (f *turning) ReadAt(p []byte, offset int64) (int, error) {
	if f.reads--; f.reads < 0 {
		f.data = bytes.Clone(f.data)
		f.data[len(f.data)-1] ^= 1
		f.reads = 1 << 30
	}
	return bytes.NewReader(f.data).ReadAt(p, offset)
}

// TestWhatChangesWhileItIsSealedIsNotFiled: whenever the file changes, it is refused, or it
// is filed as one of the two that it was.
func TestWhatChangesWhileItIsSealedIsNotFiled(t *testing.T) {
	t.Parallel()
	file := pixels(t, "A", "1", 0, 3<<20)
	other := bytes.Clone(file)
	other[len(other)-1] ^= 1
	refused := 0
	for reads := 1; reads < 16; reads++ {
		s := inParts(t)
		source := func(ctx context.Context, fn func(ingest.Found) error) error {
			return s.Walker().File(ctx, &turning{file, reads}, int64(len(file)), sinso.NewPHI("x"), fn)
		}
		result := must[ImportResult](t)(s.Import(t.Context(), source, ImportOptions{Actor: "test"}))
		refused += result.Quarantined
		if result.Quarantined == 1 && (result.Reasons[ingest.ReasonUnreadable] != 1 || len(must[[]sinso.QuarantineRow](t)(s.Quarantine(t.Context()))) != 0) {
			t.Errorf("after %d readings: %+v", reads, result)
		}
		s.returns([][]byte{file, other})
		s.sound()
		result = must[ImportResult](t)(s.Import(t.Context(), s.source(file), ImportOptions{Actor: "test"}))
		if result.Instances+result.Duplicates+result.Conflicts != 1 {
			t.Errorf("imported again: %+v", result)
		}
	}
	if refused < 3 {
		t.Errorf("it was refused %d times", refused)
	}
}

// TestALargeObjectEndsWhereverItIsCutOff ends a node at each step of taking a large object:
// taken again it is filed once, all is there, and what was left of the first time goes.
func TestALargeObjectEndsWhereverItIsCutOff(t *testing.T) {
	t.Parallel()
	file := pixels(t, "A", "1", 0, 18<<20) // more than a batch of blocks
	take := func(t *testing.T, at int) (s scene, steps int) {
		t.Helper()
		s = inParts(t)
		count := func(name string) {
			if steps++; steps == at {
				panic(cut{name})
			}
		}
		s.cfg.OnStep = count
		for {
			err, ended := attempt(func() error {
				_, err := s.Take(t.Context(), s.item(file), ImportOptions{Actor: "test"})
				if err == nil {
					err = s.Resume(t.Context(), "test")
				}
				return err
			})
			if err != nil {
				t.Fatalf("cut at %d: %v", at, err)
			}
			if !ended {
				return s, steps
			}
			next := scene{must[*Way](t)(New(t.Context(), s.Ports, Config{Large: 1})), t}
			next.namer = s.namer
			s = next
		}
	}
	whole, steps := take(t, 0)
	whole.prune(0)
	want := len(whole.blocks())
	if steps < 25 {
		t.Fatalf("%d steps only", steps)
	}
	for at := 1; at <= steps; at++ {
		if at > 3 && at < 17 { // one block as another
			continue
		}
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			s, _ := take(t, at)
			s.returns([][]byte{file})
			if got := len(s.uids()); got != 1 {
				t.Errorf("%d objects", got)
			}
			s.sound()
			s.prune(0)
			if got := len(s.blocks()); got != want {
				t.Errorf("%d blocks are left, want %d", got, want)
			}
			s.sound()
		})
	}
}

// TestADuplicateOfALargeObjectStoresNothing, nor does one that is in the same folder.
func TestADuplicateOfALargeObjectStoresNothing(t *testing.T) {
	t.Parallel()
	s := inParts(t)
	file, bad := pixels(t, "A", "1", 0, 3<<20), bytes.Repeat([]byte("no DICOM "), 400_000)
	first := must[ImportResult](t)(s.Import(t.Context(), s.source(file, file, bad, bad), ImportOptions{Actor: "test"}))
	if first.Instances != 1 || first.Duplicates != 1 || first.Quarantined != 2 {
		t.Errorf("%+v", first)
	}
	before := s.blocks()
	s.prune(0)
	must[ImportResult](t)(s.Import(t.Context(), s.source(file, bad), ImportOptions{Actor: "test"}))
	if _, err := s.Take(t.Context(), s.item(file), ImportOptions{Actor: "test"}); err != nil {
		t.Error(err)
	}
	if after := s.blocks(); !maps.Equal(before, after) {
		t.Errorf("%d blocks, then %d", len(before), len(after))
	}
}

// TestWhatIsTooLargeIsNotOpenedWhole: it is told, not tried.
func TestWhatIsTooLargeIsNotOpenedWhole(t *testing.T) {
	t.Parallel()
	s := inParts(t)
	ctx := t.Context()
	receipt := s.take(pixels(t, "A", "1", 0, 3<<20))
	s.take(object(t, "A", "1", 1, nil))
	s.most = 1 << 20
	row := must[sinso.InstanceRow](t)(s.Instance(ctx, receipt.Instance))
	if _, err := s.Read(ctx, row); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("read whole: %v", err)
	}
	if _, err := s.Open(ctx, row.ID, "test", ForReview); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("opened: %v", err)
	}
	if err := s.Whole(ctx, row); err != nil {
		t.Errorf("read in parts: %v", err)
	}
}

// TestAReleaseGoesOnBesideWhatIsTooLarge: the others of its study are released, and the
// evidence has a root of it as of any instance that stays.
func TestAReleaseGoesOnBesideWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, _ := s.threeSeries()
	receipt := s.take(inSeries(t, must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, larger(t))), "2.25.917", 7))
	row := must[sinso.InstanceRow](t)(s.Instance(t.Context(), receipt.Instance))
	if receipt.Study != study {
		t.Fatal("it is of another study")
	}
	if err := s.closeStudy(t.Context(), study, "test", ""); err != nil {
		t.Fatal(err)
	}
	s.most = row.Size - 1
	others := len(must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), study))) - 1
	eligible, withheld, err := s.Survey(t.Context(), study)
	if err != nil || withheld[ReasonUnreadable] != 1 || eligible != others {
		t.Errorf("a survey: %d, %v, %v", eligible, withheld, err)
	}
	released := s.letGo(study)
	if released.State != sinso.ReleaseIsStored || len(s.files(released)) != others {
		t.Errorf("%s, %d objects, want %d", released.State, len(s.files(released)), others)
	}
	s.sound()
}

// larger is a picture that says more than others.
func larger(t *testing.T) dicom.Dataset {
	t.Helper()
	ds := tree(t, echo(t, "1", 99, "NO"))
	ds.SetString(0x00204000, "LT", strings.Repeat("synthetic ", 900))
	return ds
}
