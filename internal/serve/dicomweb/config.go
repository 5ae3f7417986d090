package dicomweb

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/problem"
	"sinso.dev/sinso/internal/wire/multipart"
)

// Archive is what the door needs of the node. Its methods are called from several
// goroutines at once, and fn of each from one.
type Archive interface {
	// Find asks the index, as [sinso.MetaTx.Find]. What was acknowledged is found.
	Find(ctx context.Context, q sinso.Query, fn func(sinso.Found) error) error
	// Metadata calls fn with the DICOM JSON of a series' instances, by number, UID,
	// Seq: as an object, or in raw DEFLATE as [sinso.InstanceSealed] has it, which
	// begins with another byte than "{". fn must not keep it.
	Metadata(ctx context.Context, series sinso.SeriesID, fn func(sinso.InstanceRow, []byte) error) error
	// Arrive begins an object: what it returns sees it arrive, and goes with it to
	// Take, or is given up.
	Arrive() Arrival
	// Take stores one Part 10 object; it is sealed and durable when Take returns. It
	// is a *ingest.RefusalError for what is no object that can be filed.
	Take(ctx context.Context, item sinso.Item, o TakeOptions) (sinso.Receipt, error)
	// Read returns the plain bytes of an instance, as they came.
	Read(ctx context.Context, row sinso.InstanceRow) ([]byte, error)
	// ReadAt opens an instance to be read in parts until ctx ends, so that a frame costs
	// the same in an object of any size.
	ReadAt(ctx context.Context, row sinso.InstanceRow) (io.ReaderAt, error)
	// Opened writes down that actor opened something of a person's: a study, series
	// or instance by its opaque name.
	Opened(ctx context.Context, actor string, person sinso.PersonID, what, purpose string) error
	// Reject withdraws a study, a series of it or an instance, by its opaque name:
	// it is not found any more.
	Reject(ctx context.Context, actor string, person sinso.PersonID, what string) error
	// Changes calls fn with at most limit changes behind number after, oldest first:
	// those to a person's objects, or to all for person "".
	Changes(ctx context.Context, person sinso.PersonID, after uint64, limit int, fn func(Change) error) error
}

// TakeOptions say on whose behalf an object is stored.
type TakeOptions struct {
	Actor  string         // for the log
	Person sinso.PersonID // whose it is; "": by the patient identity in it
	// Research says that it may be a derivative, and is filed as research data.
	Research bool
	// Arrival is what Arrive gave, if it saw the object arrive; or nil.
	Arrival Arrival
}

// Arrival sees an object arrive.
type Arrival interface {
	multipart.Sink
	GiveUp() // nothing of it is wanted
}

// Change is one change to what the archive holds.
type Change struct {
	Seq    uint64 // its number; they ascend, with gaps
	At     time.Time
	Action Action

	StudyUID, SeriesUID, InstanceUID string // SeriesUID and InstanceUID are "" for what is larger
}

// Action is what a change did.
type Action string

// The actions.
const (
	ActionCreate Action = "create" // an instance was stored
	ActionDelete Action = "delete" // a study, series or instance was withdrawn
)

// Auth tells who sends a request: an [auth.Authenticator], or at the node's own
// socket whoever reaches it.
type Auth interface {
	FromRequest(r *http.Request) (auth.Caller, error)
}

// Config is what a Server needs. Archive, Auth, Problems, Log, Clock and Rand must
// be given.
type Config struct {
	Archive  Archive
	Auth     Auth
	Problems *problem.Writer
	Log      *slog.Logger
	Clock    sinso.Clock
	Rand     sinso.Rand
	// Base is the path that the routes stand under. Default /dicom-web.
	Base string
	// URL is that of Base as clients reach it, without a slash at its end, where it
	// is not that of the request's Host: behind a proxy.
	URL string
	// Read is what a caller must be allowed to find and retrieve. Default
	// auth.Open; auth.See lets those in who may know of studies and not open them,
	// and shows them names, dates and pixels.
	Read auth.Action
	// MaxUpload bounds the body of one request in bytes. Default 16 GiB.
	MaxUpload int64
	// MaxObject bounds one object in bytes. Default 2 GiB.
	MaxObject int64
	// MaxResults bounds the answer to one search. Default 10,000.
	MaxResults int
}

const (
	defaultBase       = "/dicom-web"
	defaultMaxUpload  = 16 << 30
	defaultMaxObject  = 2 << 30
	defaultMaxResults = 10_000

	maxUploads   = 16        // requests that store at once
	maxInFlight  = 4         // objects of one request in memory
	maxMemory    = 192 << 20 // bytes of objects in memory at once, of all requests; one object may have more
	maxAhead     = 64 << 20  // bytes that one request reads ahead
	maxListeners = 64        // event streams at once

	stallTime  = time.Minute // a client that takes or sends nothing for so long is gone
	feedEvery  = time.Second // how often an event stream looks for changes
	aliveEvery = 15          // looks without a change until a stream says that it lives
)

// Server answers requests under Config.Base. It is an [http.Handler].
type Server struct {
	cfg     Config
	router  http.Handler
	memory  *semaphore.Weighted
	uploads chan struct{}
	listen  chan struct{}

	describing chan struct{} // a place for a request that stores metadata with bulk data
	stall      time.Duration
	poll       time.Duration

	closing sync.Once
	closed  chan struct{} // ends event streams
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.Base == "" {
		cfg.Base = defaultBase
	}
	cfg.Base = "/" + strings.Trim(cfg.Base, "/")
	if cfg.Read == "" {
		cfg.Read = auth.Open
	}
	if cfg.MaxUpload <= 0 {
		cfg.MaxUpload = defaultMaxUpload
	}
	if cfg.MaxObject <= 0 {
		cfg.MaxObject = defaultMaxObject
	}
	if cfg.MaxResults <= 0 {
		cfg.MaxResults = defaultMaxResults
	}
	s := &Server{
		cfg: cfg, memory: semaphore.NewWeighted(maxMemory),
		uploads: make(chan struct{}, maxUploads), listen: make(chan struct{}, maxListeners), describing: make(chan struct{}, 1),
		stall: stallTime, poll: feedEvery, closed: make(chan struct{}),
	}
	s.router = s.newRouter()
	return s
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// Close ends the event streams, which else end with their clients. It is meant for
// [http.Server.RegisterOnShutdown].
func (s *Server) Close() { s.closing.Do(func() { close(s.closed) }) }
