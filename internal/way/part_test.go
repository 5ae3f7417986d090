package way

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// inSeries puts an object into another series of its study, and makes its pixels n.
func inSeries(t *testing.T, data []byte, uid string, n byte) []byte {
	t.Helper()
	file := must[*dicom.File](t)(dicom.Read(data))
	tree := must[dicom.Dataset](t)(file.Tree())
	tree.SetString(0x0020000E, dicom.VRUI, uid)
	if n > 0 {
		tree.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: bytes.Repeat([]byte{n}, echoRows*echoColumns)})
	}
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, tree))
}

// threeSeries are those of one study: two, three and four pictures, of which each has
// the number of its series in all its pixels.
func (s scene) threeSeries() (study sinso.StudyID, series []sinso.SeriesID) {
	s.t.Helper()
	for n := range 3 {
		for i := range n + 2 {
			study = s.take(inSeries(s.t, echo(s.t, "1", 10*n+i+1, "NO"), "2.25.91"+strconv.Itoa(n), byte(50+n))).Study
		}
	}
	for _, row := range must[[]sinso.SeriesRow](s.t)(s.Series(s.t.Context(), study)) { // by UID
		series = append(series, row.ID)
	}
	if len(series) != 3 {
		s.t.Fatalf("the study has %d series, want 3", len(series))
	}
	return study, series
}

// letGo brings a release as far as the chain, and returns it.
func (s scene) letGo(study sinso.StudyID, series ...sinso.SeriesID) sinso.ReleaseRow {
	s.t.Helper()
	s.cfg.OnStep = func(name string) {
		if name == "identity" || name == "mint" {
			panic(cut{name})
		}
	}
	defer func() { s.cfg.OnStep = nil }()
	var row sinso.ReleaseRow
	err, reached := attempt(func() (err error) {
		row, err = s.Release(s.t.Context(), study, ReleaseOptions{Actor: "test", Series: series})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if !reached { // refused
		return row
	}
	rows := must[[]sinso.ReleaseRow](s.t)(s.Releases(s.t.Context(), ""))
	for _, row := range slices.Backward(rows) {
		if row.State == sinso.ReleaseIsStored && !row.Draft && slices.Equal(row.Series, sorted(series...)) {
			return row
		}
	}
	s.t.Fatalf("of %d releases none of the part is stored", len(rows))
	return row
}

// blocks are all that are stored.
func (s scene) blocks() map[sinso.CID]bool {
	s.t.Helper()
	all := map[sinso.CID]bool{}
	if err := s.Blobs.List(s.t.Context(), func(cid sinso.CID) error {
		all[cid] = true
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// sorted is how the node keeps what was chosen.
func sorted(series ...sinso.SeriesID) []sinso.SeriesID {
	return slices.Compact(slices.Sorted(slices.Values(series)))
}

// holds opens every object of a release, and wants the instances of some series, each
// once, and not a picture of another.
func (s scene) holds(row sinso.ReleaseRow, series ...sinso.SeriesID) {
	s.t.Helper()
	var want, got []sinso.InstanceID
	var pixels []byte // that its pictures may have
	for _, instance := range must[[]sinso.InstanceRow](s.t)(s.Instances(s.t.Context(), row.Study)) {
		if slices.Contains(series, instance.Series) {
			want = append(want, instance.ID)
			file := must[*dicom.File](s.t)(dicom.Read(must[[]byte](s.t)(s.Read(s.t.Context(), instance))))
			pixels = append(pixels, must[[][]byte](s.t)(file.Frames())[0][0])
		}
	}
	for _, file := range s.files(row) {
		traced := must[Traced](s.t)(s.Trace(s.t.Context(), row.ID, file.String(0x00080018)))
		got = append(got, traced.Instance)
		if first := must[[][]byte](s.t)(file.Frames())[0][0]; !slices.Contains(pixels, first) {
			s.t.Errorf("a picture has pixels of a series that was not chosen: %d, of %v", first, pixels)
		}
	}
	if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		s.t.Errorf("the release holds %d objects of %v, want %v", len(got), got, want)
	}
	if row.Instances != len(want) || len(want) == 0 {
		s.t.Errorf("its row says %d, want %d", row.Instances, len(want))
	}
}

// TestPartIsReleasedAndNothingElse lets go of two of three series: every object of the
// release is of them, and the rest is withheld as what it is.
func TestPartIsReleasedAndNothingElse(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, series := s.threeSeries()
	if err := s.closeStudy(t.Context(), study, "test", ""); err != nil {
		t.Fatal(err)
	}
	known := s.blocks()
	row := s.letGo(study, series[2], series[0], series[2]) // in any order, and twice
	key := must[sinso.CEK](t)(s.sealer.Key(t.Context(), row.Manifest, row.Keys, row.Custodian()))
	for _, cid := range must[[]sinso.CID](t)(s.publicBlocks(t.Context(), row, key)) {
		known[cid] = true
	}
	for cid := range s.blocks() {
		if !known[cid] {
			t.Errorf("block %s was sealed for nothing that was chosen", cid)
		}
	}
	if want := sorted(series[0], series[2]); !slices.Equal(row.Series, want) {
		t.Errorf("it is of %v, want %v", row.Series, want)
	}
	if want := map[sinso.Reason]int{ReasonNotChosen: 3}; !maps.Equal(row.Withheld, want) {
		t.Errorf("withheld %v, want %v", row.Withheld, want)
	}
	s.holds(row, series[0], series[2])
	if items := s.queue(""); len(items) != 0 {
		t.Errorf("%d items of the review", len(items))
	}
	s.rebuilt()
}

// TestPartsAreReleasesOfTheirOwn: a draft of the whole is not taken for a part, nor a
// part for another one or for the whole; one that was begun is taken up for the same.
func TestPartsAreReleasesOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, series := s.threeSeries()
	draft := s.draft(study)
	first := s.letGo(study, series[0])
	second := s.letGo(study, series[1], series[2])
	again := s.letGo(study, series[0])
	if first.ID == draft.ID || second.ID == draft.ID || second.ID == first.ID || again.ID != first.ID {
		t.Errorf("draft %s, parts %s and %s, the first one again %s", draft.ID, first.ID, second.ID, again.ID)
	}
	s.holds(first, series[0])
	s.holds(second, series[1:]...)
	if whole := s.letGo(study); whole.ID != draft.ID || whole.Draft {
		t.Errorf("the whole is %s (draft %t), want the draft %s taken up", whole.ID, whole.Draft, draft.ID)
	}
	if every := s.letGo(study, series...); every.ID == draft.ID {
		t.Error("what was chosen one by one is the whole, with what will come")
	} else {
		s.holds(every, series...)
	}
	if made := must[sinso.ReleaseRow](t)(s.drafted(t.Context(), study, ReleaseOptions{Profile: s.profile})); made.ID != draft.ID {
		t.Errorf("a part is taken for a draft: %s", made.ID)
	}
	s.rebuilt()
}

// TestPartOfNothingIsRefused: a series that is not there, or is another study's.
func TestPartOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, series := s.threeSeries()
	other := s.take(echo(t, "2", 1, "NO"))
	of := must[sinso.InstanceRow](t)(s.Instance(t.Context(), other.Instance)).Series
	for _, wrong := range [][]sinso.SeriesID{{"e_none"}, {of}, {series[0], of}, {""}} {
		_, err := s.Release(t.Context(), study, ReleaseOptions{Actor: "test", Series: wrong})
		if !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("series %v: %v", wrong, err)
		}
		if _, err := s.Risk(t.Context(), study, nil, wrong...); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("the risk of series %v: %v", wrong, err)
		}
	}
	if rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), "")); len(rows) != 0 {
		t.Errorf("%d releases were begun", len(rows))
	}
}

