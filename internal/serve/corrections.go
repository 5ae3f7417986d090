package serve

import (
	"net/http"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// Corrections of what is filed: the keeper's.

func (s *Server) corrections() []route {
	return []route{
		{"GET", api + "/local/rejections", "rejections", keeper, "instances that are not shown, and why, oldest first", nil, answer((*call).rejections)},
		{"POST", api + "/local/rejections", "reject", keeper, "take a study or instances out; their sealed bytes stay", nil, take(maxPaths, (*call).reject)},
		{"POST", api + "/local/restorations", "restore", keeper, "show rejected instances again", nil, take(maxPaths, (*call).restore)},
		{"POST", api + "/local/merges", "merge", keeper, "make two persons one", nil, take(maxBody, (*call).merge)},
		{"POST", api + "/local/moves", "move", keeper, "file a study under another person", nil, take(maxBody, (*call).move)},
	}
}

// wrong is what is to be taken out: a study, or instances.
type wrong struct {
	Study     sinso.StudyID      `json:"study,omitempty"`
	Instances []sinso.InstanceID `json:"instances,omitempty"`
}

// merging makes one person another.
type merging struct {
	From sinso.PersonID `json:"from"`
	Into sinso.PersonID `json:"into"`
}

// moving files a study elsewhere.
type moving struct {
	Study  sinso.StudyID  `json:"study"`
	Person sinso.PersonID `json:"person"`
}

// putRight says that a correction is done.
type putRight struct {
	Instances int    `json:"instances,omitempty"`
	Says      string `json:"says"`
}

func (c *call) rejections() (list[way.Rejection], error) {
	rows, err := c.way.Rejections(c.ctx())
	return list[way.Rejection]{Items: rows}, err
}

func (c *call) reject(in wrong) (putRight, error) {
	ids := in.Instances
	switch {
	case (in.Study == "") == (len(ids) == 0):
		return putRight{}, refused(http.StatusBadRequest, sinso.ErrInvalid, "name a study, or instances")
	case in.Study != "":
		if _, err := c.way.Study(c.ctx(), in.Study); err != nil {
			return putRight{}, err
		}
		rows, err := c.way.Instances(c.ctx(), in.Study)
		if err != nil {
			return putRight{}, err
		}
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
	}
	return putRight{len(ids), way.SaysRejected}, c.way.Reject(c.ctx(), ids, way.ReasonDeleted, c.caller.ID)
}

func (c *call) restore(in wrong) (putRight, error) {
	return putRight{len(in.Instances), way.SaysRestored}, c.way.Restore(c.ctx(), in.Instances, c.caller.ID)
}

func (c *call) merge(in merging) (putRight, error) {
	return putRight{0, way.SaysMerged}, c.way.Merge(c.ctx(), in.From, in.Into, c.caller.ID)
}

func (c *call) move(in moving) (putRight, error) {
	return putRight{0, way.SaysMoved}, c.way.Move(c.ctx(), in.Study, in.Person, c.caller.ID)
}
