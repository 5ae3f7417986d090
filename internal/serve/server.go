// Package serve is the node's HTTP door: the API that the page, the command and
// other programs call, the gateway through which buyers fetch blocks, and the page.
//
// routes.go is the whole door at a glance. A handler asks package auth with the
// person whose thing it is, and answers what may be known; everything else, from
// request id to problem, is done around it.
package serve

//go:generate go test -run ^TestDescriptionIsAsCommitted$ -count=1 . -update

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	tusd "github.com/tus/tusd/v2/pkg/handler"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
	"sinso.dev/sinso/internal/edge/problem"
	"sinso.dev/sinso/internal/way"
)

// Config is what a Server needs. Way, Log, Clock, Rand and Temp must be given.
type Config struct {
	Way   *way.Way
	Log   *slog.Logger
	Clock sinso.Clock
	Rand  sinso.Rand
	// Hosts are the names in a Host header that are this node's, besides those
	// and the addresses of loopback.
	Hosts []string
	// Proxies are the addresses of reverse proxies whose word is taken for who asks.
	Proxies []netip.Prefix
	// Public is host and port of the node's URL where that is https (see [door.Behind]).
	Public string
	// Origins are those of the page: scheme, host and port, as browsers write them.
	// Passkeys, phrases and wallets sign in from these alone.
	Origins []string
	// Page holds the files of the page, index.html at its root. Nil: no page.
	Page fs.FS
	// Temp is the folder for uploads while they are read: the server's own, for
	// what is left in it after a crash is removed.
	Temp string
	// Own tells the node's own files, which are not imported where they lie in a
	// folder that is. Nil: there are none.
	Own func(path string) bool
	// Version is that of the program, for the description of the API.
	Version string
	// Explain says in a sentence what a reason means. Nil: it is not said.
	Explain func(sinso.Reason) string
	// Ready returns nil when the node can do its work. Nil: it always can.
	Ready func(context.Context) error
	// Peers asks something of DICOM peers. Nil: it cannot be asked.
	Peers Peers
	// RootKey shares the node's root key. Nil: it cannot be shared.
	RootKey RootKey
	// Backups copies the node. Nil: it cannot be copied.
	Backups Backups
	// Held are blocks of other nodes. Nil: none are held.
	Held Held
	// Replicas are the peers that keep copies of this node's blocks. Nil: none may.
	Replicas Replicas
	// Warnings says what of the node does not go on by itself. Nil: nothing.
	Warnings func(context.Context) ([]sinso.Warning, error)
	// Swarm says where the node is in a private swarm: ErrNotFound if it is in none. Nil: it is
	// in none.
	Swarm func(context.Context) (sinso.SwarmStatus, error)
	// ChainIndex says how far the index of the chain is: ErrNotFound without a chain. Nil: there
	// is none.
	ChainIndex func(context.Context) (sinso.IndexState, error)
	// Catalogue is what the contracts told on the chain. Nil: there is no chain.
	Catalogue sinso.Catalogue
	// Uploads keeps uploads that come in parts. Nil: they come in one request alone.
	Uploads sinso.Uploads
	// Quota is how many bytes a person may keep who sends by themselves. 0: any.
	Quota int64
	// MaxUpload bounds one upload in bytes, and what brings files in one request, where that
	// is less than 8 GiB. Default 64 GiB, as one object may have.
	MaxUpload int64
}

const (
	defaultMaxUpload = 64 << 30
	maxForm          = 8 << 30 // bytes of a request that brings files, and may not say how many
	maxReads         = 4       // originals held in memory at once; one may have 2 GiB
	maxUploads       = 4       // at once
	maxOwnUploads    = 2       // of one caller
	maxReceiving     = 32      // parts of uploads that come at once; each takes up to 4 MiB
	maxOwnReceiving  = 8       // of one caller
	maxBatches       = 8       // batches of held blocks that come at once
	maxOwnBatches    = 4       // of one guest
	maxLists         = 2       // of held blocks; each takes 80 bytes for each of them
	maxOwnLists      = 1       // of one guest
	maxWalks         = 2
	maxThumbnails    = 32 << 20
	maxPreviews      = 128 << 20
)

// Server answers requests.
type Server struct {
	cfg        Config
	way        *way.Way
	auth       *auth.Authenticator
	guestsAuth *auth.Authenticator // of nodes whose blocks are held
	batches    *places             // for blocks that come to be held
	lists      *places             // for lists of held blocks
	problems   *problem.Writer
	pictures   *pictures
	previews   *pictures // derivatives that are reviewed
	askers     *pace
	visitors   *pace // without a link that is good
	openings   *pace // of each share
	page       map[string]pageFile
	reads      chan struct{} // a place for each original in memory
	uploads    *places
	claims     claims
	large      chan struct{}         // a place for a large upload that is taken in
	sketching  chan struct{}         // a place for a picture out of an upload
	receiving  *places               // for parts of uploads
	protocol   *tusd.UnroutedHandler // of uploads that come in parts
	puts       chan struct{}         // a place for each part of a share in memory
	volumes    chan struct{}         // a place for a series in memory, as one block
	modelling  chan struct{}         // a place for a surface model
	walks      chan struct{}         // a place for an object whose blocks are looked up
	stall      time.Duration         // within which stallBytes of a body must come
	closers    []func()              // end what would not end with its request
	lasting    *lasting
	answered   atomic.Int64 // answers about patients of uploads since the start
	remote     http.Handler
	local      http.Handler
}

