package problem_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/problem"
)

type unauthenticated struct{}

func (unauthenticated) Error() string   { return "sign in" }
func (unauthenticated) HTTPStatus() int { return http.StatusUnauthorized }
func (unauthenticated) Unwrap() error   { return sinso.ErrDenied }

// TestTable is the table from class to status, as callers rely on it.
func TestTable(t *testing.T) {
	for name, tt := range map[string]struct {
		err    error
		status int
		class  string
		detail string
	}{
		"invalid":       {fmt.Errorf("order: price is missing: %w", sinso.ErrInvalid), 400, "invalid", "order: price is missing: invalid"},
		"not found":     {fmt.Errorf("study s_other is of p_other: %w", sinso.ErrNotFound), 404, "not-found", "there is nothing here that you may see"},
		"exists":        {fmt.Errorf("x: %w", sinso.ErrExists), 409, "exists", "x: already exists"},
		"denied":        {fmt.Errorf("x: %w", sinso.ErrDenied), 403, "denied", "x: denied"},
		"signed out":    {unauthenticated{}, 401, "denied", "sign in"},
		"corrupt":       {fmt.Errorf("block: %w", sinso.ErrCorrupt), 502, "corrupt", "what was asked for is damaged where it is kept"},
		"busy":          {fmt.Errorf("x: %w", sinso.ErrBusy), 503, "busy", "the node is busy: try again"},
		"unavailable":   {fmt.Errorf("x: %w", sinso.ErrUnavailable), 503, "unavailable", "a part of the node cannot be reached"},
		"unsupported":   {fmt.Errorf("x: %w", sinso.ErrUnsupported), 501, "unsupported", "x: unsupported"},
		"cancelled":     {context.Canceled, 503, "unavailable", "the request was given up"},
		"too late":      {context.DeadlineExceeded, 503, "unavailable", "it took too long"},
		"too large":     {fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 10}), 413, "invalid", "the request is larger than the 10 bytes allowed"},
		"no class":      {errors.New("secret inside"), 500, "internal", "internal error"},
		"hidden denied": {fmt.Errorf("%w: %w", sinso.ErrDenied, sinso.ErrNotFound), 404, "not-found", "there is nothing here that you may see"},
	} {
		t.Run(name, func(t *testing.T) {
			rw := httptest.NewRecorder()
			problem.New(slog.New(slog.DiscardHandler), rand.Reader).Write(rw, httptest.NewRequest(http.MethodGet, "/x", nil), tt.err)
			var got problem.Problem
			if err := json.Unmarshal(rw.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if rw.Code != tt.status || got.Status != tt.status || got.Class != tt.class || got.Detail != tt.detail {
				t.Errorf("got %d %+v, want %d %s %q", rw.Code, got, tt.status, tt.class, tt.detail)
			}
			if got.Type != "about:blank" || got.Title != http.StatusText(tt.status) || rw.Header().Get("Content-Type") != problem.ContentType {
				t.Errorf("got %+v as %s, want an RFC 9457 problem", got, rw.Header().Get("Content-Type"))
			}
			if want := tt.status == 401; (rw.Header().Get("WWW-Authenticate") != "") != want {
				t.Errorf("WWW-Authenticate: got %q", rw.Header().Get("WWW-Authenticate"))
			}
			if want := tt.class == "busy"; (rw.Header().Get("Retry-After") == "2") != want {
				t.Errorf("Retry-After: got %q", rw.Header().Get("Retry-After"))
			}
		})
	}
}

// TestHiddenErrorsAreLoggedUnderTheIDGiven also looks for a planted name in log
// and answer: words of other packages are kept out of both.
func TestHiddenErrorsAreLoggedUnderTheIDGiven(t *testing.T) {
	foreign := &fs.PathError{Op: "open", Path: "/scans/PLANTED^NAME", Err: syscall.EACCES}
	for name, tt := range map[string]struct {
		err  error
		want string // in the log; "" if it is not logged
	}{
		"ours":        {fmt.Errorf("vault: get b123: %w", sinso.ErrCorrupt), "vault: get b123: corrupt"},
		"unavailable": {fmt.Errorf("chain: dial: %w", sinso.ErrUnavailable), "chain: dial: unavailable"},
		"foreign":     {fmt.Errorf("import: open: %w", foreign), "import: open: (*fs.PathError)"},
		"bare":        {foreign, "(*fs.PathError)"},
		"two":         {fmt.Errorf("a: %w: %w", sinso.ErrUnavailable, foreign), "(*fmt.wrapErrors)"},
		"in front":    {fmt.Errorf("%w: tail", foreign), "(*fs.PathError)"},
		"denied":      {fmt.Errorf("x: %w", sinso.ErrDenied), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			w := problem.New(slog.New(slog.NewTextHandler(&log, nil)), rand.Reader)
			rw := httptest.NewRecorder()
			rw.Header().Set("X-Request-Id", "request-7")
			r := httptest.NewRequest(http.MethodGet, "/studies/PLANTED%5ENAME", nil)
			r.Pattern = "GET /studies/{id}"
			w.Write(rw, r, tt.err)
			if tt.want == "" {
				if log.Len() > 0 || strings.Contains(rw.Body.String(), "request-7") {
					t.Errorf("got log %q and answer %q, want neither id nor log", &log, rw.Body)
				}
				return
			}
			if !strings.Contains(log.String(), tt.want) || !strings.Contains(log.String(), "request-7") || !strings.Contains(log.String(), "GET /studies/{id}") {
				t.Errorf("log: got %q, want %q with id and route", &log, tt.want)
			}
			if !strings.Contains(rw.Body.String(), `"id":"request-7"`) {
				t.Errorf("answer: got %q, want the id", rw.Body)
			}
			if strings.Contains(log.String()+rw.Body.String(), "PLANTED") {
				t.Errorf("the planted name is in log %q or answer %q", &log, rw.Body)
			}
		})
	}
}

func TestIDsAreRandomWithoutARequestID(t *testing.T) {
	w := problem.New(slog.New(slog.DiscardHandler), rand.Reader)
	a := w.Problem(t.Context(), "", "", errors.New("x"))
	b := w.Problem(t.Context(), "", "", errors.New("x"))
	if a.ID == "" || a.ID == b.ID {
		t.Errorf("got ids %q and %q, want two different", a.ID, b.ID)
	}
}

// TestProblemPassesThrough checks that a handler may return a Problem as error.
func TestProblemPassesThrough(t *testing.T) {
	p := problem.Of(sinso.ErrDenied)
	if got := problem.Of(fmt.Errorf("handler: %w", p)); got != p {
		t.Errorf("got %+v, want the same problem", got)
	}
	if p.GetStatus() != 403 || p.ContentType("application/json") != problem.ContentType || !strings.HasPrefix(p.Error(), "403") {
		t.Errorf("got %v", p)
	}
}

func TestDetailIsOneBoundedLine(t *testing.T) {
	got := problem.Of(fmt.Errorf("a\x1b[2J\r\n%s: %w", strings.Repeat("x", 10_000), sinso.ErrInvalid)).Detail
	if strings.ContainsAny(got, "\x1b\r\n") || len(got) > 500 {
		t.Errorf("got %d bytes: %.60q", len(got), got)
	}
}
