// Package door has what every HTTP door of the node does before its handlers,
// as plain middlewares. Order, from outside: [Behind], [RequestID], [Recover], [Headers],
// [Hosts], [Limit], sign-in, [Log] beside the routes.
package door

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// Middleware wraps a handler.
type Middleware func(http.Handler) http.Handler

// Fail answers a request with an error.
type Fail func(http.ResponseWriter, *http.Request, error)

// Chain wraps h so that a request meets the middlewares in the order given.
func Chain(h http.Handler, middlewares ...Middleware) http.Handler {
	for _, m := range slices.Backward(middlewares) {
		h = m(h)
	}
	return h
}

// RequestIDHeader names a request in the answer and in the log.
const RequestIDHeader = "X-Request-Id"

// RequestID gives each answer a fresh random id; one that the caller sends is
// not believed.
func RequestID(rand sinso.Rand) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var id [8]byte
			if _, err := rand.Read(id[:]); err == nil {
				w.Header().Set(RequestIDHeader, hex.EncodeToString(id[:]))
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Recover answers a panic with an error, and logs where it was. The panic's
// value is not logged: it may quote data.
func Recover(log *slog.Logger, fail Fail) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen := &watched{ResponseWriter: w}
			defer func() { //nolint:contextcheck // the request's own is logged with
				v := recover()
				if v == nil {
					return
				}
				if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(v) // the server's own way to break off
				}
				log.ErrorContext(r.Context(), "handler panicked", slog.String("id", w.Header().Get(RequestIDHeader)),
					slog.String("type", fmt.Sprintf("%T", v)), slog.String("at", places()))
				if seen.status != 0 {
					panic(http.ErrAbortHandler) // half an answer must not look whole
				}
				fail(w, r, errors.New("a handler panicked"))
			}()
			next.ServeHTTP(seen, r)
		})
	}
}

// places names the functions that a panic came through, without arguments.
func places() string {
	const most, above = 12, 3 // frames kept; those of the recovery itself
	pcs := make([]uintptr, most)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(above, pcs)])
	var names []string
	for {
		frame, more := frames.Next()
		names = append(names, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		if !more {
			return strings.Join(names, " < ")
		}
	}
}

// watched notes what was sent.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements [http.ResponseWriter].
func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // 1xx is no answer yet
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// contentSecurityPolicy lets the page load its own files alone, workers too. blob:
// and data: are for drawn images, blob: for films that the page has fetched.
const contentSecurityPolicy = "default-src 'self'; script-src 'self'; " +
	"img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self'; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Headers sets the headers that keep a browser from giving our answers away. A
// handler may change Cache-Control for what is public.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if Secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000") // a year
		}
		next.ServeHTTP(w, r)
	})
}

// misdirected is a request for a host that this node is not.
type misdirected struct{}

func (misdirected) Error() string   { return "this node is not known by that host name" }
func (misdirected) HTTPStatus() int { return http.StatusMisdirectedRequest }
func (misdirected) Unwrap() error   { return sinso.ErrInvalid }

// Hosts answers only requests for a name or address of loopback, or for one of
// the names given (without port). A page whose name was made to mean 127.0.0.1
// (DNS rebinding) does not get through.
func Hosts(fail Fail, names ...string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !known(r.Host, names) {
				fail(w, r, misdirected{})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func known(host string, names []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return true
	}
	return strings.EqualFold(host, "localhost") ||
		slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(host, name) })
}

// Limit bounds the body of a request. Reading past it is [http.MaxBytesError].
func Limit(maxBytes int64) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBytes)
			next.ServeHTTP(w, r)
		})
	}
}

// Log logs each request by its route's pattern: paths and queries hold
// identifiers. It must see the same request as the [http.ServeMux] that sets the
// pattern, so nothing that copies the request may stand between.
func Log(log *slog.Logger, clock sinso.Clock) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := clock.Now()
			seen := &watched{ResponseWriter: w}
			defer func() { //nolint:contextcheck // the request's own is logged with
				log.DebugContext(r.Context(), "request",
					slog.String("id", w.Header().Get(RequestIDHeader)), slog.String("method", method(r)), slog.String("route", r.Pattern),
					slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes), slog.Duration("took", clock.Now().Sub(start)))
			}()
			next.ServeHTTP(seen, r)
		})
	}
}

// method is the request's method, if it is one that HTTP knows: callers may
// write anything there.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}
