// Package node builds a node: it picks the adapters, wires them and owns what
// runs. It is the only place that knows every part.
package node

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/ipfs"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/blob/parts"
	chainindex "sinso.dev/sinso/internal/chain/index"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/meta/sqlite"
	guests "sinso.dev/sinso/internal/node/held"
	"sinso.dev/sinso/internal/node/replica"
	peerhttp "sinso.dev/sinso/internal/peer/http"
	"sinso.dev/sinso/internal/way"
)

// Node is one running node. Close it.
type Node struct {
	*way.Way
	Config   Config
	log      *slog.Logger
	pack     *pack.Pack
	apart    sinso.NamedBlobs // has the blocks instead of the log; nil: the log has
	audit    *tlog.Log
	meta     sinso.Meta
	keys     *keyfile.Keys
	parts    *parts.Folder
	host     *guests.Host // of other nodes' blocks
	replicas *replica.Set // of this one's
	witness  *witness
	joined   atomic.Pointer[ipfs.Swarm] // nil: it is in none
	chain    *chainLink
	// catalogue is the index of what the contracts tell on the chain; nil without a chain.
	catalogue *chainindex.Index
	indexed   map[string]sinso.Address // where the contracts stood that it was opened with
	socket    net.Listener             // the node's own; nil before Listen
	// DIMSEAddr is where DICOM associations are taken, "" if they are not. Known
	// after Listen.
	DIMSEAddr   string
	dimse       net.Listener
	dicomClient *tls.Config   // how the node proves itself to DICOM peers; nil: not at all
	backing     sync.Mutex    // held by who makes a backup
	resumed     chan struct{} // closed when a serving node has taken up what was cut off
	// pruneProblem is why nothing could be freed the last time that this was tried; nil: it was.
	pruneProblem atomic.Pointer[string]
	closers      []func() error // in the order of opening; closed from the last
}

// Options are what a caller may give besides the configuration.
type Options struct {
	Log    *slog.Logger // nil: nothing is logged
	OnStep func(string) // for tests that kill the node at each step
	Clock  sinso.Clock  // nil: the wall's
	// Passphrase asks for the passphrase of a node that has one, where the configuration
	// names no file with it. Nil: such a node does not open.
	Passphrase Ask
	// Deployment is another node's, which [Node.Adopt] looks at: where none is recorded, its
	// Identity, Assets and Exchange are this node's for now.
	Deployment sinso.Deployment

	large   int64         // bytes beyond which an object is read in parts, for tests; 0: the default
	copies  replica.Times // for tests, which do not wait
	unaided bool          // no peer is asked for what is damaged: a check finds what is there
}

// wall is the wall's clock.
type wall struct{}

func (wall) Now() time.Time { return time.Now() }

// folders of a node, under Config.Data.
const (
	logFolder   = "log"    // the journal: segments of blocks, events and leaves
	indexFile   = "index"  // the encrypted index
	chainFolder = "chain"  // the embedded chain
	keysFolder  = "keys"   // the key table
	shareFolder = "shares" // the sealed parts of what is shown by links
	heldFolder  = "held"   // blocks of other nodes, each guest's apart
)

// Open opens a node folder that Init made. ErrBusy if another process has it
// open, ErrNotFound if there is none.
func Open(ctx context.Context, cfg Config, o Options) (_ *Node, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = wall{}
	}
	n := &Node{Config: cfg, log: o.Log, resumed: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	if err := n.openVault(ctx, o); err != nil {
		return nil, err
	}
	if err := n.openChain(ctx, o); err != nil {
		return nil, err
	}
	return n, n.openWay(ctx, o)
}

