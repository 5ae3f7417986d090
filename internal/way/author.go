package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// A co-creator adds a work of their own to a release, signed with their key, and is paid a
// share for ever. So a release with one waits: nothing is made, and nothing signed in their
// name, before they have agreed to this release. Whoever keeps the node has all keys, and
// may agree in their name; that is written down as such.

// authorWithin is how long a co-creator has for an answer.
const authorWithin = 14 * 24 * time.Hour

// Why a release that waited for its co-creator ended.
const (
	ReasonDeclined   = sinso.Reason("author-declined")  // the co-creator does not want it
	ReasonWithdrawn  = sinso.Reason("author-withdrawn") // the owner asked no longer: in logs of before [Way.CallOff] did that
	ReasonUnanswered = sinso.Reason("author-silent")    // nobody answered in time
	ReasonChanged    = sinso.Reason("study-changed")    // the owner had let go of less than there is by now
)

// AuthorAnswer is what is said of a release that waits for its co-creator.
type AuthorAnswer uint8

// The answers.
const (
	AuthorAccepts  AuthorAnswer = iota + 1
	KeeperAccepts               // in the co-creator's name
	AuthorDeclines              // or the keeper, in their name
)

// accepts reports whether an answer lets a release go on.
func (a AuthorAnswer) accepts() bool { return a == AuthorAccepts || a == KeeperAccepts }

// checkAuthor is ErrInvalid for a co-creator who cannot be one of a study's release, and
// ErrUnsupported for a work that this node cannot make. Whether there is such a person is
// not told: who waits for nobody waits in vain.
func (w *Way) checkAuthor(study sinso.StudyRow, author *sinso.PlannedAuthor) error {
	switch {
	case author == nil:
		return nil
	case isNoRole(author.Role) || author.Role == rolePatient:
		return fmt.Errorf("way: the co-creator's role is no plain word of small letters, or the owner's: %w", sinso.ErrInvalid)
	case author.Person == study.Person:
		return fmt.Errorf("way: a co-creator is somebody else than the person whose study it is: %w", sinso.ErrInvalid)
	case w.cfg.Makers[author.Work] == nil:
		return fmt.Errorf("way: this node cannot make a work of this name: %w", sinso.ErrUnsupported)
	}
	return nil
}

// AnswerAuthor answers for a release that waits for its co-creator. One that was accepted
// is made and offered, as by [Way.Release]; any other ends refused. The same answer again
// is taken, and waits for nothing that another waits for; another, or one that comes too
// late, is ErrExists. ErrManyReleases if too many of its person's wait: then nothing is
// answered.
func (w *Way) AnswerAuthor(ctx context.Context, id sinso.ReleaseID, answer AuthorAnswer, actor string, progress func(done, total int)) (sinso.ReleaseRow, error) {
	if answer.accepts() && w.Chain == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	row, err := w.ReleaseRow(ctx, id)
	if err != nil {
		return row, fmt.Errorf("way: release %s: %w", id, err)
	}
	unfinished := toBeMade(row) || row.State == sinso.ReleaseIsStored && !row.Draft
	if !answer.accepts() || !unfinished || w.making.isHeld(id) {
		return w.answerAuthor(ctx, id, answer, actor)
	}
	a, err := w.making.enter(ctx, row.Person)
	if err != nil {
		return row, err
	}
	defer a.leave()
	if row, err = w.answerAuthor(ctx, id, answer, actor); err != nil {
		return row, err
	}
	a.hold(id)
	end, err := w.making.take(ctx)
	if err != nil {
		return row, err
	}
	defer end()
	return w.advance(ctx, id, actor, progress)
}

func (w *Way) answerAuthor(ctx context.Context, id sinso.ReleaseID, answer AuthorAnswer, actor string) (sinso.ReleaseRow, error) {
	w.asking.Lock()
	defer w.asking.Unlock()
	row, err := w.ReleaseRow(ctx, id)
	if err != nil {
		return row, fmt.Errorf("way: release %s: %w", id, err)
	}
	if answer.accepts() && !row.Accepted.IsZero() || answer == AuthorDeclines && row.Reason == ReasonDeclined {
		return row, nil
	}
	if row.State != sinso.ReleaseIsAwaiting || w.tooLate(row) && answer.accepts() {
		return row, fmt.Errorf("way: release %s does not wait for an answer any more: %w", id, sinso.ErrExists)
	}
	if answer == AuthorDeclines {
		err = w.recordOne(ctx, sinso.EventAuthorDeclined, actor, row.Person, sinso.AuthorDeclined{Release: id, Reason: ReasonDeclined})
	} else {
		err = w.recordOne(ctx, sinso.EventAuthorAccepted, actor, row.Person, sinso.AuthorAccepted{Release: id, InTheirName: answer == KeeperAccepts})
	}
	if err != nil {
		return row, err
	}
	return w.ReleaseRow(ctx, id)
}

