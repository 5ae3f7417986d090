package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	tusd "github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/problem"
)

// The protocol (tus 1.0.0) is that of tusd's handler. What it knows of the node is here:
// where uploads are kept, which of them are the caller's, who waits for whom, and how the
// node answers.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,termination,expiration"
	tusChunk      = "application/offset+octet-stream"
	tusNoMatch    = "this route speaks tus: send Tus-Resumable: " + tusVersion
	tusPath       = api + "/uploads/"
	// tusGrace is how long what runs under a request may go on after it: nothing does, and
	// the handler has a goroutine wait for it.
	tusGrace = time.Millisecond
)

// newTus returns the protocol over the uploads.
func newTus(uploads sinso.Uploads, maxUpload int64) (*tusd.UnroutedHandler, error) {
	composer := tusd.NewStoreComposer()
	store := tusStore{uploads}
	composer.UseCore(store)
	composer.UseTerminater(store)
	composer.UseLocker(&tusLocks{held: map[string]*tusHeld{}})
	h, err := tusd.NewUnroutedHandler(tusd.Config{
		StoreComposer: composer, MaxSize: maxUpload, BasePath: tusPath,
		DisableDownload: true, DisableConcatenation: true, Cors: &tusd.CorsConfig{Disable: true},
		// What it logs is logged around it, by the route's pattern.
		Logger:                           slog.New(slog.NewTextHandler(io.Discard, nil)),
		GracefulRequestCompletionTimeout: tusGrace, NetworkTimeout: stallTime,
	})
	if err != nil {
		return nil, fmt.Errorf("serve: uploads: %w", err)
	}
	return h, nil
}

// tusCall is one request on its way through the protocol.
type tusCall struct {
	http.ResponseWriter

	call   *call
	owner  string
	begins sinso.Upload // by a POST
	upload sinso.Upload // as it was found or made
	body   *cutBody     // nil: none
	failed error        // of the store
	status int          // of the protocol's refusal; 0: none
	why    strings.Builder
}

type tusKey struct{}

func tusOf(ctx context.Context) (*tusCall, error) {
	t, ok := ctx.Value(tusKey{}).(*tusCall)
	if !ok {
		return nil, errors.New("serve: a request of tus without its call")
	}
	return t, nil
}

// tus answers a request by the protocol.
func (c *call) tus(t *tusCall, serve func(http.ResponseWriter, *http.Request)) error {
	c.w.Header().Set("Tus-Resumable", tusVersion)
	if c.r.Method != http.MethodHead && c.r.Header.Get("Tus-Resumable") != tusVersion {
		c.w.Header().Set("Tus-Version", tusVersion)
		return refused(http.StatusPreconditionFailed, sinso.ErrInvalid, tusNoMatch)
	}
	t.ResponseWriter, t.call, t.owner = c.w, c, c.uploader()
	r := c.r.WithContext(context.WithValue(c.ctx(), tusKey{}, t))
	at := *r.URL
	at.Path = c.r.PathValue("upload")
	r.URL = &at
	if r.ContentLength != 0 {
		read := c.unread()
		leave, err := c.receiving.enter(c.ctx(), t.owner)
		if err != nil {
			return err
		}
		defer leave()
		read()
		t.body = &cutBody{ReadCloser: r.Body, w: c.w}
		r.Body = t.body
	}
	serve(t, r)
	return t.err()
}

// Unwrap lets [http.ResponseController] reach the connection.
func (t *tusCall) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// WriteHeader implements [http.ResponseWriter]. A refusal is kept back: it is answered as
// a problem.
func (t *tusCall) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		t.status = status
		return
	}
	h := t.Header()
	h.Del("Content-Length") // to HEAD, that of the upload
	if status == http.StatusCreated {
		h.Set("Location", tusPath+string(t.upload.ID)) // not by a scheme that a proxy may have changed
	}
	if !t.upload.Expires.IsZero() {
		h.Set("Upload-Expires", t.upload.Expires.UTC().Format(http.TimeFormat)) // RFC 9110 §5.6.7
	}
	t.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (t *tusCall) Write(p []byte) (int, error) {
	if t.status != 0 {
		return t.why.Write(p)
	}
	return t.ResponseWriter.Write(p)
}

// err is what the request is refused with, if it is.
func (t *tusCall) err() error {
	switch {
	case t.status == 0:
		return nil
	case t.failed != nil:
		return t.call.noRoom(t.failed)
	}
	_, why, _ := strings.Cut(t.why.String(), ": ") // behind a word in capitals
	class := sinso.ErrInvalid
	switch t.status {
	case http.StatusNotFound:
		class = sinso.ErrNotFound
	case http.StatusConflict:
		class = sinso.ErrExists
	case http.StatusLocked:
		class = sinso.ErrBusy
	case http.StatusNotImplemented:
		class = sinso.ErrUnsupported
	}
	return refused(t.status, class, "upload: "+strings.TrimSpace(why))
}

