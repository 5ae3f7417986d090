package serve

import (
	"encoding/json"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

func (s *Server) erasing() []route {
	return []route{
		{"POST", api + "/studies/{study}/erasure", "eraseStudy", signedIn, "erase a study for good: its keys are destroyed and its objects deleted, and what it was shared or offered as ends; answers with a signed receipt. Not while money is under way for it (409), nor with money in its accounts unless that is to be left", nil, take(maxBody, (*call).eraseStudy)},
		{"GET", api + "/local/erasures", "erasures", keeper, "what was erased, or is being erased, oldest first", nil, answer((*call).erasures)},
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
	Receipt   json.RawMessage `json:"receipt,omitempty"` // the exact bytes that are signed
	Signature []byte          `json:"signature,omitempty"`
	// Copies say what has become of the copies with peers by now; the receipt what they
	// answered before it was signed.
	Copies []sinso.ErasedCopy `json:"copies,omitempty"`
}

func (c *call) toldOf(row sinso.ErasureRow) (erasureView, error) {
	id := string(row.Study) + string(row.Person) + string(row.Refused) // it has one of them
	copies, err := c.way.ErasedCopies(c.ctx(), row)
	return erasureView{ID: id, Begun: row.Begun, Done: row.Done, Receipt: row.Receipt, Signature: row.Signature, Copies: copies}, err
}

// eraseStudy erases a study of the caller's own.
func (c *call) eraseStudy(in eraseOrder) (erasureView, error) {
	study, err := c.studyRow(auth.Sell)
	if err != nil {
		return erasureView{}, err
	}
	row, err := c.way.Erase(c.ctx(), string(study.ID), way.EraseOptions{Actor: c.caller.ID, LeaveMoney: in.LeaveMoney})
	if err != nil {
		return erasureView{}, err
	}
	return c.toldOf(row)
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
	told := make([]erasureView, len(rows))
	for i, row := range rows {
		if told[i], err = c.toldOf(row); err != nil {
			return list[erasureView]{}, err
		}
	}
	return list[erasureView]{Items: told}, nil
}
