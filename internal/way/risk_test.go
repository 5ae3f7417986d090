package way

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

// examination is an invented study of an invented person.
type examination struct{ sex, age, procedure string }

// scanned is its one image: an ultrasound that says that nothing is written in it.
func scanned(t *testing.T, patient string, study int, e examination) []byte {
	t.Helper()
	return object(t, patient, strconv.Itoa(study), 1, func(ds *dicom.Dataset) {
		for tag, text := range map[dicom.Tag]string{
			0x00080016: "1.2.840.10008.5.1.4.1.1.6.1", 0x00080060: "US", 0x00080070: "Synthetic Sound Works", 0x00081090: "Echo 1",
			0x00280004: "MONOCHROME2", 0x00280301: "NO", 0x00100040: e.sex, 0x00101010: e.age, 0x00081030: e.procedure,
		} {
			attribute, _ := dicom.Lookup(tag)
			ds.SetString(tag, attribute.VRs[0], text)
		}
		ds.SetString(0x00080008, dicom.VRCS, "ORIGINAL", "PRIMARY")
		for tag, v := range map[dicom.Tag]byte{
			0x00280002: 1, 0x00280010: echoRows, 0x00280011: echoColumns, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0,
		} {
			ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: echoPixels()})
	})
}

var (
	usual = examination{"F", "045Y", "Abdomen ultrasound"}
	rare  = examination{"M", "091Y", "Fetal heart ultrasound"}
)

// catalogue is a node with one rare person and 14 who were examined alike, the first of
// them twice.
type catalogue struct {
	scene
	rare  sinso.Receipt
	usual []sinso.Receipt
}

func newCatalogue(t *testing.T, limits sinso.RiskLimits) catalogue {
	t.Helper()
	s := reviewScene(t, 1)
	s.cfg.Risk = limits
	c := catalogue{scene: s, rare: s.take(scanned(t, "OLD", 100, rare))}
	for i := range 14 {
		c.usual = append(c.usual, s.take(scanned(t, fmt.Sprint("P", i), 200+i, usual)))
	}
	s.take(scanned(t, "P0", 300, usual))
	s.take(scanned(t, "YOUNG", 301, examination{"F", "031Y", "Neck ultrasound"}))
	return c
}

