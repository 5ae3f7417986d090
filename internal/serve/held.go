package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
	wire "sinso.dev/sinso/internal/wire/held"
)

// Blocks of other nodes that this one holds: a guest's token opens these routes and no
// other, and no other token opens these.

// Held are the blocks of other nodes.
type Held interface {
	// Bearer finds the guest of a token by its hash: ErrNotFound if there is none.
	Bearer(ctx context.Context, hash string) (sinso.BearerRow, error)
	// Folder opens what a guest brought.
	Folder(id string) (HeldBlobs, error)
	// AddGuest makes a guest, and the token that is shown once.
	AddGuest(name string, quotaBytes int64) (sinso.HeldGuest, string, error)
	// Guests lists them by name.
	Guests() ([]sinso.HeldGuest, error)
	// RemoveGuest removes a guest and all that it brought.
	RemoveGuest(name string) (sinso.HeldGuest, error)
}

// HeldBlobs are the blocks of one guest.
type HeldBlobs interface {
	sinso.NamedBlobs
	sinso.ReclaimingBlobs
	// Prove answers a challenge: nil for a block that is not there, or not whole.
	Prove(ctx context.Context, nonce []byte, cids []sinso.CID) ([][]byte, error)
}

// noHeld is a server that holds nothing.
type noHeld struct{}

func (noHeld) Bearer(context.Context, string) (sinso.BearerRow, error) {
	return sinso.BearerRow{}, sinso.ErrNotFound
}
func (noHeld) Folder(string) (HeldBlobs, error)   { return nil, sinso.ErrNotFound }
func (noHeld) Guests() ([]sinso.HeldGuest, error) { return nil, sinso.ErrUnsupported }
func (noHeld) RemoveGuest(string) (sinso.HeldGuest, error) {
	return sinso.HeldGuest{}, sinso.ErrUnsupported
}

func (noHeld) AddGuest(string, int64) (sinso.HeldGuest, string, error) {
	return sinso.HeldGuest{}, "", sinso.ErrUnsupported
}

// newGuests tells guests by their tokens: an Authenticator of its own, so that a token of
// either kind is a stranger's at the other.
func newGuests(cfg Config) *auth.Authenticator {
	return auth.NewAuthenticator(auth.Config{Sender: door.Sender, Secure: door.Secure, Lookup: cfg.Held.Bearer, Clock: cfg.Clock, Rand: cfg.Rand})
}

func (s *Server) holding() []route {
	car, raws := "application/vnd.ipld.car", "application/vnd.ipld.raw"
	after := param{name: "after", says: "the CID behind which the list begins; from its beginning if not given"}
	return []route{
		{"GET", wire.BlocksPath, "heldBlocks", guest, "the CIDs that the guest brought, sorted, one a line, at most 65,536 of them; the last line is end, or more", []param{after}, raw(http.StatusOK, "text/plain; charset=utf-8", (*call).heldBlocks)},
		{"POST", wire.BlocksPath, "holdBlocks", guest, "hold blocks, a CARv1 file without roots (" + car + "); durable when answered, all or none", nil, answer((*call).holdBlocks).bytes(wire.MaxBody)},
		{"GET", wire.BlocksPath + "/{cid}", "heldBlock", guest, "one block", nil, raw(http.StatusOK, raws, (*call).heldBlock)},
		{"POST", wire.HasPath, "heldPresence", guest, "which of some blocks are there; it proves nothing", nil, take(maxPaths, (*call).heldPresence)},
		{"POST", wire.ProofsPath, "proveHeld", guest, "prove that blocks are there now: for each a hash of the nonce and its bytes, or null", nil, take(maxBody, (*call).proveHeld)},
		{"POST", wire.DeletePath, "deleteHeld", guest, "delete blocks", nil, take(maxPaths, (*call).deleteHeld)},
		{"POST", wire.ReclaimPath, "reclaimHeld", guest, "free the bytes of what was deleted", nil, answer((*call).reclaimHeld)},
		{"GET", wire.NamesPath + "/{name}", "heldName", guest, "the CID under a name", nil, answer((*call).heldName)},
		{"PUT", wire.NamesPath + "/{name}", "nameHeld", guest, "put a CID under a name, or take the name away", nil, take(maxBody, (*call).nameHeld)},

		{"GET", api + "/local/held", "guests", keeper, "the nodes whose blocks this one holds, by name", nil, answer((*call).guests)},
		{"POST", api + "/local/held", "makeGuest", keeper, "hold blocks of another node, up to a quota; answers with its token, which is shown this once", nil, take(maxBody, (*call).makeGuest)},
		{"DELETE", api + "/local/held/{name}", "removeGuest", keeper, "hold them no longer: all that the guest brought is deleted", nil, answer((*call).removeGuest)},
	}
}

// folder is what the caller brought.
func (c *call) folder() (HeldBlobs, error) {
	id, is := strings.CutPrefix(c.caller.ID, string(sinso.RoleReplica)+":") // the first digits of its token's hash
	if !is {
		return nil, fmt.Errorf("serve: no guest: %w", sinso.ErrNotFound)
	}
	return c.cfg.Held.Folder(id)
}

// full tells what a guest is to know of the disk of its host.
func full(err error) error {
	if errors.Is(err, sinso.ErrFull) {
		return refused(http.StatusInsufficientStorage, sinso.ErrUnavailable, "your quota is used: ask who runs this node for more, or delete blocks")
	}
	return err
}