// openVault opens what is kept: keys, journal, audit log, index.
func (n *Node) openVault(ctx context.Context, o Options) (err error) {
	dir := n.Config.Data
	if err := hasNode(dir); err != nil {
		return err
	}
	if n.pack, err = pack.Open(filepath.Join(dir, logFolder), pack.Options{}); err != nil {
		return err
	}
	n.closers = append(n.closers, n.pack.Close)
	if err := n.openApart(ctx); err != nil {
		return err
	}
	if n.keys, err = openKeys(n.Config, o.Passphrase); err != nil {
		return err
	}
	n.closers = append(n.closers, n.keys.Close)
	events, err := n.keys.Secret(ctx, sinso.KeyNode, "journal")
	if err != nil {
		return err
	}
	sign, err := n.keys.Secret(ctx, sinso.KeyInstitution, way.SigningPurpose)
	if err != nil {
		return err
	}
	if n.audit, err = tlog.Open(ctx, n.pack, tlog.Config{Key: events, Keys: n.keys, Sign: sign, Rand: rand.Reader, Clock: o.Clock}); err != nil {
		return err
	}
	blobs, _ := n.blocks()
	if err := n.newReplicas(blobs, o); err != nil {
		return err
	}
	if n.parts, err = parts.Open(filepath.Join(dir, shareFolder)); err != nil {
		return err
	}
	n.host = guests.New(filepath.Join(dir, heldFolder), o.Clock)
	n.closers = append(n.closers, n.host.Close)
	index, err := n.keys.Secret(ctx, sinso.KeyNode, "index")
	if err != nil {
		return err
	}
	return n.openIndex(ctx, index)
}

// openIndex opens the index. It is a projection: one that is damaged is thrown
// away, and made again from the journal when the way opens.
func (n *Node) openIndex(ctx context.Context, key [32]byte) error {
	cfg := sqlite.Config{Path: filepath.Join(n.Config.Data, indexFile), Key: key}
	index, err := sqlite.Open(ctx, cfg)
	if errors.Is(err, sinso.ErrCorrupt) {
		n.log.WarnContext(ctx, "the index is damaged; it is made again from the journal")
		if err := sqlite.Remove(cfg.Path); err != nil {
			return err
		}
		index, err = sqlite.Open(ctx, cfg)
	}
	if err != nil {
		return err
	}
	n.meta = index
	n.closers = append(n.closers, index.Close)
	return nil
}

func (n *Node) openWay(ctx context.Context, o Options) (err error) {
	_, audit := n.blocks()
	ports := way.Ports{
		Blobs: n.replicas.Blobs(), Copies: n.replicas, Audit: audit, Meta: n.meta, Keys: n.keys,
		Peers: &swarmPeers{peerhttp.New(peerhttp.Config{}), n}, Parts: n.parts, Clock: o.Clock, Rand: rand.Reader,
	}
	if n.chain != nil {
		ports.Chain, ports.Deeds, ports.Payer, ports.PayerAt = n.chain, n.chain, n.chain.payer, n.chain.Account()
		if n.chain.signer != nil {
			ports.PayerTexts = n.chain.signer
		}
	}
	if ports.Reader, err = TextReader(ctx, n.Config.TextReader); err != nil {
		return err
	}
	profile, err := DeidProfile(n.Config.Profile)
	if err != nil {
		return err
	}
	cfg, err := n.Config.review()
	if err != nil {
		return err
	}
	if cfg.Risk, err = n.Config.risk(); err != nil {
		return err
	}
	if cfg.QualityLeast, err = n.Config.qualityLeast(); err != nil {
		return err
	}
	if cfg.RetainYears, err = n.Config.retainYears(); err != nil {
		return err
	}
	if n.witness, err = newWitness(n.Config.Data, o.Clock, n.newestEntry(ctx, o.Clock)); err != nil {
		return err
	}
	n.advanceClock(ctx)
	cfg.Witness = n.witness
	if cfg.CoinPrice, err = n.Config.coinPrice(); err != nil {
		return err
	}
	cfg.Shared = n.Config.isShared()
	cfg.Compress = n.Config.Compress == compressOriginals
	cfg.Profile, cfg.Makers, cfg.Peer, cfg.OnStep, cfg.Large = profile, makers(), n.Config.URL, o.OnStep, o.large
	ports.Catalogue = n.Catalogue()
	if n.Way, err = way.New(ctx, ports, cfg); err != nil {
		return err
	}
	if err := n.blocksAreHere(ctx); err != nil || o.unaided {
		return err
	}
	return n.keepReplicas(ctx)
}

// Close ends everything that Open started, from the last to the first.
func (n *Node) Close() error {
	var errs []error
	for i := len(n.closers) - 1; i >= 0; i-- {
		errs = append(errs, n.closers[i]())
	}
	n.closers = nil
	return errors.Join(errs...)
}

// SetURL says how other nodes reach this one, once the listener has its port. It
// is called before anything is offered.
func (n *Node) SetURL(url string) {
	n.Config.URL = url
	n.SetPeer(url)
}
