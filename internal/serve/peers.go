package serve

import (
	"context"
	"fmt"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve/dimse"
)

// The DICOM application entities that may associate, and what is asked of them: the
// keeper's to decide.

// Peers asks something of DICOM peers, on behalf of actor.
type Peers interface {
	EchoPeer(ctx context.Context, title string) (dimse.Echoed, error)
	FindAtPeer(ctx context.Context, title string, ask dimse.Ask) (dimse.Matches, error)
	// SendToPeer sends studies and records, by their opaque ids or a Study Instance UID.
	SendToPeer(ctx context.Context, title string, ids []string, actor string, progress func(dimse.Sent)) (dimse.Sent, error)
	// PullFromPeer gets studies by Study Instance UID.
	PullFromPeer(ctx context.Context, title string, studies []string, actor string, progress func(dimse.Pulled)) (dimse.Pulled, error)
}

// newAE is one to be added.
type newAE struct {
	Title string `json:"title"`
	Host  string `json:"host"`
	Port  int    `json:"port,omitempty"`
	TLS   bool   `json:"tls,omitempty"`
	// Research: it gets and brings de-identified copies.
	Research bool `json:"research,omitempty"`
}

func (c *call) peers() (list[sinso.AERow], error) {
	rows, err := c.way.AEs(c.ctx())
	return list[sinso.AERow]{Items: rows}, err
}

func (c *call) addPeer(in newAE) (sinso.AERow, error) {
	row := sinso.AERow{Title: in.Title, Host: in.Host, Port: in.Port, TLS: in.TLS, Research: in.Research}
	if err := c.way.AddAE(c.ctx(), row, c.caller.ID); err != nil {
		return row, err
	}
	return c.way.AE(c.ctx(), in.Title)
}

func (c *call) removePeer() (sinso.AERow, error) {
	title := chi.URLParam(c.r, "aet")
	row, err := c.way.AE(c.ctx(), title)
	if err != nil {
		return row, err
	}
	return row, c.way.RemoveAE(c.ctx(), title, c.caller.ID)
}

// peer returns a known peer, for a route that calls it.
func (c *call) peer() (string, error) {
	title := chi.URLParam(c.r, "aet")
	_, err := c.way.AE(c.ctx(), title)
	return title, err
}

// nothing is the body of a request that says all in its path.
type nothing struct{}

func (c *call) echoPeer(nothing) (out dimse.Echoed, err error) {
	title, err := c.peer()
	if err != nil {
		return out, err
	}
	return c.cfg.Peers.EchoPeer(c.ctx(), title)
}

func (c *call) findAtPeer(in dimse.Ask) (out dimse.Matches, err error) {
	title, err := c.peer()
	if err != nil {
		return out, err
	}
	return c.cfg.Peers.FindAtPeer(c.ctx(), title, in)
}

// newSending names what is sent: studies and records by opaque id, studies by Study
// Instance UID too.
type newSending struct {
	IDs []string `json:"ids" nullable:"false"`
}

func (c *call) sendToPeer(in newSending, progress func(dimse.Sent)) (out dimse.Sent, err error) {
	title, err := c.peer()
	if err != nil {
		return out, err
	}
	return c.cfg.Peers.SendToPeer(c.ctx(), title, in.IDs, c.caller.ID, progress)
}

// newPull names studies by their Study Instance UID.
type newPull struct {
	Studies []string `json:"studies" nullable:"false"`
}

func (c *call) pullFromPeer(in newPull, progress func(dimse.Pulled)) (out dimse.Pulled, err error) {
	title, err := c.peer()
	if err != nil {
		return out, err
	}
	return c.cfg.Peers.PullFromPeer(c.ctx(), title, in.Studies, c.caller.ID, progress)
}

// noPeers is a server that calls nobody.
type noPeers struct{}

func errNoPeers() error {
	return fmt.Errorf("serve: this server calls no peers: %w", sinso.ErrUnsupported)
}

func (noPeers) EchoPeer(context.Context, string) (out dimse.Echoed, err error) {
	return out, errNoPeers()
}

func (noPeers) FindAtPeer(context.Context, string, dimse.Ask) (out dimse.Matches, err error) {
	return out, errNoPeers()
}

func (noPeers) SendToPeer(context.Context, string, []string, string, func(dimse.Sent)) (out dimse.Sent, err error) {
	return out, errNoPeers()
}

func (noPeers) PullFromPeer(context.Context, string, []string, string, func(dimse.Pulled)) (out dimse.Pulled, err error) {
	return out, errNoPeers()
}