func (c *call) holdBlocks() (wire.Count, error) {
	f, err := c.folder()
	if err != nil {
		return wire.Count{}, err
	}
	leave, err := c.batches.try(c.caller.ID) // each may take twice MaxBody
	if err != nil {
		return wire.Count{}, err
	}
	defer leave()
	blocks, err := wire.Decode(c.r.Body)
	if err != nil {
		return wire.Count{}, err
	}
	return wire.Count{Done: int64(len(blocks))}, full(f.Put(c.ctx(), blocks...))
}

func (c *call) heldBlock() error {
	f, err := c.folder()
	if err != nil {
		return err
	}
	cid, err := sinso.ParseCID(chi.URLParam(c.r, "cid"))
	if err != nil {
		return fmt.Errorf("serve: cid: %w", sinso.ErrNotFound)
	}
	data, err := f.Get(c.ctx(), cid)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", c.media)
	_, _ = c.w.Write(data) // the caller may have gone
	return nil
}

// errPage ends a list at the end of a page.
var errPage = errors.New("the page is full")

func (c *call) heldBlocks() error {
	f, err := c.folder()
	if err != nil {
		return err
	}
	after := sinso.CID("")
	if text := c.r.URL.Query().Get("after"); text != "" {
		if after, err = sinso.ParseCID(text); err != nil {
			return err
		}
	}
	leave, err := c.lists.enter(c.ctx(), c.caller.ID)
	if err != nil {
		return err
	}
	var page []byte
	count, last := 0, wire.End
	err = f.List(c.ctx(), func(cid sinso.CID) error {
		if cid <= after {
			return nil
		}
		if count == wire.MaxPage {
			last = wire.More
			return errPage
		}
		count++
		page = append(append(page, cid...), '\n')
		return nil
	})
	leave() // who takes the answer slowly keeps nobody waiting
	if err != nil && !errors.Is(err, errPage) {
		return err
	}
	c.w.Header().Set("Content-Type", c.media)
	_, _ = c.w.Write(append(page, last+"\n"...)) // the caller may have gone
	return nil
}

// few checks how many blocks a question is about.
func few(cids []sinso.CID, most int) error {
	if len(cids) == 0 || len(cids) > most {
		return invalid(fmt.Sprintf("want 1 to %d CIDs", most))
	}
	return nil
}

func (c *call) heldPresence(in wire.CIDs) (out wire.Presence, err error) {
	f, err := c.folder()
	if err != nil {
		return out, err
	}
	if err := few(in.CIDs, wire.MaxCIDs); err != nil {
		return out, err
	}
	out.Present = make([]bool, len(in.CIDs))
	for i, cid := range in.CIDs {
		if out.Present[i], err = f.Has(c.ctx(), cid); err != nil {
			return wire.Presence{}, err
		}
	}
	return out, nil
}

func (c *call) proveHeld(in wire.Challenge) (wire.Proofs, error) {
	f, err := c.folder()
	if err != nil {
		return wire.Proofs{}, err
	}
	if err := few(in.CIDs, wire.MaxProofs); err != nil {
		return wire.Proofs{}, err
	}
	if len(in.Nonce) < wire.MinNonce || len(in.Nonce) > wire.MaxNonce {
		return wire.Proofs{}, invalid(fmt.Sprintf("want a nonce of %d to %d bytes", wire.MinNonce, wire.MaxNonce))
	}
	proofs, err := f.Prove(c.ctx(), in.Nonce, in.CIDs)
	return wire.Proofs{Proofs: proofs}, err
}

func (c *call) deleteHeld(in wire.CIDs) (wire.Count, error) {
	f, err := c.folder()
	if err != nil {
		return wire.Count{}, err
	}
	if err := few(in.CIDs, wire.MaxCIDs); err != nil {
		return wire.Count{}, err
	}
	return wire.Count{Done: int64(len(in.CIDs))}, f.Delete(c.ctx(), in.CIDs...)
}

func (c *call) reclaimHeld() (wire.Count, error) {
	f, err := c.folder()
	if err != nil {
		return wire.Count{}, err
	}
	freed, err := f.Reclaim(c.ctx())
	return wire.Count{Done: freed}, err
}

func (c *call) heldName() (wire.Named, error) {
	f, err := c.folder()
	if err != nil {
		return wire.Named{}, err
	}
	cid, err := f.Name(c.ctx(), chi.URLParam(c.r, "name"))
	return wire.Named{CID: cid}, err
}

func (c *call) nameHeld(in wire.Named) (wire.Named, error) {
	f, err := c.folder()
	if err != nil {
		return wire.Named{}, err
	}
	return in, f.SetName(c.ctx(), chi.URLParam(c.r, "name"), in.CID)
}

func (c *call) guests() (list[sinso.HeldGuest], error) {
	all, err := c.cfg.Held.Guests()
	return list[sinso.HeldGuest]{Items: slices.Clip(all)}, err
}

// newGuest is one to be made.
type newGuest struct {
	Name       string `json:"name"`
	QuotaBytes int64  `json:"quotaBytes"`
}

// madeGuest is one that was made.
type madeGuest struct {
	Guest sinso.HeldGuest `json:"guest"`
	Token string          `json:"token"` // shown this once; only its hash is kept
}

func (c *call) makeGuest(in newGuest) (madeGuest, error) {
	one, token, err := c.cfg.Held.AddGuest(in.Name, in.QuotaBytes)
	return madeGuest{Guest: one, Token: token}, err
}

func (c *call) removeGuest() (sinso.HeldGuest, error) {
	return c.cfg.Held.RemoveGuest(chi.URLParam(c.r, "name"))
}
