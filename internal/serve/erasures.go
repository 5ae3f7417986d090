package serve

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

func (s *Server) erasing() []route {
	return []route{
		{"POST", api + "/studies/{study}/erasure", "eraseStudy", signedIn, "erase a study for good: its keys are destroyed and its objects deleted, and what it was shared or offered as ends; answers with a signed receipt, or with when it will be erased if the institution must keep it for now: it is shown no more until then. Not while money is under way for it (409), nor with money in its accounts unless that is to be left", nil, take(maxBody, (*call).eraseStudy)},
		{"GET", api + "/local/erasures", "erasures", keeper, "what was erased, or is being erased, oldest first", nil, answer((*call).erasures)},
		{"GET", api + "/local/holds", "holds", keeper, "the legal holds that stand, oldest first", nil, answer((*call).holds)},
		{"POST", api + "/local/holds", "hold", keeper, "put a study, or all of a person, under a legal hold: nothing of it is erased until it ends", nil, take(maxBody, (*call).hold)},
		{"DELETE", api + "/local/holds/{what}", "endHold", keeper, "end a legal hold; what was to be erased meanwhile is erased next", nil, answer((*call).endHold)},
		{"POST", api + "/local/erasures", "erase", keeper, "erase a study, a person with all that is theirs, or an object in quarantine, for good", nil, take(maxBody, (*call).erase)},
	}
}

// eraseOrder is what is to be erased, and how.
type eraseOrder struct {
	ID         string `json:"id,omitempty"`
	LeaveMoney bool   `json:"leaveMoney,omitempty"` // what is in accounts whose keys go with it is lost
}

// erasureView is an erasure as it is told.
type erasureView struct {
	ID        string          `json:"id"`
	Begun     time.Time       `json:"begun"`
	Done      time.Time       `json:"done,omitzero"`     // absent: it is not complete
	Until     time.Time       `json:"until,omitzero"`    // it waits: the institution must keep it until then,
	Held      bool            `json:"held,omitempty"`    // or, besides, for as long as a legal hold stands
	Receipt   json.RawMessage `json:"receipt,omitempty"` // the exact bytes that are signed
	Signature []byte          `json:"signature,omitempty"`
	// Copies say what has become of the copies with peers by now; the receipt what they
	// answered before it was signed.
	Copies []sinso.ErasedCopy `json:"copies,omitempty"`
	// Unasked are ERC-20 tokens that did not say what is in the accounts whose keys go: told once, to who asked for it.
	Unasked []sinso.Address `json:"unasked,omitempty"`
}

func (c *call) toldOf(row sinso.ErasureRow) (erasureView, error) {
	id := string(row.Study) + string(row.Person) + string(row.Refused) // it has one of them
	copies, err := c.way.ErasedCopies(c.ctx(), row)
	return erasureView{ID: id, Begun: row.Begun, Done: row.Done, Until: row.Until, Held: row.Held, Receipt: row.Receipt, Signature: row.Signature, Copies: copies, Unasked: row.Unasked}, err
}

// eraseStudy erases a study of the caller's own.
func (c *call) eraseStudy(in eraseOrder) (erasureView, error) {
	study, err := c.erasableStudy()
	if err != nil {
		return erasureView{}, err
	}
	row, err := c.way.Erase(c.ctx(), string(study), way.EraseOptions{Actor: c.caller.ID, LeaveMoney: in.LeaveMoney})
	if err != nil {
		return erasureView{}, err
	}
	return c.toldOf(row)
}

// erasableStudy is the study in the path, if it is the caller's: also one that is not shown
// any more, because an erasure was begun and had to wait.
func (c *call) erasableStudy() (sinso.StudyID, error) {
	study, err := c.studyRow(auth.Sell)
	if !errors.Is(err, sinso.ErrNotFound) {
		return study.ID, err
	}
	id, err := c.id("study", "s_")
	if err != nil {
		return "", err
	}
	owner, err := c.way.Holder(c.ctx(), sinso.StudyID(id))
	if err != nil {
		return "", err
	}
	return sinso.StudyID(id), c.caller.May(auth.Sell, owner)
}

func (c *call) erase(in eraseOrder) (erasureView, error) {
	row, err := c.way.Erase(c.ctx(), in.ID, way.EraseOptions{Actor: c.caller.ID, LeaveMoney: in.LeaveMoney})
	if err != nil {
		return erasureView{}, err
	}
	return c.toldOf(row)
}

func (c *call) erasures() (list[erasureView], error) {
	rows, err := c.way.Erasures(c.ctx())
	if err != nil {
		return list[erasureView]{}, err
	}
	waiting, err := c.way.Waiting(c.ctx())
	if err != nil {
		return list[erasureView]{}, err
	}
	rows = append(rows, waiting...)
	told := make([]erasureView, len(rows))
	for i, row := range rows {
		if told[i], err = c.toldOf(row); err != nil {
			return list[erasureView]{}, err
		}
	}
	return list[erasureView]{Items: told}, nil
}

// holdOrder is what is to be held, and why.
type holdOrder struct {
	What   string           `json:"what"`
	Reason sinso.HoldReason `json:"reason"`
}

func (c *call) holds() (list[sinso.HoldRow], error) {
	rows, err := c.way.Holds(c.ctx())
	return list[sinso.HoldRow]{Items: rows}, err
}

func (c *call) hold(in holdOrder) (list[sinso.HoldRow], error) {
	if err := c.way.Hold(c.ctx(), in.What, in.Reason, c.caller.ID); err != nil {
		return list[sinso.HoldRow]{}, err
	}
	return c.holds()
}

func (c *call) endHold() (list[sinso.HoldRow], error) {
	if err := c.way.EndHold(c.ctx(), chi.URLParam(c.r, "what"), c.caller.ID); err != nil {
		return list[sinso.HoldRow]{}, err
	}
	return c.holds()
}
