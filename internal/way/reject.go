package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// Corrections: what turns out to be wrong is taken back, and nothing of it is
// deleted. Each is one append to the log, with all that follows from it, so that
// none is ever half done. Whoever corrects holds w.filing, so that what comes at the
// same time is filed before the correction or after it, and then checked
// ([filer.settle], [filer.withdrawn]).

// Why the way itself takes objects and releases out.
const (
	ReasonDeleted    = sinso.Reason("deleted")         // by an operator
	ReasonErased     = sinso.Reason("erased")          // with its keys: for good
	ReasonAsked      = sinso.Reason("erasure-asked")   // it is to be erased, when it may be
	ReasonRecalled   = sinso.Reason("recalled")        // a release: an original of it was rejected
	ReasonFault      = sinso.Reason("fault")           // an instance of a release: a mistake in this program
	ReasonUnreadable = sinso.Reason("unreadable")      // an instance: no derivative can be made of it
	ReasonReviewed   = sinso.Reason("review-overtook") // somebody found that less may go while it was made
	ReasonMoved      = sinso.Reason("another-persons") // the study was filed under the wrong person
)

// Explain returns a sentence for a reason of this package, "" for others.
func Explain(reason sinso.Reason) string {
	switch reason {
	case ReasonDeleted:
		return "an operator took it out; its sealed bytes stay until retention is decided"
	case ReasonErased:
		return "it was erased: its keys are destroyed, and nobody can bring it back"
	case ReasonAsked:
		return "its owner wants it erased; the institution has to keep it for now, and it is erased when that ends"
	case ReasonLeak:
		return "somebody who looked at a sample of what was released found that it still identifies the person"
	case ReasonFault:
		return "this program failed on it, which is a mistake in the program: please report it, without the object"
	case ReasonUnreadable:
		return "it cannot be read well enough to be written again without what identifies"
	case ReasonReviewed:
		return "somebody who looked at it while it was made found that less of it may go: release it again"
	case ReasonRisk:
		return "too few persons look the same by what it shows: somebody who knows these things of the person could tell whose it is"
	case ReasonQuality:
		return "it is not formatted or whole enough to be sold: sinso asset grade says what was found, and what would help"
	case ReasonOutgrown:
		return "it was made ahead, and more came into its study before anybody offered it; nothing of it was for anyone"
	case ReasonRecalled:
		return "an original that it may be made from was rejected; a copy that was sold before cannot be called back"
	case ReasonCalledOff:
		return "it was called off before it was registered: nothing of it was offered"
	case ReasonNotChosen:
		return "it is of no series that was chosen, and stays here"
	case ReasonNoWork:
		return "the co-creator's work cannot be made of what may be released: release it without, or with another"
	case ReasonDerivative:
		return saysDerivative
	case ReasonDeclined:
		return "the co-creator does not want to be one of this copy; it can be offered without them"
	case ReasonWithdrawn:
		return "its owner asks the co-creator no longer"
	case ReasonUnanswered:
		return "the co-creator did not answer in time; it can be offered without them, or they can be asked again"
	case ReasonChanged:
		return "more came into the study while the co-creator was asked, and its owner has not let go of that: offer it anew"
	case ReasonUnasked:
		return "nobody has said yet whose it is"
	case ReasonKept:
		return "who sent it keeps records for this patient: it is filed when who works the archive names the person"
	case ReasonUnknown:
		return "who sent it does not know whose it is: it is filed when who works the archive names the person"
	case ReasonMoved:
		return "its study turned out to be another person's; a copy that was sold before cannot be called back"
	}
	return ""
}

// The subjects that the index finds corrections by.
const subjectCorrections = "corrections" // of all

// subjectNamed is of what a rejection says of one SOP Instance UID of a study.
func subjectNamed(study sinso.StudyID, uid string) string { return string(study) + "/" + uid }

// subjectStudy is of all that was corrected of a study.
func subjectStudy(study sinso.StudyID) string { return "corrected/" + string(study) }

// subjectMoved is of the moves of a study.
func subjectMoved(study sinso.StudyID) string { return "moved/" + string(study) }

