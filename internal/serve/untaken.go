package serve

import (
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// untaken is an upload that is here whole and could not be taken in yet, as who keeps the
// node sees it: how its owner calls the file is not shown.
type untaken struct {
	ID      sinso.UploadID `json:"id"`
	Person  sinso.PersonID `json:"person,omitempty"` // whose the data is, if that was said
	Size    int64          `json:"size"`             // bytes
	Created time.Time      `json:"created"`
	Again   *time.Time     `json:"again,omitempty"` // when it is tried again by itself, if it is
	Expires time.Time      `json:"expires"`         // when it is forgotten
}

// untakenList lists those of everybody, oldest first.
func (c *call) untakenList() (list[untaken], error) {
	found := list[untaken]{Items: []untaken{}}
	if c.cfg.Uploads == nil {
		return found, nil
	}
	err := c.cfg.Uploads.List(c.ctx(), "", func(u sinso.Upload) error {
		if u.State == sinso.UploadFailed {
			found.Items = append(found.Items, untaken{u.ID, u.Person, u.Size, u.Created.UTC(), set(u.Again), u.Expires.UTC()})
		}
		return nil
	})
	return found, err
}

// retryUntaken has an upload of anybody tried again now.
func (c *call) retryUntaken() error {
	id := c.r.PathValue("upload")
	if c.cfg.Uploads == nil || !opaque("u_", id) {
		return fmt.Errorf("serve: upload: %w", sinso.ErrNotFound)
	}
	if err := c.cfg.Uploads.Retry(c.ctx(), sinso.UploadID(id)); err != nil {
		return err
	}
	c.w.WriteHeader(c.status)
	return nil
}
