package metatest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"sinso.dev/sinso"
)

// The promises about metadata, conflicts, removal and merging.

func testConflicts(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		other := instance("i_conflict", "e_1", "s_1", "p_1", 1)
		other.Conflict, other.UID, other.SOPClass = true, "2.25.9.i_e_1_1", "1.2.840.10008.5.1.4.1.1.7"
		alone := instance("i_alone", "e_2", "s_2", "p_2", 1)
		alone.Conflict = true
		return errors.Join(file(x, "p_1", "s_1", "e_1", 2), x.SaveInstance(study("s_1", "p_1"), series("e_1", "s_1"), other),
			x.SaveInstance(study("s_2", "p_2"), series("e_2", "s_2"), alone),
			x.SaveMetadata("i_conflict", []byte("{}")), x.SaveMetadata("i_e_1_1", []byte(`{"1":{}}`)))
	})
	for _, tt := range []struct {
		conflicts                 bool
		patients, studies, series int
		instances, counted        int
	}{{false, 1, 1, 1, 2, 2}, {true, 2, 2, 2, 4, 3}} {
		for level, want := range map[sinso.Level]int{
			sinso.LevelPatient: tt.patients, sinso.LevelStudy: tt.studies, sinso.LevelSeries: tt.series, sinso.LevelInstance: tt.instances,
		} {
			got := find(t, m, sinso.Query{Level: level, Conflicts: tt.conflicts})
			if len(got) != want {
				t.Errorf("conflicts %t, level %d: found %d, want %d", tt.conflicts, level, len(got), want)
			}
		}
		f := find(t, m, sinso.Query{Level: sinso.LevelSeries, Person: "p_1", Conflicts: tt.conflicts})[0]
		equal(t, "counts", []int{f.Study.Instances, f.Series.Instances}, []int{tt.counted, tt.counted})
		if len(f.SOPClasses) != 1 {
			t.Errorf("SOP classes: got %v, want one", f.SOPClasses)
		}
	}
	metadata := 0
	view(t, m, func(x sinso.MetaTx) error {
		held, err := x.Study("s_1")
		equal(t, "instances held", held.Instances, 3)
		return errors.Join(err, x.Metadata("e_1", func(sinso.InstanceRow, []byte) error { metadata++; return nil }))
	})
	equal(t, "metadata shown", metadata, 1)
}

func testMetadata(t *testing.T, m sinso.Meta) {
	texts := [][]byte{
		[]byte(`{"00080018":{"vr":"UI","Value":["1.2.3.4.5"]},"00200013":{"vr":"IS","Value":[1]}}`),
		[]byte(`{"00080018":{"vr":"UI","Value":["1.2.3.4.6"]},"00200013":{"vr":"IS","Value":[2]}}`),
		{},
		[]byte("{}"), bytes.Repeat([]byte("a"), 100_000), append(bytes.Repeat([]byte("ab"), 50_000), "{}"...),
	}
	tx(t, m, func(x sinso.MetaTx) error {
		is(t, "SaveMetadata of nothing", x.SaveMetadata("i_none", texts[0]), sinso.ErrNotFound)
		if err := errors.Join(file(x, "p_1", "s_1", "e_1", len(texts)+1), file(x, "p_1", "s_1", "e_2", 1)); err != nil {
			return err
		}
		for i, text := range texts {
			if err := x.SaveMetadata(sinso.InstanceID(fmt.Sprintf("i_e_1_%d", i)), text); err != nil {
				return err
			}
		}
		return x.SaveMetadata("i_e_2_0", texts[1])
	})
	for range 2 {
		i := 0
		view(t, m, func(x sinso.MetaTx) error {
			i = 0
			return x.Metadata("e_1", func(row sinso.InstanceRow, got []byte) error {
				want, err := x.Instance(row.ID)
				equal(t, "row", row, want)
				if row.Number != i || !bytes.Equal(got, texts[i]) {
					t.Errorf("metadata %d: got %d bytes of instance %d, want %d", i, len(got), row.Number, len(texts[i]))
				}
				i++
				return err
			})
		})
		equal(t, "instances with metadata", i, len(texts))
		texts[0] = []byte(`{"replaced":{}}`)
		tx(t, m, func(x sinso.MetaTx) error { return x.SaveMetadata("i_e_1_0", texts[0]) })
	}
	view(t, m, func(x sinso.MetaTx) error {
		return x.Metadata("e_none", func(sinso.InstanceRow, []byte) error { t.Error("metadata of no series"); return nil })
	})
}

