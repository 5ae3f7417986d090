// Package problem answers errors over HTTP as RFC 9457 problem details, and
// holds the one table from error class to status.
//
// It never shows a stranger our insides: what has no class is "internal error",
// with an id under which the log has more. The id is that of the request where
// header X-Request-Id is set.
package problem

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sinso.dev/sinso"
)

// ContentType is the media type of a problem (RFC 9457 §3).
const ContentType = "application/problem+json"

// maxDetail is how many characters of an error a caller sees.
const maxDetail = 400

// Problem is one error as a caller sees it.
type Problem struct { //nolint:errname // the noun of RFC 9457; an error only so that handlers may return it
	Type   string `json:"type"`             // "about:blank": Title says what Status says (RFC 9457 §4.2.1)
	Title  string `json:"title"`            // of the status
	Status int    `json:"status"`           // HTTP
	Detail string `json:"detail,omitempty"` // one line for a person
	// Class is the error class of the root package as one word, or "internal".
	// A node or command turns it back into the class.
	Class string `json:"class"`
	// ID finds the error in the log; only where the log has more to say.
	ID string `json:"id,omitempty"`

	// RetryAfter is sent as a header, unless zero.
	RetryAfter time.Duration `json:"-"`
}

// Error implements error, so that a handler may return a Problem.
func (p *Problem) Error() string { return strconv.Itoa(p.Status) + " " + p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type for whatever framework writes the problem.
func (*Problem) ContentType(string) string { return ContentType }

// row is one line of the table.
type row struct {
	class  error
	name   string
	status int
	detail string // instead of the error's own words
	logged bool
}

// table is in order of precedence: an error may wrap two classes.
//
//   - ErrCorrupt is 502: what the node's own store, or another node, handed to
//     it was damaged (RFC 9110 §15.6.3: an invalid response from a server behind).
//     It is not the caller's fault (400) and not our bug (500), and another copy
//     may be sound.
//   - ErrNotFound has the same words for what is not there and for what the
//     caller may not know of.
var table = []row{
	{class: sinso.ErrNotFound, name: "not-found", status: http.StatusNotFound, detail: "there is nothing here that you may see"},
	{class: sinso.ErrDenied, name: "denied", status: http.StatusForbidden},
	{class: sinso.ErrInvalid, name: "invalid", status: http.StatusBadRequest},
	{class: sinso.ErrExists, name: "exists", status: http.StatusConflict},
	{class: sinso.ErrUnsupported, name: "unsupported", status: http.StatusNotImplemented},
	{class: sinso.ErrCorrupt, name: "corrupt", status: http.StatusBadGateway, detail: "what was asked for is damaged where it is kept", logged: true},
	{class: sinso.ErrBusy, name: "busy", status: http.StatusServiceUnavailable, detail: "the node is busy: try again"},
	{class: sinso.ErrUnavailable, name: "unavailable", status: http.StatusServiceUnavailable, detail: "a part of the node cannot be reached", logged: true},
	{class: context.Canceled, name: "unavailable", status: http.StatusServiceUnavailable, detail: "the request was given up"},
	{class: context.DeadlineExceeded, name: "unavailable", status: http.StatusServiceUnavailable, detail: "it took too long"},
}

const busyRetry = 2 * time.Second

// statusError is an error of an edge that knows its own status, such as 401 or
// 429. It also has a class.
type statusError interface {
	error
	HTTPStatus() int
}

// Of returns the problem for an error, without an id.
func Of(err error) *Problem {
	p, _ := of(err)
	return p
}

// of also reports whether the log should have it.
func of(err error) (p *Problem, logged bool) {
	if errors.As(err, &p) {
		return p, false
	}
	p = &Problem{Type: "about:blank", Class: "internal", Status: http.StatusInternalServerError, Detail: "internal error"}
	logged = true
	for _, r := range table {
		if errors.Is(err, r.class) {
			p.Class, p.Status, p.Detail, logged = r.name, r.status, r.detail, r.logged
			if p.Detail == "" {
				p.Detail = printable(err.Error())
			}
			break
		}
	}
	if errors.Is(err, sinso.ErrBusy) {
		p.RetryAfter = busyRetry
	}
	var own statusError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &own):
		p.Status = own.HTTPStatus()
	case errors.As(err, &tooLarge):
		p.Class, p.Status, logged = "invalid", http.StatusRequestEntityTooLarge, false
		p.Detail = fmt.Sprintf("the request is larger than the %d bytes allowed", tooLarge.Limit)
	}
	p.Title = http.StatusText(p.Status)
	return p, logged
}

// Writer answers with problems, and logs what the caller is not told.
type Writer struct {
	log  *slog.Logger
	rand sinso.Rand
}

// New returns a Writer. rand makes ids for requests that have none.
func New(log *slog.Logger, rand sinso.Rand) *Writer { return &Writer{log: log, rand: rand} }

// Problem returns the problem for an error. If the caller is told less than we
// know, it is logged under id. route is the pattern that was asked, never the
// path: a path may hold identifiers.
func (w *Writer) Problem(ctx context.Context, id, route string, err error) *Problem {
	p, logged := of(err)
	if !logged {
		return p
	}
	if id == "" {
		id = w.newID()
	}
	p.ID = id
	w.log.ErrorContext(ctx, "request failed",
		slog.String("id", id), slog.String("route", route), slog.String("class", p.Class), slog.String("error", quiet(err)))
	return p
}

// Write answers r with the problem for err.
func (w *Writer) Write(rw http.ResponseWriter, r *http.Request, err error) {
	p := w.Problem(r.Context(), rw.Header().Get("X-Request-Id"), r.Pattern, err)
	p.Write(rw)
}

// Write sends the problem.
func (p *Problem) Write(rw http.ResponseWriter) {
	b, err := json.Marshal(p)
	if err != nil { // a struct of strings and a number
		panic(err)
	}
	h := rw.Header()
	h.Del("Content-Length")
	h.Set("Content-Type", ContentType)
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="sinso"`) // RFC 6750 §3
	}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.RetryAfter+time.Second-1)/time.Second)))
	}
	rw.WriteHeader(p.Status)
	_, _ = rw.Write(append(b, '\n')) // the caller may have gone
}

func (w *Writer) newID() string {
	var b [8]byte
	if _, err := w.rand.Read(b[:]); err != nil {
		return "none" // an id is a comfort; the answer goes out without
	}
	return hex.EncodeToString(b[:])
}

// quiet returns an error's words as far as they are ours. Words of other
// packages may quote a path or a value, so only their type is kept.
func quiet(err error) string {
	foreign := err
	for fmt.Sprintf("%T", foreign) == "*fmt.wrapError" { // what fmt.Errorf makes of one %w
		foreign = errors.Unwrap(foreign)
	}
	for _, r := range table {
		if foreign == r.class { //nolint:errorlint // the very sentinel: all before it is ours
			return printable(err.Error())
		}
	}
	ours, ends := strings.CutSuffix(err.Error(), foreign.Error())
	if !ends {
		ours = ""
	}
	return printable(ours + fmt.Sprintf("(%T)", foreign))
}

// printable makes a text fit for one line of a terminal or log.
func printable(text string) string {
	var out strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > maxDetail {
			out.WriteString("…")
			break
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			r = ' '
		}
		out.WriteRune(r)
	}
	return strings.TrimSpace(out.String())
}
