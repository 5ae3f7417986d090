// Package dimse is the node's DICOM network door (PS3.4, PS3.7, PS3.8): storage,
// query, retrieve and storage commitment for application entities that are known by
// title and address.
//
// A C-STORE is answered with success when the object is sealed and durable, and
// never before. What cannot be taken is answered with the status that says why.
package dimse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/way"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// Archive is what the door needs of the node.
type Archive interface {
	// AE returns a known application entity: ErrNotFound if it is not known.
	AE(ctx context.Context, title string) (sinso.AERow, error)
	// Arrive begins an object that comes: its bytes are written to it.
	Arrive(most int64) *way.Arrival
	// Complete says that no more of a study comes for now.
	Complete(study sinso.StudyID)
	Take(ctx context.Context, item sinso.Item, o way.ImportOptions) (sinso.Receipt, error)
	Find(ctx context.Context, q sinso.Query, fn func(sinso.Found) error) error
	Read(ctx context.Context, row sinso.InstanceRow) ([]byte, error)
	// Opened writes down that something of a person's was handed out.
	Opened(ctx context.Context, actor string, person sinso.PersonID, what, purpose string) error
	// Whole returns nil if every stored byte of an instance is there and as it was.
	Whole(ctx context.Context, row sinso.InstanceRow) error
}

// Config is what a Door needs. Archive, Log and Clock must be given.
type Config struct {
	Archive Archive
	Log     *slog.Logger
	Clock   sinso.Clock
	// AETitle is our own. Default SINSO.
	AETitle string
	// Associations is how many may stand at the same time. Default 64.
	Associations int
	// PerPeer is how many of them one peer may have. Default 16.
	PerPeer int
	// MaxMemory bounds the bytes of objects that are arriving. Default 96 MiB.
	MaxMemory int64
	// MaxObject bounds one object, in bytes. Default 960 MiB, as for files.
	MaxObject int64
	// Client is how the node proves itself to peers over TLS; nil: it has no
	// certificate, and peers that want TLS are not reached.
	Client *tls.Config
}

// DefaultAETitle is the node's own application entity title.
const DefaultAETitle = "SINSO"

const (
	defaultPerPeer   = 16
	defaultMaxMemory = 96 << 20
	defaultMaxObject = 960 << 20
	dialTimeout      = 10 * time.Second
)

// Door answers associations.
type Door struct {
	cfg     Config
	archive Archive
	log     *slog.Logger
	server  *wire.Server
	storage map[string]bool // SOP classes that are taken
	reports sync.WaitGroup  // of storage commitment

	mu    sync.Mutex // guards the rest
	stand map[string]int
	// research has the titles that associated last as those of peers for research.
	research map[string]bool
	brought  map[*wire.Association]map[sinso.StudyID]bool // of those that stand
}

// New returns a Door.
func New(cfg Config) (*Door, error) {
	if cfg.AETitle == "" {
		cfg.AETitle = DefaultAETitle
	}
	if cfg.PerPeer <= 0 {
		cfg.PerPeer = defaultPerPeer
	}
	if cfg.MaxMemory <= 0 {
		cfg.MaxMemory = defaultMaxMemory
	}
	if cfg.MaxObject <= 0 {
		cfg.MaxObject = defaultMaxObject
	}
	d := &Door{cfg: cfg, archive: cfg.Archive, log: cfg.Log, storage: map[string]bool{}, stand: map[string]int{}, research: map[string]bool{}, brought: map[*wire.Association]map[sinso.StudyID]bool{}}
	for _, class := range dicom.StorageClasses() {
		d.storage[class] = true
	}
	server, err := wire.NewServer(wire.Config{
		Options:         wire.Options{AETitle: cfg.AETitle, MaxMemory: cfg.MaxMemory, MaxObject: cfg.MaxObject},
		MaxAssociations: cfg.Associations,
		Accept:          d.accept, Supports: d.supports, Ended: d.ended,
		StoreBegin: d.storeBegin,
		Store: func(ctx context.Context, a *wire.Association, r *wire.StoreRequest) (status wire.Status) {
			defer d.survive(ctx, "store", func() { status = wire.StatusProcessingFailure })
			return d.store(ctx, a, r)
		},
		Find: func(ctx context.Context, _ *wire.Association, r *wire.FindRequest) (status wire.Status) {
			defer d.survive(ctx, "find", func() { status = wire.StatusProcessingFailure })
			return d.find(ctx, r)
		},
		Move: func(ctx context.Context, a *wire.Association, r *wire.MoveRequest) (out wire.Outcome) {
			defer d.survive(ctx, "move", func() { out.Status = wire.StatusProcessingFailure })
			return d.move(ctx, a, r)
		},
		Get: func(ctx context.Context, a *wire.Association, r *wire.GetRequest) (out wire.Outcome) {
			defer d.survive(ctx, "get", func() { out.Status = wire.StatusProcessingFailure })
			return d.get(ctx, a, r)
		},
		Action: d.action,
	})
	if err != nil {
		return nil, fmt.Errorf("dimse: %w", err)
	}
	d.server = server
	return d, nil
}

// Serve takes associations until ctx ends, and returns after the last one.
func (d *Door) Serve(ctx context.Context, listener net.Listener) error {
	defer d.reports.Wait()
	return d.server.Serve(ctx, listener)
}

// survive keeps a fault of ours with one object from ending the node, as net/http
// does for a request: the peer is told that it failed.
func (d *Door) survive(ctx context.Context, what string, failed func()) {
	if fault := recover(); fault != nil {
		d.log.ErrorContext(ctx, "a fault of this program", slog.String("in", what), slog.String("stack", string(debug.Stack())))
		failed()
	}
}