// New returns a Server. It removes what uploads left in cfg.Temp.
func New(cfg Config) (*Server, error) {
	if cfg.MaxUpload <= 0 {
		cfg.MaxUpload = defaultMaxUpload
	}
	if cfg.Own == nil {
		cfg.Own = func(string) bool { return false }
	}
	if cfg.Explain == nil {
		cfg.Explain = func(sinso.Reason) string { return "" }
	}
	if cfg.Peers == nil {
		cfg.Peers = noPeers{}
	}
	if cfg.Backups == nil {
		cfg.Backups = noBackups{}
	}
	if cfg.Held == nil {
		cfg.Held = noHeld{}
	}
	if cfg.Replicas == nil {
		cfg.Replicas = noReplicas{}
	}
	if cfg.RootKey == nil {
		cfg.RootKey = noRootKey{}
	}
	if cfg.Ready == nil {
		cfg.Ready = func(context.Context) error { return nil }
	}
	s := &Server{
		cfg: cfg, way: cfg.Way,
		auth: auth.NewAuthenticator(auth.Config{
			Sender: door.Sender, Secure: door.Secure,
			Lookup: cfg.Way.Bearer, Credential: cfg.Way.Credential, CredentialByKey: cfg.Way.CredentialByKey,
			Origins: cfg.Origins, Clock: cfg.Clock, Rand: cfg.Rand,
			SignedIn: func(ctx context.Context, c auth.Caller, what sinso.SignedIn) error {
				return cfg.Way.SignedIn(ctx, what, c.ID, c.Person)
			},
		}),
		guestsAuth: newGuests(cfg),
		batches:    newPlaces(maxBatches, maxOwnBatches),
		lists:      newPlaces(maxLists, maxOwnLists),
		problems:   problem.New(cfg.Log, cfg.Rand),
		pictures:   newPictures(maxThumbnails),
		previews:   newPictures(maxPreviews),
		askers:     newPace(cfg.Clock),
		visitors:   newPace(cfg.Clock),
		openings:   newPace(cfg.Clock),
		puts:       make(chan struct{}, maxPuts),
		reads:      make(chan struct{}, maxReads),
		uploads:    newPlaces(maxUploads, maxOwnUploads),
		receiving:  newPlaces(maxReceiving, maxOwnReceiving),
		large:      make(chan struct{}, 1),
		sketching:  make(chan struct{}, 1),
		volumes:    make(chan struct{}, 1),
		modelling:  make(chan struct{}, maxModels),
		walks:      make(chan struct{}, maxWalks),
		stall:      stallTime,
		lasting:    &lasting{left: map[*context.CancelFunc]struct{}{}},
	}
	s.closers = append(s.closers, s.lasting.close)
	if err := clearTemp(cfg.Temp); err != nil {
		return nil, err
	}
	var err error
	if s.protocol, err = newTus(cfg.Uploads, cfg.MaxUpload); err != nil {
		return nil, err
	}
	if s.page, err = readPage(cfg.Page); err != nil {
		return nil, err
	}
	s.remote, s.local = s.door(false), s.door(true)
	return s, nil
}

// Close ends streams of events, which else end with their clients.
func (s *Server) Close() {
	for _, end := range s.closers {
		end()
	}
}

// Handler is the door on TCP.
func (s *Server) Handler() http.Handler { return s.remote }

// Local is the door on the node's own socket: whoever reaches it is the keeper
// of the node folder.
func (s *Server) Local() http.Handler { return s.local }

// door puts what every request meets around the routes, in package door's order.
// The log stands inside the router, where the route's pattern is known.
func (s *Server) door(local bool) http.Handler {
	return door.Chain(
		besideRouter(s.router(local), s.dicomweb(local)),
		door.Behind(s.cfg.Proxies, s.cfg.Public),
		door.RequestID(s.cfg.Rand),
		door.Recover(s.cfg.Log, s.problems.Write),
		door.Headers,
		door.Hosts(s.problems.Write, s.cfg.Hosts...),
		door.Limit(s.cfg.MaxUpload),
	)
}

// uploadPrefix begins the name of every folder that an upload is kept in.
const uploadPrefix = "upload-"

// clearTemp makes the folder for uploads, and removes what a crash left in it.
func clearTemp(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("serve: make the folder for uploads: %w", sinso.ErrUnavailable)
	}
	left, err := filepath.Glob(filepath.Join(dir, uploadPrefix+"*"))
	if err != nil {
		return fmt.Errorf("serve: the folder for uploads: %w", sinso.ErrInvalid)
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("serve: remove what an upload left: %w", sinso.ErrUnavailable)
		}
	}
	return nil
}
