package serve

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// room is how much a person keeps on this node, in plain bytes. What was refused and is in
// quarantine counts where there is a quota; what was rejected does not: nobody sees it.
type room struct {
	Used  int64 `json:"used"`
	Quota int64 `json:"quota"` // that they may keep; 0: there is no bound but the disk's
	// Nearly says that a tenth is left, or less.
	Nearly bool `json:"nearly,omitempty"`
}

// room is of the caller's own, or empty: who has nothing of their own has no quota.
func (c *call) room() (room, error) {
	if _, _, err := c.caller.Scope(auth.Import); err != nil || c.caller.Person == "" {
		return room{}, err
	}
	return c.roomOf(c.ctx(), c.caller.Person)
}

func (s *Server) roomOf(ctx context.Context, person sinso.PersonID) (room, error) {
	r := room{Quota: s.cfg.Quota}
	studies, err := s.way.Studies(ctx, person)
	for _, row := range studies {
		r.Used += row.Bytes
	}
	if err == nil && r.Quota > 0 {
		err = s.way.EachQuarantined(ctx, func(row sinso.QuarantineRow) {
			if row.Person == person {
				r.Used += row.Size
			}
		})
	}
	r.Nearly = r.Quota > 0 && r.Used >= r.Quota-r.Quota/10
	return r, err
}

// claims are the bytes that persons are about to keep: who comes meanwhile counts them.
type claims struct {
	mu sync.Mutex // guards of
	of map[sinso.PersonID]*claimed
}

// claimed are the claims of one person.
type claimed struct {
	mu    sync.Mutex // held while it is looked whether there is room; guards bytes
	bytes int64
	users int // guarded by claims.mu
}

// take returns the claims of a person, and what lets go of them.
func (c *claims) take(person sinso.PersonID) (mine *claimed, leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[sinso.PersonID]*claimed{}
	}
	if mine = c.of[person]; mine == nil {
		mine = &claimed{}
		c.of[person] = mine
	}
	mine.users++
	return mine, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if mine.users--; mine.users == 0 {
			delete(c.of, person)
		}
	}
}

// claimRoom reserves room for bytes that a person who sends by themselves is about to keep,
// until leave is called, when they are kept or were refused: ErrDenied if they may not keep so
// many more, with what they have, what they have begun to send in parts, and what other
// requests of theirs are about to keep.
func (s *Server) claimRoom(ctx context.Context, person sinso.PersonID, more int64) (leave func(), err error) {
	if s.cfg.Quota == 0 || person == "" {
		return func() {}, nil
	}
	mine, done := s.claims.take(person)
	mine.mu.Lock()
	defer mine.mu.Unlock()
	r, err := s.roomOf(ctx, person)
	var begun int64
	if err == nil {
		begun, err = s.begunUploads(ctx, person)
	}
	if taken := r.Used + begun + mine.bytes; err == nil && more > r.Quota-taken {
		err = fmt.Errorf("serve: you keep, or are sending, %d of the %d bytes that you may keep here, and this is more: ask who runs the node, or have something erased: %w", taken, r.Quota, sinso.ErrDenied)
	}
	if err != nil {
		done()
		return nil, err
	}
	mine.bytes += more
	return func() {
		mine.mu.Lock()
		mine.bytes -= more
		mine.mu.Unlock()
		done()
	}, nil
}

// begunUploads is how many bytes a person's uploads have that were not taken in yet.
func (s *Server) begunUploads(ctx context.Context, person sinso.PersonID) (bytes int64, err error) {
	if s.cfg.Uploads == nil {
		return 0, nil
	}
	err = s.cfg.Uploads.List(ctx, ownerOf(person), func(u sinso.Upload) error {
		if u.State != sinso.UploadDone {
			bytes += u.Size
		}
		return nil
	})
	return bytes, err
}

const ownerPrefix = "person:"

// ownerOf is the owner of a person's uploads.
func ownerOf(person sinso.PersonID) string { return ownerPrefix + string(person) }

// personOf is the person whose uploads an owner's are, "" if they are of a token that is no
// person's.
func personOf(owner string) sinso.PersonID {
	person, is := strings.CutPrefix(owner, ownerPrefix)
	if !is {
		return ""
	}
	return sinso.PersonID(person)
}

// claimAll is claimRoom of all that a source has, beyond what is claimed already: a zip has
// more in it than it is long. It is read once for that, where there is a quota.
func (s *Server) claimAll(ctx context.Context, person sinso.PersonID, already int64, source way.Source) (leave func(), err error) {
	if s.cfg.Quota == 0 || person == "" {
		return func() {}, nil
	}
	total := int64(0)
	if err := source(ctx, func(found ingest.Found) error {
		total += found.Item.Size()
		return nil
	}); err != nil {
		return nil, err
	}
	return s.claimRoom(ctx, person, max(total-already, 0))
}