// noRoom gives what has no room its own status: the caller can go on when there is some.
func (c *call) noRoom(err error) error {
	status := http.StatusInsufficientStorage
	var why string
	switch {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		why = "the disk of the node is full: what was acknowledged is kept, and can be gone on with when there is room"
		c.cfg.Log.ErrorContext(c.ctx(), "the disk is full: an upload was cut off")
	case errors.Is(err, sinso.ErrBusy) && c.r.Method == http.MethodPost && c.r.Header.Get("Content-Type") != tusChunk:
		status, why = http.StatusTooManyRequests, "too many uploads of this caller are not done: finish or end some"
	case errors.Is(err, sinso.ErrUploadShare):
		why = "one caller's unfinished uploads take all the room that they may: what was acknowledged is kept, and can be gone on with when others of yours are done, or ended"
	case errors.Is(err, sinso.ErrBusy):
		why = "unfinished uploads take all the room that they may: what was acknowledged is kept, and can be gone on with when others are done"
	case errors.Is(err, sinso.ErrInvalid) && c.r.Method == http.MethodPost: // it would never fit
		return refused(http.StatusRequestEntityTooLarge, sinso.ErrInvalid, err.Error())
	default:
		return err
	}
	return &problem.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: why, Class: "busy"}
}

// fail keeps what the store failed with, for the answer.
func (t *tusCall) fail(err error) error {
	if err != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

// cutBody is a body that another request can end.
type cutBody struct {
	io.ReadCloser

	w   http.ResponseWriter
	cut atomic.Bool
}

// Read implements [io.Reader].
func (b *cutBody) Read(p []byte) (int, error) {
	if b.cut.Load() {
		return 0, io.ErrUnexpectedEOF
	}
	return b.ReadCloser.Read(p) //nolint:wrapcheck // compared with by its readers
}

// end ends the body, also a read that waits.
func (b *cutBody) end() {
	if b == nil {
		return
	}
	b.cut.Store(true)
	_ = http.NewResponseController(b.w).SetReadDeadline(time.Unix(1, 0)) // a recorder has none
}

// tusStore is the uploads as the protocol sees them.
type tusStore struct{ uploads sinso.Uploads }

// NewUpload implements [tusd.DataStore].
func (s tusStore) NewUpload(ctx context.Context, info tusd.FileInfo) (tusd.Upload, error) {
	t, err := tusOf(ctx)
	if err != nil {
		return nil, err
	}
	t.begins.Size = info.Size
	t.upload, err = s.uploads.Create(context.WithoutCancel(ctx), t.begins)
	return tusUpload{s.uploads, t}, t.fail(err)
}

// GetUpload implements [tusd.DataStore].
func (s tusStore) GetUpload(ctx context.Context, id string) (tusd.Upload, error) {
	t, err := tusOf(ctx)
	if err != nil {
		return nil, err
	}
	t.upload, err = t.call.ownUpload(ctx, id)
	return tusUpload{s.uploads, t}, t.fail(err)
}

// AsTerminatableUpload implements [tusd.TerminaterDataStore].
func (tusStore) AsTerminatableUpload(u tusd.Upload) tusd.TerminatableUpload {
	return u.(tusUpload) //nolint:forcetypeassert // it has no other
}

// tusUpload is the upload of a request.
type tusUpload struct {
	uploads sinso.Uploads
	*tusCall
}

// WriteChunk implements [tusd.Upload]. What came of a body that was cut off counts,
// whether or not its caller is there yet.
func (u tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := u.uploads.Append(context.WithoutCancel(ctx), u.upload.ID, offset, src)
	return n, u.fail(err)
}

// GetInfo implements [tusd.Upload].
func (u tusUpload) GetInfo(context.Context) (tusd.FileInfo, error) {
	return tusd.FileInfo{ID: string(u.upload.ID), Size: u.upload.Size, Offset: u.upload.Offset, MetaData: metadataOf(u.upload)}, nil
}

// GetReader implements [tusd.Upload]. No route asks for it.
func (tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, fmt.Errorf("serve: an upload is not read back: %w", sinso.ErrUnsupported)
}

// FinishUpload implements [tusd.Upload]. The uploads know by themselves.
func (tusUpload) FinishUpload(context.Context) error { return nil }

// Terminate implements [tusd.TerminatableUpload].
func (u tusUpload) Terminate(ctx context.Context) error {
	return u.fail(u.uploads.Remove(context.WithoutCancel(ctx), u.upload.ID))
}

// tusLocks lets one request at a time work on an upload. Who comes later ends the body of
// who is there: a caller whose line was cut comes back before the node notices that.
type tusLocks struct {
	mu   sync.Mutex // guards held
	held map[string]*tusHeld
}

type tusHeld struct {
	call *tusCall
	free chan struct{} // closed when it is
}

// NewLock implements [tusd.Locker].
func (l *tusLocks) NewLock(id string) (tusd.Lock, error) { return tusLock{l, id}, nil }

type tusLock struct {
	*tusLocks
	id string
}

// Lock implements [tusd.Lock]. It ends the other body by itself: the protocol's own way
// to would race with it.
func (l tusLock) Lock(ctx context.Context, _ func()) error {
	t, err := tusOf(ctx)
	if err != nil {
		return err
	}
	for {
		l.mu.Lock()
		held := l.held[l.id]
		if held == nil {
			l.held[l.id] = &tusHeld{t, make(chan struct{})}
			l.mu.Unlock()
			return nil
		}
		if held.call.owner == t.owner { // nobody else can get in the way
			held.call.body.end()
		}
		l.mu.Unlock()
		if err := wait(ctx, held.free); err != nil {
			return tusd.ErrFileLocked
		}
	}
}

// Unlock implements [tusd.Lock].
func (l tusLock) Unlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.held[l.id].free)
	delete(l.held, l.id)
	return nil
}

func wait(ctx context.Context, free <-chan struct{}) error {
	select {
	case <-free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