// accept lets in whom the operator named, from where they were said to be. Beyond
// this machine that takes a certificate besides: an AE title proves nothing.
func (d *Door) accept(ctx context.Context, p *wire.Peer) *wire.Rejection {
	row, err := d.archive.AE(ctx, p.Calling)
	switch {
	case errors.Is(err, sinso.ErrNotFound):
		d.log.InfoContext(ctx, "association refused: unknown AE title", slog.String("remote", host(p.Remote)))
		return wire.RejectCallingAE()
	case err != nil:
		return wire.RejectCongestion()
	case !from(ctx, row, p.Remote):
		d.log.InfoContext(ctx, "association refused: known AE title at another address", slog.String("remote", host(p.Remote)))
		return wire.RejectCallingAE()
	case !isLoopback(p.Remote) && (p.TLS == nil || len(p.TLS.VerifiedChains) == 0):
		d.log.InfoContext(ctx, "association refused: no certificate", slog.String("remote", host(p.Remote)))
		return wire.RejectNoReason()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stand[p.Calling] >= d.cfg.PerPeer {
		return wire.RejectLimit()
	}
	d.stand[p.Calling]++
	d.research[p.Calling] = row.Research
	return nil
}

func (d *Door) ended(a *wire.Association, err error) {
	title := a.Peer().Calling
	d.mu.Lock()
	if d.stand[title]--; d.stand[title] <= 0 {
		delete(d.stand, title)
		delete(d.research, title)
	}
	for _, study := range d.completed(a) {
		d.archive.Complete(study)
	}
	d.mu.Unlock()
	if err != nil {
		d.log.Info("association ended early", slog.String("error", err.Error()))
	}
}

// completed returns the studies that an association brought and no other brings.
// The caller holds d.mu.
func (d *Door) completed(a *wire.Association) (studies []sinso.StudyID) {
	mine := d.brought[a]
	delete(d.brought, a)
	for _, others := range d.brought {
		for study := range others {
			delete(mine, study)
		}
	}
	for study := range mine {
		studies = append(studies, study)
	}
	return studies
}

// brings notes that an association brought something of a study.
func (d *Door) brings(a *wire.Association, study sinso.StudyID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.brought[a] == nil {
		d.brought[a] = map[sinso.StudyID]bool{}
	}
	d.brought[a][study] = true
}

// supports lists the SOP classes of the conformance statement. A storage class that
// is not of the standard (a vendor's) is taken like any other.
func (d *Door) supports(abstract string) bool {
	switch abstract {
	case wire.Verification, wire.StorageCommitment,
		wire.PatientRootFind, wire.PatientRootMove, wire.PatientRootGet,
		wire.StudyRootFind, wire.StudyRootMove, wire.StudyRootGet,
		wire.PatientStudyOnlyFind, wire.PatientStudyOnlyMove, wire.PatientStudyOnlyGet:
		return true
	}
	return d.storage[abstract]
}

// actor is how the log names a peer.
func actor(a *wire.Association) string { return "dimse:" + a.Peer().Calling }

// from reports whether an address is one that an AE was said to have: an IP
// address, a network, or a name that is looked up now.
func from(ctx context.Context, row sinso.AERow, remote net.Addr) bool {
	addr, ok := addrOf(remote)
	if !ok {
		return false
	}
	if prefix, err := netip.ParsePrefix(row.Host); err == nil {
		return prefix.Contains(addr)
	}
	if at, err := netip.ParseAddr(row.Host); err == nil {
		return at.Unmap() == addr
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", row.Host)
	if err != nil {
		return false
	}
	for _, at := range found {
		if at.Unmap() == addr {
			return true
		}
	}
	return false
}

func addrOf(remote net.Addr) (netip.Addr, bool) {
	at, err := netip.ParseAddrPort(remote.String())
	return at.Addr().Unmap(), err == nil
}

func isLoopback(remote net.Addr) bool {
	at, ok := addrOf(remote)
	return ok && at.IsLoopback()
}

func host(remote net.Addr) string {
	at, _, err := net.SplitHostPort(remote.String())
	if err != nil {
		return ""
	}
	return at
}

// dial makes an association with a known AE.
func (d *Door) dial(ctx context.Context, row sinso.AERow, contexts []wire.Context) (*wire.Association, error) {
	if row.Port == 0 {
		return nil, fmt.Errorf("dimse: this peer was added without a port, so it cannot be called: %w", sinso.ErrUnsupported)
	}
	if row.TLS && d.cfg.Client == nil {
		return nil, fmt.Errorf("dimse: this peer wants TLS, and the node has no certificate: %w", sinso.ErrUnsupported)
	}
	c := wire.ClientConfig{Options: wire.Options{AETitle: d.cfg.AETitle}, Called: row.Title, Contexts: contexts}
	if row.TLS {
		c.TLS = d.cfg.Client
	}
	return wire.Dial(ctx, net.JoinHostPort(row.Host, strconv.Itoa(row.Port)), c)
}

// statusOf is the one table from an error's class to a status (PS3.7 Annex C).
func statusOf(err error) wire.Status {
	switch {
	case err == nil:
		return wire.StatusSuccess
	case errors.Is(err, sinso.ErrBusy), errors.Is(err, sinso.ErrUnavailable):
		return wire.StatusOutOfResources
	case errors.Is(err, sinso.ErrInvalid):
		return wire.StatusDataSetMismatch
	case errors.Is(err, sinso.ErrCorrupt), errors.Is(err, sinso.ErrUnsupported):
		return wire.StatusUnableToProcess
	case errors.Is(err, sinso.ErrDenied):
		return wire.StatusNotAuthorized
	case errors.Is(err, sinso.ErrNotFound):
		return wire.StatusNoSuchSOPInstance
	case errors.Is(err, context.Canceled):
		return wire.StatusCancel
	}
	return wire.StatusProcessingFailure
}