func testRemove(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	find1 := func(q sinso.Query) []sinso.Found { q.Person = "p_1"; return find(t, m, q) }
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.RemoveInstance("i_ct0", 500), x.RemoveInstance("i_ct0", 500), x.RemoveInstance("i_none", 501))
	})
	f := find1(sinso.Query{Level: sinso.LevelStudy})[0]
	equal(t, "counts", []int64{int64(f.Study.Instances), f.Study.Bytes, int64(f.StudySeries)}, []int64{3, 3000, 2})
	tx(t, m, func(x sinso.MetaTx) error { return x.RemoveInstance("i_mr", 502) })
	f = find1(sinso.Query{Level: sinso.LevelStudy})[0]
	equal(t, "modalities", f.Modalities, []string{"CT"})
	equal(t, "classes", f.SOPClasses, []string{"1.2.840.10008.5.1.4.1.1.2"})
	equal(t, "series", f.StudySeries, 1)
	if got := find1(sinso.Query{Level: sinso.LevelStudy, Match: where(0x00080061, "MR")}); len(got) != 0 {
		t.Error("the study is still found by a modality that was removed")
	}
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.RemoveInstance("i_ct1", 503), x.RemoveInstance("i_ct2", 504))
	})
	for level := sinso.LevelPatient; level <= sinso.LevelInstance; level++ {
		if got := find1(sinso.Query{Level: level}); len(got) != 0 {
			t.Errorf("level %d: found %d of a study that was removed", level, len(got))
		}
	}
	view(t, m, func(x sinso.MetaTx) error {
		_, err := x.Study("s_jane")
		is(t, "Study", err, sinso.ErrNotFound)
		_, err = x.Instance("i_ct1")
		is(t, "Instance", err, sinso.ErrNotFound)
		_, err = x.InstanceByFingerprint("p_1", "print of i_ct1")
		is(t, "InstanceByFingerprint", err, sinso.ErrNotFound)
		return errors.Join(
			x.Metadata("e_ct", func(sinso.InstanceRow, []byte) error { t.Error("metadata are left"); return nil }),
			x.InstancesByUID("1.2.3.1.2", func(sinso.InstanceRow) error { t.Error("an instance is left"); return nil }),
		)
	})
	if got := find(t, m, sinso.Query{Level: sinso.LevelStudy}); len(got) != 1 {
		t.Errorf("the other study: found %d", len(got))
	}
	if err := m.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
}

func testRemoveReplay(t *testing.T, m sinso.Meta) {
	events := func(x sinso.MetaTx) error {
		return errors.Join(fileJane(x), x.RemoveInstance("i_ct0", 500), x.RemoveInstance("i_mr", 501))
	}
	tx(t, m, events)
	q := sinso.Query{Level: sinso.LevelInstance, Metadata: true}
	before := find(t, m, q)
	tx(t, m, func(x sinso.MetaTx) error {
		err := events(x)
		if errors.Is(err, sinso.ErrNotFound) { // metadata of what was removed
			err = nil
		}
		return err
	})
	equal(t, "after the same events again", find(t, m, q), before)
	row, below := jane()
	again := instance("i_mr", "e_mr", "s_jane", "p_1", 1)
	again.UID, again.Seq = "1.2.3.2.1", 502
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveInstance(row, below[1], again) })
	equal(t, "instances when it came again", len(find(t, m, q)), len(before)+1)
	tx(t, m, func(x sinso.MetaTx) error { return x.RemoveInstance("i_mr", 501) }) // the older event once more
	equal(t, "instances after an older removal", len(find(t, m, q)), len(before)+1)
}

func testMove(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	row, _ := jane()
	row.Person, row.Date = "p_9", "20190101"
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveStudy(row) })
	if got := find(t, m, sinso.Query{Level: sinso.LevelStudy, Person: "p_1"}); len(got) != 0 {
		t.Error("found with the person it was taken from")
	}
	got := find(t, m, sinso.Query{Level: sinso.LevelInstance, Person: "p_9", Match: where(0x00080020, "-20190101")})
	if len(got) != 4 || got[0].Instance.Person != "p_9" || got[0].Study.Person != "p_9" {
		t.Errorf("found %d instances, want 4 of p_9", len(got))
	}
	equal(t, "modalities", got[0].Modalities, []string{"CT", "MR"})
	equal(t, "order", find(t, m, sinso.Query{Level: sinso.LevelStudy})[1].Study.ID, sinso.StudyID("s_jane"))
	view(t, m, func(x sinso.MetaTx) error {
		byHash, err := x.InstanceByFingerprint("p_9", "print of i_mr")
		equal(t, "person of the instance", byHash.Person, sinso.PersonID("p_9"))
		_, err2 := x.InstanceByFingerprint("p_1", "print of i_mr")
		is(t, "by the person before", err2, sinso.ErrNotFound)
		return err
	})
}

func testMergedMatch(t *testing.T, m sinso.Meta) {
	a, b, c := person("p_a"), person("p_b"), person("p_c")
	a.Into, b.Into = "p_b", "p_c"
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.SavePerson(a), x.SavePerson(b), x.SavePerson(c)) })
	view(t, m, func(x sinso.MetaTx) error {
		for _, from := range []sinso.PersonRow{a, b, c} {
			got, err := x.PersonByMatch(from.Match)
			if err != nil {
				return err
			}
			equal(t, "PersonByMatch of "+string(from.ID), got, c)
		}
		got, err := x.Person("p_a")
		equal(t, "Person", got, a)
		return err
	})
}

func testSealedSubject(t *testing.T, m sinso.Meta) {
	seal := func(x sinso.MetaTx) error {
		row := instance("i_1", "e_1", "s_1", "p_1", 0)
		row.Seq = 7
		return errors.Join(x.SaveInstance(study("s_1", "p_1"), series("e_1", "s_1"), row), x.SaveEvent(7, "p_1", "i_1", "s_1"))
	}
	tx(t, m, seal)
	tx(t, m, seal)
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveEvent(9, "p_1", "i_1") })
	events := func(person sinso.PersonID) []uint64 {
		return all(t, m, func(x sinso.MetaTx, fn func(uint64) error) error { return x.EventsOf(person, "i_1", fn) })
	}
	equal(t, "EventsOf the instance", events(""), []uint64{7, 9})
	equal(t, "EventsOf it and its person", events("p_1"), []uint64{7, 9})
	equal(t, "EventsOf it and another person", events("p_2"), []uint64(nil))
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.RemoveInstance("i_1", 11), x.SaveEvent(11, "p_1", "i_1", "s_1"))
	})
	equal(t, "EventsOf it when it was removed", events("p_1"), []uint64{7, 9, 11})
}
