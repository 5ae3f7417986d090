package metatest

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

func review(id, of string) sinso.ReviewRow {
	box := sinso.ReviewBox{Frame: -1, X0: 1, Y0: 2, X1: 30, Y1: 40}
	return sinso.ReviewRow{
		ReviewItem: sinso.ReviewItem{
			ID: sinso.ReviewID(id), Instance: "i_e_1_0", Reasons: []sinso.Reason{"burned-in"}, Device: "Synthetic · 1", Profile: "aa",
		},
		Study: sinso.StudyID(of), Person: "p_1", Release: "r_1", State: sinso.ReviewIsOpen,
		Said: []sinso.ReviewOpinion{{By: "owner-1", Decision: sinso.DecisionRedact, Boxes: []sinso.ReviewBox{box}, At: at(4)}},
		Seq:  70, Created: at(1), Updated: at(2),
	}
}

func stratum(device string, of uint32, made uint64) sinso.Stratum {
	return sinso.Stratum{Device: device, Profile: "aa", Plan: sinso.SamplePlan{Examine: 1, Of: of, Extra: 3}, Made: made, Chosen: 1, Window: 1}
}

// reviews lists items.
func reviews(t *testing.T, m sinso.Meta, person sinso.PersonID, study sinso.StudyID, after sinso.ReviewID) []sinso.ReviewRow {
	t.Helper()
	return all(t, m, func(x sinso.MetaTx, fn func(sinso.ReviewRow) error) error { return x.Reviews(person, study, after, fn) })
}

// testReviews: items stand in the order first saved, belong to whom their study
// belongs, and are not there without it.
func testReviews(t *testing.T, m sinso.Meta) {
	z, a, lost, o := review("v_z", "s_1"), review("v_a", "s_1"), review("v_l", "s_none"), review("v_o", "s_2")
	o.Person = "p_2"
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(
			x.SaveStudy(study("s_1", "p_1")), x.SaveStudy(study("s_2", "p_2")),
			x.SaveReview(z), x.SaveReview(lost), x.SaveReview(o), x.SaveReview(a),
		)
	})
	z.State = sinso.ReviewIsApproved
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveReview(z) }) // a change leaves the order
	equal(t, "all items, oldest first", reviews(t, m, "", "", ""), []sinso.ReviewRow{z, o, a})
	equal(t, "items of one", reviews(t, m, "p_1", "", ""), []sinso.ReviewRow{z, a})
	equal(t, "items of a study", reviews(t, m, "", "s_2", ""), []sinso.ReviewRow{o})
	equal(t, "items of another's study", reviews(t, m, "p_1", "s_2", ""), []sinso.ReviewRow(nil))
	equal(t, "items after the first", reviews(t, m, "", "", "v_z"), []sinso.ReviewRow{o, a})
	equal(t, "items after one that is not there", reviews(t, m, "", "", "v_none"), []sinso.ReviewRow(nil))
	moved := study("s_2", "p_1")
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveStudy(moved) })
	o.Person = "p_1"
	equal(t, "items of one who was given a study", reviews(t, m, "p_1", "", ""), []sinso.ReviewRow{z, o, a})
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Review("v_o")
		equal(t, "Review", got, o)
		_, gone := x.Review("v_l")
		is(t, "an item whose study is not there", gone, sinso.ErrNotFound)
		return err
	})
}

// testStrata: each is counted by itself, and stands as it was saved last.
func testStrata(t *testing.T, m sinso.Meta) {
	rows := []sinso.Stratum{stratum("b", 100, 2), stratum("b", 20, 1), stratum("a", 100, 5)}
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveStratum(rows[0]), x.SaveStratum(rows[1]), x.SaveStratum(rows[2]))
	})
	rows[0].Made, rows[0].Chosen = 1<<40, 9
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveStratum(rows[0]) })
	equal(t, "strata in their order", all(t, m, sinso.MetaTx.Strata), []sinso.Stratum{rows[2], rows[1], rows[0]})
}