// populations are both as bytes, which are the same for the same studies and persons.
func (s scene) populations() (all, out []byte) {
	s.t.Helper()
	s.crowd.mu.Lock()
	defer s.crowd.mu.Unlock()
	if err := s.bringCrowd(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return must[[]byte](s.t)(s.crowd.all.MarshalBinary()), must[[]byte](s.t)(s.crowd.out.MarshalBinary())
}

// sameWhenReadAnew wants what followed the events to be what a rebuilt index gives.
func (s scene) sameWhenReadAnew(what string) {
	s.t.Helper()
	all, out := s.populations()
	if err := s.Rebuild(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if s.crowd.follows {
		s.t.Fatal("it is not read again")
	}
	again, outAgain := s.populations()
	if !bytes.Equal(all, again) || !bytes.Equal(out, outAgain) {
		s.t.Errorf("%s: read anew, the persons are others: %d and %d bytes, were %d and %d", what, len(again), len(outAgain), len(all), len(out))
	}
}

func (s scene) forecastOf(study sinso.StudyID) sinso.Risk {
	s.t.Helper()
	return must[sinso.Risk](s.t)(s.Risk(s.t.Context(), study, nil))
}

// registered brings a stored release to the market as far as the log is concerned.
func (s scene) registered(row sinso.ReleaseRow) {
	s.t.Helper()
	err := s.recordOne(s.t.Context(), sinso.EventAssetRegistered, "test", row.Person, sinso.AssetRegistered{Release: row.ID, Token: sinso.TokenID{1, byte(row.Seq)}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestOldPersonWithARareProcedureStandsOut: nobody else looks like a person of 91 years
// with a rare procedure, and many do like another; the draft says the same as the
// forecast before it, in names and counts alone.
func TestOldPersonWithARareProcedureStandsOut(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{})
	for name, tt := range map[string]struct {
		study sinso.StudyID
		k     uint64
		rare  bool
	}{"rare": {c.rare.Study, 1, true}, "usual": {c.usual[3].Study, 14, false}} {
		before := c.forecastOf(tt.study)
		if before.K != tt.k || before.Released != 1 || before.Persons != 16 || before.OfReleased != 1 {
			t.Errorf("%s: K is %d of %d, %d of %d released; want %d", name, before.K, before.Persons, before.Released, before.OfReleased, tt.k)
		}
		if got := slices.Contains(before.Flags, string(risk.FlagProcedure)); got != tt.rare {
			t.Errorf("%s: flags %v", name, before.Flags)
		}
		if advised := len(before.Advice) > 0; advised != tt.rare {
			t.Errorf("%s: advice %v", name, before.Advice)
		}
		for _, trait := range []string{"sex", "age", "procedures", "modalities"} {
			if !slices.Contains(before.Shown, trait) {
				t.Errorf("%s: shown %v, want %s in it", name, before.Shown, trait)
			}
		}
		if slices.Contains(before.Shown, "date") {
			t.Errorf("%s: a date that was moved is taken as shown", name)
		}
		row := c.draft(tt.study)
		if row.State != sinso.ReleaseIsStored || row.Risk == nil || !reflect.DeepEqual(*row.Risk, before) {
			t.Fatalf("%s: the draft is %s with %+v, want %+v", name, row.State, row.Risk, before)
		}
		encoded := string(must[[]byte](t)(json.Marshal(row.Risk)))
		for _, value := range []string{"91", "90Y", "045", "Fetal", "FETAL", "Abdomen", "Synthetic", "PHANTOM", "2024"} {
			if strings.Contains(encoded, value) {
				t.Errorf("%s: what is written down holds a value of the study: %s", name, encoded)
			}
		}
	}
	if basic := must[sinso.Risk](t)(c.Risk(t.Context(), c.rare.Study, must[*deid.Profile](t)(deid.Preset("basic")))); basic.K < 16 || slices.Contains(basic.Shown, "age") {
		t.Errorf("under the profile that keeps no age: K is %d, shown %v", basic.K, basic.Shown)
	}
	c.sameAfterRebuild()
}

// TestReleasedAreCountedApart: the second count is of those whose copies are for sale.
func TestReleasedAreCountedApart(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{})
	for i, one := range c.usual[:3] {
		row := c.draft(one.Study)
		if row.Risk.Released != uint64(i)+1 || row.Risk.OfReleased != uint64(i)+1 {
			t.Errorf("the %d. release is like %d of %d that are out", i+1, row.Risk.Released, row.Risk.OfReleased)
		}
		c.registered(row)
	}
	again := c.forecastOf(c.usual[0].Study)
	if again.Released != 3 || again.Lower() != 3 || again.K != 14 {
		t.Errorf("one of three that are out: %d, lower %d, K %d", again.Released, again.Lower(), again.K)
	}
	if other := c.forecastOf(c.rare.Study); other.Released != 1 || other.OfReleased != 4 {
		t.Errorf("another: %d of %d", other.Released, other.OfReleased)
	}
	c.sameWhenReadAnew("released")
	rows := must[[]sinso.ReleaseRow](t)(c.Releases(t.Context(), c.usual[0].Person))
	if err := c.recallNow(t.Context(), rows[0], ReasonRecalled, "test"); err != nil {
		t.Fatal(err)
	}
	if after := c.forecastOf(c.usual[1].Study); after.Released != 2 {
		t.Errorf("after a recall: %d are out", after.Released)
	}
	c.sameWhenReadAnew("recalled")
}

// TestPersonsFollowCorrections: studies that come, go and change hands, persons who are
// merged or erased, are counted as the index has them, without reading all again.
func TestPersonsFollowCorrections(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{})
	ctx := t.Context()
	study := c.usual[5].Study
	want := func(what string, k uint64) {
		t.Helper()
		if got := c.forecastOf(study); got.K != k {
			t.Errorf("%s: K is %d, want %d", what, got.K, k)
		}
		if !c.crowd.follows {
			t.Errorf("%s: all is read again", what)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want("at first", 14)
	one := c.take(scanned(t, "NEW", 400, usual))
	want("one more came", 15)
	do(c.Reject(ctx, []sinso.InstanceID{one.Instance}, ReasonDeleted, "test"))
	want("it was deleted", 14)
	do(c.Restore(ctx, []sinso.InstanceID{one.Instance}, "test"))
	want("it was restored", 15)
	do(c.Merge(ctx, c.usual[1].Person, c.usual[2].Person, "test"))
	want("two are one", 14)
	do(c.Move(ctx, one.Study, c.usual[3].Person, "test"))
	want("a study was another's, who has one already", 13)
	do(c.Keys.Destroy(ctx, sinso.PersonKey(c.usual[4].Person)))
	do(c.recordOne(ctx, sinso.EventErased, "test", c.usual[4].Person, sinso.Erased{Person: c.usual[4].Person}))
	want("one was erased", 12)
	c.sameWhenReadAnew("corrected")
	want("read anew", 12)
	if _, err := c.Risk(ctx, c.usual[4].Study, nil); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of a study of an erased person: %v, want nothing found", err)
	}
}

// TestCountingWhileOthersCome: who counts while studies come waits for none of them, and
// in the end all are counted.
func TestCountingWhileOthersCome(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	first := s.take(scanned(t, "P0", 700, usual))
	var come sync.WaitGroup
	const doors, each = 4, 8
	for door := range doors {
		come.Go(func() {
			for i := range each {
				n := 1 + door*each + i
				file := scanned(t, fmt.Sprint("P", n), 700+n, usual)
				if _, err := s.Take(t.Context(), sinso.Item{Bytes: file}, ImportOptions{Actor: "test"}); err != nil {
					t.Error(err)
				}
				if got, err := s.Risk(t.Context(), first.Study, nil); err != nil || got.K < uint64(i)+2 {
					t.Errorf("after %d studies of this door: K is %d, %v", i+1, got.K, err)
				}
			}
		})
	}
	come.Wait()
	if got := s.forecastOf(first.Study); got.K != doors*each+1 {
		t.Errorf("K is %d, want %d", got.K, doors*each+1)
	}
	s.sameWhenReadAnew("all are here")
}

// TestManyChangesAreReadAsOne: what is remembered of changes is bounded; after more all
// is read.
func TestManyChangesAreReadAsOne(t *testing.T) {
	t.Parallel()
	c := &crowd{follows: true, changed: map[string]bool{}}
	for i := range maxChanged + 1 {
		c.note([]loggedEvent{{Event: sinso.Event{Type: sinso.EventInstanceSealed}, subjects: []string{fmt.Sprint("s_", i), "i_1", "s_1/2.25.3"}}})
	}
	if c.follows || len(c.changed) != 0 {
		t.Errorf("%d are remembered, follows %v", len(c.changed), c.follows)
	}
	if _, all := c.take(); !all {
		t.Error("not all is read")
	}
	c.note([]loggedEvent{{Event: sinso.Event{Type: sinso.EventMerged}, subjects: []string{subjectCorrections, "p_1", "p_2", "s_1"}}, {Event: sinso.Event{Type: sinso.EventOpened}, subjects: []string{"s_2"}}})
	if changed, all := c.take(); all || len(changed) != 2 {
		t.Errorf("got %v, all %v; want both persons of the merge", changed, all)
	}
}

// TestTooFewIsRefused: below what the operator asked for nothing is sold, which the row
// says, and it is not made again until that changes; above it, it goes on.
func TestTooFewIsRefused(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{K: 11})
	ctx := t.Context()
	options := ReleaseOptions{Actor: "test", Profile: c.profile}
	row := must[sinso.ReleaseRow](t)(c.Release(ctx, c.rare.Study, options))
	if row.State != sinso.ReleaseIsRefused || row.Reason != ReasonRisk || row.Risk.K != 1 || row.Risk.Least != 11 || row.Risk.Enough() {
		t.Fatalf("got %s for %q, %+v; want it refused for its risk", row.State, row.Reason, row.Risk)
	}
	if Explain(ReasonRisk) == "" {
		t.Error("the reason has no sentence")
	}
	if again := must[sinso.ReleaseRow](t)(c.Release(ctx, c.rare.Study, options)); again.ID != row.ID {
		t.Error("it was made again, to be refused again")
	}
	c.take(scanned(t, "OLDER", 500, examination{"M", "099Y", rare.procedure}))
	if again := must[sinso.ReleaseRow](t)(c.Release(ctx, c.rare.Study, options)); again.ID != row.ID || again.Risk.K != 2 {
		t.Errorf("with one more: %s, K is %d, want the same with 2", again.ID, again.Risk.K)
	}
	for i := range 9 {
		c.take(scanned(t, fmt.Sprint("OLD", i), 600+i, rare))
	}
	planned := must[sinso.ReleaseID](t)(c.plan(ctx, c.rare.Study, options))
	if planned == row.ID {
		t.Error("with eleven it is not made again")
	}
	c.rebuilt()
	for name, tt := range map[string]struct {
		limits  sinso.RiskLimits
		refused bool
	}{
		"nothing is asked for": {sinso.RiskLimits{}, false}, "as many as there are": {sinso.RiskLimits{K: 14}, false}, "one more": {sinso.RiskLimits{K: 15}, true},
		"of those released": {sinso.RiskLimits{K: 11, Released: 3}, true},
	} {
		c := newCatalogue(t, tt.limits)
		draft := c.draft(c.usual[0].Study)
		if draft.State != sinso.ReleaseIsStored {
			t.Fatalf("%s: the draft is %s; nobody has asked for a price", name, draft.State)
		}
		if refused, err := c.tooFew(ctx, draft, "test"); err != nil || refused != tt.refused {
			t.Errorf("%s: refused %v, %v", name, refused, err)
		}
	}
}

// TestDraftIsCountedAgainWhenItIsPriced: what was made ahead is judged by who there is
// when it is to be sold.
func TestDraftIsCountedAgainWhenItIsPriced(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{K: 14})
	ctx := t.Context()
	draft := c.draft(c.usual[0].Study)
	if draft.Risk.K != 14 {
		t.Fatalf("K is %d", draft.Risk.K)
	}
	if err := c.Merge(ctx, c.usual[1].Person, c.usual[2].Person, "test"); err != nil {
		t.Fatal(err)
	}
	row := must[sinso.ReleaseRow](t)(c.Release(ctx, c.usual[0].Study, ReleaseOptions{Actor: "test"}))
	if row.ID != draft.ID || row.State != sinso.ReleaseIsRefused || row.Reason != ReasonRisk || row.Risk.K != 13 {
		t.Errorf("got %s %s (%s) with K %d, want the draft, refused with 13", row.ID, row.State, row.Reason, row.Risk.K)
	}
	c.rebuilt()
}
