package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve/dimse"
)

// What the node asks of DICOM peers.

// The door's words, for commands.
type (
	// PeerEcho is how a peer answered an echo.
	PeerEcho = dimse.Echoed
	// PeerAsk is what is asked of a peer.
	PeerAsk = dimse.Ask
	// PeerMatches is what a peer found.
	PeerMatches = dimse.Matches
	// PeerSent is what became of what was sent to a peer.
	PeerSent = dimse.Sent
	// PeerFailure is an object that a peer did not take.
	PeerFailure = dimse.Failure
	// PeerPulled is what became of what was got from a peer.
	PeerPulled = dimse.Pulled
)

// listTime bounds the wait for studies that have come to be listed.
const listTime = 10 * time.Second

// caller returns the node's side of an association that it makes.
func (n *Node) caller() (*dimse.Door, error) {
	_, client, err := n.dicomTLS()
	if err != nil {
		return nil, err
	}
	return dimse.New(dimse.Config{Archive: n.Way, Log: n.log, Clock: n.Clock, AETitle: n.Config.AETitle, Client: client})
}

// EchoPeer asks whether a known peer answers (C-ECHO).
func (n *Node) EchoPeer(ctx context.Context, title string) (PeerEcho, error) {
	door, err := n.caller()
	if err != nil {
		return PeerEcho{}, err
	}
	begin := time.Now()
	out, err := door.Echo(ctx, title)
	out.Milliseconds = float64(time.Since(begin).Microseconds()) / 1000 //nolint:mnd // to milliseconds
	return out, err
}

// FindAtPeer asks a known peer what it has (C-FIND).
func (n *Node) FindAtPeer(ctx context.Context, title string, ask PeerAsk) (PeerMatches, error) {
	door, err := n.caller()
	if err != nil {
		return PeerMatches{}, err
	}
	return door.Query(ctx, title, ask)
}

// SendToPeer sends studies and records to a known peer (C-STORE): by their opaque
// ids, studies by their Study Instance UID too. ErrNotFound if one is not here.
func (n *Node) SendToPeer(ctx context.Context, title string, ids []string, actor string, progress func(PeerSent)) (PeerSent, error) {
	var rows []sinso.InstanceRow
	seen := map[sinso.InstanceID]bool{}
	for _, id := range ids {
		found, err := n.instancesOf(ctx, id)
		if err != nil {
			return PeerSent{Failures: []dimse.Failure{}}, err
		}
		for _, row := range found {
			if !seen[row.ID] {
				seen[row.ID] = true
				rows = append(rows, row)
			}
		}
	}
	door, err := n.caller()
	if err != nil {
		return PeerSent{Failures: []dimse.Failure{}}, err
	}
	return door.Send(ctx, title, rows, actor, progress)
}

// instancesOf returns the instances that an id names.
func (n *Node) instancesOf(ctx context.Context, id string) (rows []sinso.InstanceRow, err error) {
	switch {
	case strings.HasPrefix(id, "i_"):
		row, err := n.Instance(ctx, sinso.InstanceID(id))
		return []sinso.InstanceRow{row}, err
	case strings.HasPrefix(id, "s_"):
		if _, err := n.Study(ctx, sinso.StudyID(id)); err != nil {
			return nil, err
		}
		return n.Instances(ctx, sinso.StudyID(id))
	}
	studies, err := n.StudiesByUID(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, study := range studies {
		more, err := n.Instances(ctx, study.Study.ID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("node: there is no study with this id or Study Instance UID: %w", sinso.ErrNotFound)
	}
	return rows, nil
}

// PullFromPeer gets studies from a known peer by their Study Instance UID (C-GET, or
// C-MOVE to this node). A node that does not serve listens for what is moved, as
// long as that takes.
func (n *Node) PullFromPeer(ctx context.Context, title string, studies []string, actor string, progress func(PeerPulled)) (out PeerPulled, err error) {
	door, err := n.caller()
	if err != nil {
		return out, err
	}
	if n.socket == nil { // it does not serve
		stop, err := n.receive(ctx, studies)
		if err != nil {
			return out, err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	out, err = door.Pull(ctx, title, studies, dimse.PullOptions{Actor: actor, Listens: n.dimse != nil, Progress: progress})
	return out, err
}

// receive takes associations, if the configuration says where, and lists the
// studies that come, until stop is called.
func (n *Node) receive(ctx context.Context, studies []string) (stop func() error, err error) {
	if err := n.listenDIMSE(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	served, tidied, listed := make(chan error, 1), make(chan struct{}), make(chan struct{}, 1)
	go func() {
		if n.dimse == nil {
			served <- nil
			return
		}
		served <- n.serveDIMSE(ctx)
	}()
	go func() {
		defer close(tidied)
		n.Tidy(ctx, func(sinso.StudyID) {
			select {
			case listed <- struct{}{}:
			default:
			}
		}, func(error) {}) // what is not listed is at the next start
	}()
	return func() error {
		n.settle(ctx, studies, listed)
		cancel()
		<-tidied
		err := <-served
		n.dimse = nil
		return err
	}, nil
}

// settle waits for studies to be listed. What is not in time is at the next start.
func (n *Node) settle(ctx context.Context, studies []string, listed <-chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	for _, uid := range studies {
		found, _ := n.StudiesByUID(ctx, uid) // none: there is nothing to wait for
		for i := 0; i < len(found); {
			row, err := n.Study(ctx, found[i].Study.ID)
			if err != nil || row.Listed == row.Instances {
				i++
				continue
			}
			n.Complete(row.ID)
			select {
			case <-listed:
			case <-ctx.Done():
				return
			}
		}
	}
}