func (w *Way) tooLate(row sinso.ReleaseRow) bool { return !w.Clock.Now().Before(row.Until) }

// unanswered ends a release that nobody answered in time. It reports whether what is in
// the index is no longer what waits: it ended, or was answered meanwhile.
func (w *Way) unanswered(ctx context.Context, id sinso.ReleaseID, actor string) (bool, error) {
	w.asking.Lock()
	defer w.asking.Unlock()
	row, err := w.ReleaseRow(ctx, id)
	if err != nil || row.State != sinso.ReleaseIsAwaiting {
		return err == nil, err
	}
	if !w.tooLate(row) {
		return false, nil
	}
	return true, w.recordOne(ctx, sinso.EventAuthorDeclined, actor, row.Person, sinso.AuthorDeclined{Release: id, Reason: ReasonUnanswered})
}

// changedSinceAsked ends a release that waited while more came into its study, or a template
// was drawn: its owner has let go of what was there then, and of nothing else, and what
// persons want blanked is blanked.
func (w *Way) changedSinceAsked(ctx context.Context, row sinso.ReleaseRow, actor string) (bool, error) {
	if row.Asked == 0 {
		return false, nil
	}
	study, err := w.Study(ctx, row.Study)
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil // it is recalled: [Way.derive]
	}
	if err != nil {
		return false, err
	}
	drawn, err := w.drawnSince(ctx, row)
	if err != nil || !drawn && study.ImportSeq < row.Asked && study.Listed == study.Instances {
		return false, err
	}
	return true, w.recordOne(ctx, sinso.EventAuthorDeclined, actor, row.Person, sinso.AuthorDeclined{Release: row.ID, Reason: ReasonChanged})
}

// drawnSince reports whether templates that fit a release's study are not in its profile.
func (w *Way) drawnSince(ctx context.Context, row sinso.ReleaseRow) (bool, error) {
	own, err := w.ProfileOf(row)
	if err != nil {
		return false, err
	}
	now, err := w.effective(ctx, own, row.Study)
	return err == nil && !madeUnder(now, row), err
}

// tendAsked ends what no co-creator answered in time.
func (w *Way) tendAsked(ctx context.Context) error {
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range releases {
		if row.State == sinso.ReleaseIsAwaiting {
			_, err := w.unanswered(ctx, row.ID, "node")
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Asked lists the releases whose co-creator a person is and was asked to be, oldest first;
// "" lists those of everybody.
func (w *Way) Asked(ctx context.Context, person sinso.PersonID) ([]sinso.ReleaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.ReleaseRow, error) {
		rows := []sinso.ReleaseRow{}
		err := tx.Releases("", func(row sinso.ReleaseRow) error {
			if row.Asked == 0 {
				return nil
			}
			author, err := alive(tx, row.Author.Person)
			if err == nil && (person == "" || author == person) {
				rows = append(rows, row)
			}
			return err
		})
		return rows, err
	})
}

// Author is whose answer a release waits for, or had: the person whom its co-creator is by
// now. ErrNotFound if nobody was asked.
func (w *Way) Author(ctx context.Context, row sinso.ReleaseRow) (sinso.PersonID, error) {
	if row.Asked == 0 {
		return "", fmt.Errorf("way: release %s asks nobody: %w", row.ID, sinso.ErrNotFound)
	}
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonID, error) { return alive(tx, row.Author.Person) })
}

func projectAccepted(tx sinso.MetaTx, e sinso.Event, b sinso.AuthorAccepted) ([]string, error) {
	return change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		if row.State == sinso.ReleaseIsAwaiting {
			row.State, row.Accepted, row.ForAuthor = sinso.ReleaseIsPlanned, e.At, b.InTheirName
		}
	})
}

func projectDeclined(tx sinso.MetaTx, e sinso.Event, b sinso.AuthorDeclined) ([]string, error) {
	return change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		if toBeMade(*row) {
			row.State, row.Reason = sinso.ReleaseIsRefused, b.Reason
		}
	})
}
