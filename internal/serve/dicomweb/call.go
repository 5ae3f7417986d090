package dicomweb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
)

// The media types of this door (PS3.18 §8.7).
const (
	dicomType    = "application/dicom"
	jsonType     = "application/dicom+json"
	plainJSON    = "application/json"
	xmlType      = "application/dicom+xml"
	octetType    = "application/octet-stream"
	zipType      = "application/zip"
	relatedType  = "multipart/related"
	pngType      = "image/png"
	jpegType     = "image/jpeg"
	eventsType   = "text/event-stream"
	anyMediaType = "*/*"
)

// call is one request on its way through a route.
type call struct {
	*Server
	route
	w      *steady
	r      *http.Request
	caller auth.Caller
	query  url.Values
	partly bool // some of what is named is not for the caller
}

func (c *call) ctx() context.Context { return c.r.Context() }

// refusal is an error that knows its status besides its class.
type refusal struct {
	status int
	class  error
	why    string
}

func (e *refusal) Error() string   { return e.why }
func (e *refusal) HTTPStatus() int { return e.status }
func (e *refusal) Unwrap() error   { return e.class }

func refused(status int, class error, why string) error {
	return &refusal{status: status, class: class, why: why}
}

func invalid(why string) error { return fmt.Errorf("%s: %w", why, sinso.ErrInvalid) }

// notAcceptable is an Accept that nothing here fits.
func notAcceptable(why string) error {
	return refused(http.StatusNotAcceptable, sinso.ErrUnsupported, why)
}

func notFound(what string) error { return fmt.Errorf("dicomweb: %s: %w", what, sinso.ErrNotFound) }

// serve does for one route what stands before its handler.
func (s *Server) serve(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Server: s, route: rt, r: r}
		c.w = newSteady(w, s.stall, s.cfg.Clock)
		defer c.w.stop()
		err := c.begin()
		if err == nil {
			err = rt.run(c)
		}
		if err != nil {
			c.fail(r.Context(), err)
		}
	}
}

// begin finds the caller and reads the query.
func (c *call) begin() (err error) {
	if c.caller, err = c.cfg.Auth.FromRequest(c.r); err != nil {
		return err
	}
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return invalid("the query cannot be read")
	}
	for name := range c.query {
		if !c.takes(name) {
			return invalid("the query has a parameter that this route does not know")
		}
	}
	if c.body {
		c.bound()
	}
	return nil
}

// fail answers with an error. Half an answer must not look whole: then the
// connection is broken off.
func (c *call) fail(ctx context.Context, err error) {
	if !c.w.begun {
		c.w.clean()
		c.cfg.Problems.Write(c.w, c.r, err)
		return
	}
	if !errors.Is(err, errGone) {
		p := c.cfg.Problems.Problem(ctx, c.w.Header().Get("X-Request-Id"), c.r.Pattern, err)
		c.cfg.Log.WarnContext(ctx, "an answer was broken off", slog.String("route", c.r.Pattern), slog.String("class", p.Class))
	}
	panic(http.ErrAbortHandler)
}

// param returns a part of the path. What is escaped in a way that cannot be names
// nothing.
func (c *call) param(name string) string {
	text, err := url.PathUnescape(c.r.PathValue(name))
	if err != nil {
		return "%" // no UID, number or tag
	}
	return text
}

// base returns the URL of Config.Base as the client knows it.
func (c *call) base() string {
	if c.cfg.URL != "" {
		return c.cfg.URL
	}
	scheme := "http://"
	if door.Secure(c.r) {
		scheme = "https://"
	}
	return scheme + c.r.Host + c.cfg.Base
}

// reply answers with a body.
func (c *call) reply(status int, media string, body []byte) error {
	h := c.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	_, err := c.w.Write(body)
	return err
}

// single returns a query parameter that may come once.
func (c *call) single(name string) (string, error) {
	values := c.query[name]
	if len(values) > 1 {
		return "", invalid("parameter " + name + " comes twice")
	}
	if len(values) == 0 {
		return "", nil
	}
	return values[0], nil
}

// number returns a query parameter from 0 on, or what it is without.
func (c *call) number(name string, otherwise uint64) (uint64, error) {
	text, err := c.single(name)
	if err != nil || text == "" {
		return otherwise, err
	}
	n, err := strconv.ParseUint(text, 10, 53)
	if err != nil {
		return 0, invalid(name + " must be a whole number from 0 on")
	}
	return n, nil
}