// loadCorrections looks whether anything was ever corrected: else what comes need
// not be checked.
func (w *Way) loadCorrections(ctx context.Context) error {
	some, err := view(ctx, w, func(tx sinso.MetaTx) (bool, error) { return anyOf(tx, subjectCorrections) })
	w.corrected.Store(some)
	return err
}

// anyOf reports whether any event has a subject.
func anyOf(tx sinso.MetaTx, subject string) (some bool, err error) {
	err = tx.EventsOf("", subject, func(uint64) error {
		some = true
		return errEnough
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return some, err
}

// correct logs a correction and brings it into the index.
func (w *Way) correct(ctx context.Context, events ...sinso.Event) error {
	w.corrected.Store(true)
	return w.record(ctx, nil, events...)
}

// Reject takes instances out of what the archive shows, for an operator: with reason
// [ReasonDeleted], as a rule. Their sealed bytes stay. Releases that may be made of
// them are recalled. The same bytes stay away when they come again, until they are
// restored ([Way.Restore]). ErrNotFound if none of them is there.
func (w *Way) Reject(ctx context.Context, ids []sinso.InstanceID, reason sinso.Reason, actor string) error {
	if len(ids) == 0 {
		return nil
	}
	orders, err := w.reject(ctx, ids, reason, actor)
	if err != nil {
		return err
	}
	w.endOnChain(ctx, orders, actor)
	return nil
}

func (w *Way) reject(ctx context.Context, ids []sinso.InstanceID, reason sinso.Reason, actor string) (orders []sinso.Hash, err error) {
	w.filing.Lock()
	defer w.filing.Unlock()
	w.answers.Lock()
	defer w.answers.Unlock()
	gone, err := w.shown(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(gone) == 0 {
		return nil, fmt.Errorf("way: reject: none of the %d instances is there: %w", len(ids), sinso.ErrNotFound)
	}
	var events []sinso.Event
	for _, study := range gone {
		body := sinso.Rejected{Reason: reason, Studies: []sinso.StudyID{study.ID}}
		for _, row := range study.rows {
			body.Instances = append(body.Instances, row.ID)
		}
		event, err := w.entry(sinso.EventRejected, actor, study.Person, "", body, nil)
		if err != nil {
			return nil, err
		}
		recalled, revoked, err := w.recalls(ctx, study, ReasonRecalled, actor)
		if err != nil {
			return nil, err
		}
		ended, err := w.endings(ctx, study, actor)
		if err != nil {
			return nil, err
		}
		events, orders = slices.Concat(events, []sinso.Event{event}, recalled, ended), append(orders, revoked...)
	}
	if err := w.correct(ctx, events...); err != nil {
		return nil, err
	}
	for _, study := range gone {
		w.touch(study.ID, ImportOptions{Actor: actor, Origin: study.Origin})
	}
	return orders, nil
}

// corrected is a study with those of its instances that are corrected.
type corrected struct {
	sinso.StudyRow
	rows []sinso.InstanceRow
}

// shown finds instances by their IDs, by study; those that are not there are left out.
func (w *Way) shown(ctx context.Context, ids []sinso.InstanceID) ([]*corrected, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (found []*corrected, err error) {
		for _, id := range ids {
			row, err := tx.Instance(id)
			if errors.Is(err, sinso.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if found, err = add(tx, found, row); err != nil {
				return nil, err
			}
		}
		return found, nil
	})
}

// add puts an instance to its study.
func add(tx sinso.MetaTx, found []*corrected, row sinso.InstanceRow) ([]*corrected, error) {
	at := slices.IndexFunc(found, func(c *corrected) bool { return c.ID == row.Study })
	if at < 0 {
		study, err := tx.Study(row.Study)
		if err != nil {
			return nil, err
		}
		at, found = len(found), append(found, &corrected{StudyRow: study})
	}
	if !slices.ContainsFunc(found[at].rows, func(r sinso.InstanceRow) bool { return r.ID == row.ID }) {
		found[at].rows = append(found[at].rows, row)
	}
	return found, nil
}

// Rejection is one instance that is not shown.
type Rejection struct {
	Instance sinso.InstanceID `json:"instance"`
	Person   sinso.PersonID   `json:"person"`
	Study    sinso.StudyID    `json:"study,omitempty"`
	Reason   sinso.Reason     `json:"reason"`
	By       string           `json:"by,omitempty"` // the note's instance; its own: it is a note that is not shown
	Actor    string           `json:"actor"`
	At       time.Time        `json:"at"`
}

// Rejections lists what is rejected, oldest first.
func (w *Way) Rejections(ctx context.Context) ([]Rejection, error) {
	seqs, err := view(ctx, w, func(tx sinso.MetaTx) ([]uint64, error) {
		return gather(func(fn func(uint64) error) error { return tx.EventsOf("", subjectCorrections, fn) })
	})
	if err != nil {
		return nil, err
	}
	at, all := map[sinso.InstanceID]int{}, []Rejection{}
	var failed error
	err = w.each(ctx, seqs, func(e sinso.Event) bool {
		failed = foldRejections(e, at, &all)
		return failed == nil
	})
	rows := []Rejection{}
	for i, row := range all {
		if now, is := at[row.Instance]; is && now == i {
			rows = append(rows, row)
		}
	}
	return rows, errors.Join(err, failed)
}

// foldRejections brings what is rejected up to an event; at is where each stands.
func foldRejections(e sinso.Event, at map[sinso.InstanceID]int, all *[]Rejection) error {
	switch e.Type { //nolint:exhaustive // the others reject nothing
	case sinso.EventRejected:
		b, err := bodyOf[sinso.Rejected](e)
		if err != nil {
			return err
		}
		row := Rejection{Person: e.Person, Reason: b.Reason, By: b.By, Actor: e.Actor, At: e.At}
		if len(b.Studies) == 1 {
			row.Study = b.Studies[0]
		}
		for _, row.Instance = range b.Instances {
			at[row.Instance] = len(*all)
			*all = append(*all, row)
		}
	case sinso.EventRestored:
		b, err := bodyOf[sinso.Restored](e)
		if err != nil {
			return err
		}
		for _, one := range b.Instances {
			delete(at, one.Instance.ID)
		}
	}
	return nil
}

// projectRejected takes instances out. What is left of their studies is to be listed
// anew.
func projectRejected(tx sinso.MetaTx, e sinso.Event, b sinso.Rejected) ([]string, error) {
	subjects := []string{subjectCorrections}
	if b.By != "" {
		subjects = append(subjects, b.By)
	}
	studies := slices.Clone(b.Studies)
	for _, id := range b.Instances {
		row, err := tx.Instance(id)
		if err != nil && !errors.Is(err, sinso.ErrNotFound) {
			return nil, err
		}
		if err := tx.RemoveInstance(id, e.Seq); err != nil {
			return nil, err
		}
		subjects = append(subjects, string(id))
		if row.Study != "" && !slices.Contains(studies, row.Study) {
			studies = append(studies, row.Study)
		}
	}
	for _, study := range studies {
		subjects = append(subjects, string(study), subjectStudy(study))
		if err := relist(tx, study, nil); err != nil {
			return nil, err
		}
	}
	for _, study := range b.Studies {
		for _, uid := range b.UIDs {
			subjects = append(subjects, subjectNamed(study, uid))
		}
	}
	return subjects, nil
}

// relist lets a study's list be made anew, if there is anything left of it, and edits
// its row.
func relist(tx sinso.MetaTx, id sinso.StudyID, edit func(*sinso.StudyRow)) error {
	study, err := tx.Study(id)
	if errors.Is(err, sinso.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	study.Listed = 0
	if edit != nil {
		edit(&study)
	}
	return tx.SaveStudy(study)
}

// What each correction does not do, said wherever it is done.
const (
	SaysRejected = "not shown any more; the sealed bytes stay until retention is decided. What was derived from it is recalled: the key is not given out again; a key or a copy that was handed out before cannot be called back by anyone"
	SaysRestored = "shown again; what was recalled stays recalled: release it anew"
	SaysMerged   = "the two are one: tokens of the first see nothing any more; make new ones for the second"
	SaysMoved    = "filed under the other person, whose key alone opens it here; the objects say what they said, the name in them too. What was derived from it is recalled: a key or a copy that was handed out before cannot be called back by anyone"
)