// TestPartIsRefusedForWhatIsWrongWithIt, and not for what was not chosen, however much
// of that there is.
func TestPartIsRefusedForWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, _ := s.threeSeries()
	s.take(inSeries(t, echo(t, "1", 70, "YES"), "2.25.917", 77))
	series := must[[]sinso.SeriesRow](t)(s.Series(t.Context(), study))[3].ID
	row := s.letGo(study, series)
	if row.State != sinso.ReleaseIsRefused || row.Reason != deid.ReasonBurnedIn {
		t.Errorf("it is %s for %q, want it refused for what is written in it", row.State, row.Reason)
	}
	if want := map[sinso.Reason]int{ReasonNotChosen: 9, deid.ReasonBurnedIn: 1}; !maps.Equal(row.Withheld, want) {
		t.Errorf("withheld %v, want %v", row.Withheld, want)
	}
	if items := s.queue(sinso.ReviewIsOpen); len(items) != 1 || items[0].Instance == "" {
		t.Errorf("%d items of the review, want the one that was chosen", len(items))
	}
	s.sameAfterRebuild()
}

// TestHeadThatStaysHoldsBackTheRest: two slices that name nothing stay for the head in a
// series that was not chosen, as they do in a release of all; without it they may go. Of
// the series that stays no face is reported.
func TestHeadThatStaysHoldsBackTheRest(t *testing.T) {
	t.Parallel()
	for _, preset := range []string{"research-sale", "research-sale-defaced"} {
		for _, head := range []bool{true, false} {
			s := reviewScene(t, 1)
			s.profile = must[*deid.Profile](t)(deid.Preset(preset))
			for n := range 6 {
				s.take(slice(t, n+1, func(ds *dicom.Dataset) {
					ds.SetString(0x00180015, dicom.VRCS, map[bool]string{true: "HEAD", false: "KNEE"}[head])
				}))
			}
			var receipt sinso.Receipt
			for n := range 2 {
				receipt = s.take(slice(t, n+11, func(ds *dicom.Dataset) { ds.SetString(0x0020000E, dicom.VRUI, "1.2.3.99.8") }))
			}
			chosen := must[sinso.InstanceRow](t)(s.Instance(t.Context(), receipt.Instance)).Series
			row := s.letGo(receipt.Study, chosen)
			if head {
				if want := map[sinso.Reason]int{deid.ReasonFace: 2, ReasonNotChosen: 6}; !maps.Equal(row.Withheld, want) || row.Reason != deid.ReasonFace || row.Instances != 0 {
					t.Errorf("%s: %d passed, refused for %q, withheld %v; want %v", preset, row.Instances, row.Reason, row.Withheld, want)
				}
			} else {
				s.holds(row, chosen)
			}
			for _, face := range row.Faces {
				if face.Series != chosen {
					t.Errorf("%s: a face is reported of what stays", preset)
				}
			}
		}
	}
}

