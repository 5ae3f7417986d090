package metatest

import (
	"errors"
	"fmt"
	"testing"

	"sinso.dev/sinso"
)

// everyRow counts the rows that lists give.
func everyRow(t *testing.T, m sinso.Meta) int {
	t.Helper()
	rows := 0
	view(t, m, func(x sinso.MetaTx) error {
		for name, err := range lists(x, func() error { rows++; return nil }) {
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	return rows
}

// testErase fills an index with two persons, erases one study and then its person, and
// wants what is left to be what an index has that never knew of them.
func testErase(t *testing.T, m sinso.Meta) {
	keep := func(x sinso.MetaTx) error {
		other := release("r_2", "p_2", 2)
		other.Study = "s_2"
		sold := order(2, "p_2")
		sold.Release = "r_2"
		shown := share("l_2", "p_2")
		shown.Study = "s_2"
		signs := credential("k_2", "p_2")
		token := bearer("b2")
		token.Person = "p_2"
		return errors.Join(x.SavePerson(person("p_2")), file(x, "p_2", "s_2", "e_2", 2), x.SaveRelease(other), x.SaveOrder(sold), x.SaveShare(shown),
			x.SaveReview(review("v_2", "s_2")), x.SaveCredential(signs), x.SaveBearer(token), x.SaveQuarantine(quarantined("q2", 2)),
			x.SavePublic(cid("public2")), x.SaveEvent(20, "p_2", "s_2"))
	}
	tx(t, m, keep)
	before := everyRow(t, m)
	tx(t, m, func(x sinso.MetaTx) error {
		gone := release("r_1", "p_1", 1)
		gone.Study = "s_1"
		shown := share("l_1", "p_1")
		shown.Study = "s_1"
		return errors.Join(x.SavePerson(person("p_1")), file(x, "p_1", "s_1", "e_1", 3), x.SaveMetadata("i_e_1_1", []byte(`{"1":{}}`)),
			x.RemoveInstance("i_e_1_2", 500), x.SaveRelease(gone), x.SaveOrder(order(1, "p_1")), x.SaveShare(shown), x.SaveReview(review("v_1", "s_1")),
			x.SaveCredential(credential("k_1", "p_1")), x.SaveBearer(bearer("b1")), x.SaveQuarantine(quarantined("q1", 1)), x.SavePublic(cid("public1")),
			x.SaveEvent(30, "p_1", "s_1", "i_e_1_2"), x.SaveEvent(31, "p_1", "s_1"), x.SaveEvent(32, "p_1", "after"))
	})
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.EraseStudy("s_1"), x.EraseStudy("s_none"), x.ErasePerson("p_1"), x.ErasePerson("p_none"), x.EraseQuarantine(quarantined("q1", 1).CID),
			x.RemovePublic(cid("public1")), x.RemovePublic(cid("none")), x.EraseEvents(30, 32),
			x.SaveErasure(sinso.ErasureRow{Seq: 40, Study: "s_1", Begun: at(1)}))
	})
	// The erasure, that there were three events, and the one that is of no study.
	equal(t, "rows that are left", everyRow(t, m), before+1+3+1)
	view(t, m, func(x sinso.MetaTx) error {
		_, errStudy := x.Study("s_1")
		_, errPerson := x.Person("p_1")
		_, errToken := x.Bearer("b1")
		_, errSign := x.Credential("k_1")
		for _, err := range []error{errStudy, errPerson, errToken, errSign} {
			is(t, "what was erased", err, sinso.ErrNotFound)
		}
		public, err := x.Public(cid("public1"))
		equal(t, "public", public, false)
		left := []uint64{}
		err = errors.Join(err, x.EventsOf("p_1", "", func(seq uint64) error { left = append(left, seq); return nil }),
			x.EventsOf("", "s_1", func(seq uint64) error { left = append(left, seq); return nil }))
		equal(t, "events", left, []uint64{32})
		_, found := x.Study("s_2")
		return errors.Join(err, found)
	})
	// An instance that was taken out stays away; of one that was erased nothing is known.
	tx(t, m, func(x sinso.MetaTx) error { return file(x, "p_1", "s_1", "e_1", 3) })
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.Study("s_1")
		equal(t, "instances that came again", row.Instances, 3)
		return err
	})
	if err := m.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Check(t.Context()); err != nil {
		t.Error(err)
	}
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.Study("s_2")
		equal(t, "instances after a scrub", row.Instances, 2)
		return err
	})
	tx(t, m, func(x sinso.MetaTx) error { return x.SavePerson(person("p_3")) })
}