// TestRecallOfAPart: what is rejected of a series that was not chosen is in no copy, and
// takes none back.
func TestRecallOfAPart(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, series := s.threeSeries()
	row := s.letGo(study, series[1])
	reject := func(series sinso.SeriesID) sinso.ReleaseState {
		for _, instance := range must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), study)) {
			if instance.Series == series {
				if err := s.Reject(t.Context(), []sinso.InstanceID{instance.ID}, ReasonDeleted, "op"); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		return must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), row.ID)).State
	}
	if state := reject(series[0]); state != sinso.ReleaseIsStored {
		t.Errorf("after a rejection elsewhere it is %s", state)
	}
	if state := reject(series[1]); state != sinso.ReleaseIsRefused {
		t.Errorf("after one of its own is rejected it is %s", state)
	}
	s.rebuilt()
}

// partLife releases a part as far as the chain, ends the node before step number at, or
// never, and goes on with what is in its folder: by itself, or because it is asked again.
func partLife(t *testing.T, at int, resumes bool) (steps int) {
	t.Helper()
	s := reviewScene(t, 1)
	study, series := s.threeSeries()
	s.draft(study)
	end := false
	watch := func(name string) {
		if end = name == "identity"; end {
			panic(cut{name})
		}
		if steps++; steps == at {
			panic(cut{name})
		}
	}
	todo := func() error {
		_, err := s.Release(t.Context(), study, ReleaseOptions{Actor: "test", Series: series[1:]})
		return err
	}
	for planned := false; !end; {
		s.cfg.OnStep = watch
		if err, ended := attempt(todo); err != nil || !ended {
			t.Fatalf("cut at %d: %v", at, err)
		}
		s = scene{must[*Way](t)(New(t.Context(), s.Ports, Config{SampleOther: seldom, SampleBlanked: seldom})), t}
		planned = planned || len(must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))) == 2
		if planned && resumes {
			todo = func() error { return s.Resume(t.Context(), "test") }
		}
	}
	rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))
	if len(rows) != 2 || rows[1].State != sinso.ReleaseIsStored || !slices.Equal(rows[1].Series, sorted(series[1:]...)) {
		t.Fatalf("cut at %d: %d releases, the last one %s of %v", at, len(rows), rows[len(rows)-1].State, rows[len(rows)-1].Series)
	}
	s.holds(rows[1], series[1:]...)
	s.sameAfterRebuild()
	return steps
}

// TestPartOutlivesTheNode ends a node before each step of a release of a part: the one
// that goes on, asked or not, lets go of that part, once.
func TestPartOutlivesTheNode(t *testing.T) {
	t.Parallel()
	steps := partLife(t, 0, false)
	if steps < 4 {
		t.Fatalf("%d steps only", steps)
	}
	for at := range steps + 1 {
		for _, resumes := range []bool{false, true} {
			t.Run(strconv.Itoa(at)+" "+strconv.FormatBool(resumes), func(t *testing.T) {
				t.Parallel()
				partLife(t, at, resumes)
			})
		}
	}
}
