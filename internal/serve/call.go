package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

const (
	jsonType   = "application/json"
	ndjsonType = "application/x-ndjson"

	stallTime  = time.Minute
	stallBytes = 1 << 20

	maxDepth = 32 // levels of JSON; the deepest body of ours, an offer, has 4

	// Of a body, before it is decoded: "{}," becomes fifty times as much. A report has up to
	// nine objects and 258 arrays a mark.
	maxObjects = 10_000
	maxArrays  = 150_000
)

// call is one request on its way through a route.
type call struct {
	*Server
	route
	w      http.ResponseWriter
	r      *http.Request
	caller auth.Caller
	watch  *watched               // the body; nil: there is none
	spec   func() ([]byte, error) // the description of the API
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

// maxForm is how many bytes files may have that come in one request.
func (c *call) maxForm() int64 { return min(maxForm, c.cfg.MaxUpload) }

// bound limits the body in bytes, and in time: it breaks off one that does not
// come any more. The function returned ends the watch.
func (c *call) bound() func() {
	most := c.most
	switch {
	case c.files:
		most = c.maxForm()
	case c.chunk:
		most = c.cfg.MaxUpload
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, most)
	if c.r.ContentLength == 0 {
		return func() {}
	}
	// A deadline that has passed ends the read that waits.
	timer := time.AfterFunc(c.stall, func() {
		_ = http.NewResponseController(c.w).SetReadDeadline(time.Unix(1, 0)) // a recorder has none
	})
	c.watch = &watched{ReadCloser: c.r.Body, timer: timer, stall: c.stall}
	c.r.Body = c.watch
	return func() { timer.Stop() }
}

// unread stops the watch of the body until the function returned is called: while a request
// waits for a place nobody reads its body, and its sender is not slow.
func (c *call) unread() (read func()) {
	if c.watch == nil || !c.watch.timer.Stop() {
		return func() {}
	}
	return func() { c.watch.timer.Reset(c.stall) }
}

// watched is a body under a timer that starts anew with each stallBytes.
type watched struct {
	io.ReadCloser
	timer *time.Timer
	stall time.Duration
	since int // bytes since the timer was started
}

// Read implements [io.Reader].
func (b *watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.since += n; b.since >= stallBytes && b.timer.Stop() {
		b.timer.Reset(b.stall)
		b.since = 0
	}
	if err != nil {
		b.timer.Stop()
	}
	return n, err
}

// knownQuery refuses a query that the route does not know: a misspelled filter
// must not show everything. Other programs may send theirs to the gateway.
func (c *call) knownQuery() error {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return invalid("the query cannot be read")
	}
	if !strings.HasPrefix(c.path, api) {
		return nil
	}
	for name, values := range query {
		if len(values) != 1 || !c.takes(name) {
			return invalid("the query has a parameter that this route does not know, or one twice")
		}
	}
	return nil
}

func (c *call) takes(name string) bool {
	for _, p := range c.query {
		if p.name == name {
			return true
		}
	}
	return false
}

// number returns a query parameter between two bounds, or what it is without.
func (c *call) number(name string, otherwise, lowest, highest int) (int, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lowest || n > highest {
		return 0, invalid(fmt.Sprintf("%s must be a number from %d to %d", name, lowest, highest))
	}
	return n, nil
}

// hash returns a path parameter that is 32 bytes in hex. What is not one names
// nothing.
func (c *call) hash(name string) (sinso.Hash, error) {
	var h sinso.Hash
	if err := h.UnmarshalText([]byte(c.r.PathValue(name))); err != nil {
		return h, fmt.Errorf("serve: %s: %w", name, sinso.ErrNotFound)
	}
	if h.String() != c.r.PathValue(name) {
		return h, fmt.Errorf("serve: %s: %w", name, sinso.ErrNotFound)
	}
	return h, nil
}

// idDigits are those of an opaque id behind its letter.
const idDigits = 26

// opaque reports whether text is an opaque id of a kind ("s_").
func opaque(prefix, text string) bool {
	digits, ok := strings.CutPrefix(text, prefix)
	return ok && len(digits) == idDigits && strings.Trim(digits, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// id returns a path parameter that is an opaque id.
func (c *call) id(name, prefix string) (string, error) {
	text := c.r.PathValue(name)
	if !opaque(prefix, text) {
		return "", fmt.Errorf("serve: %s: %w", name, sinso.ErrNotFound)
	}
	return text, nil
}

// scope returns whose things a list shows: the person asked for, or the caller's
// own; "" is everybody's.
func (c *call) scope(action auth.Action) (sinso.PersonID, error) {
	asked := c.r.URL.Query().Get("person")
	if asked == "" {
		person, _, err := c.caller.Scope(action)
		return person, err
	}
	return c.personAsked(action, asked)
}

// personAsked checks that the caller may do this to a person, and that there is one.
func (c *call) personAsked(action auth.Action, asked string) (sinso.PersonID, error) {
	person := sinso.PersonID(asked)
	if err := c.caller.May(action, person); err != nil {
		return "", err
	}
	if !opaque("p_", asked) {
		return "", fmt.Errorf("serve: person: %w", sinso.ErrNotFound)
	}
	_, err := c.way.Person(c.ctx(), person)
	return person, err
}

// body reads the JSON of a request.
func (c *call) body() ([]byte, error) {
	if media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || media != jsonType {
		return nil, refused(http.StatusUnsupportedMediaType, sinso.ErrInvalid, "this route takes "+jsonType)
	}
	data, err := io.ReadAll(c.r.Body)
	if err != nil {
		return nil, broken(err)
	}
	switch deepest, objects, arrays := shape(data); {
	case deepest > maxDepth:
		return nil, invalid("the JSON is nested too deeply")
	case objects > maxObjects || arrays > maxArrays:
		return nil, invalid("the JSON has too many parts")
	}
	return data, nil
}

// broken is a body that did not come whole.
func broken(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fmt.Errorf("serve: read the body: %w", err)
	}
	return invalid("the body did not come whole")
}

// decode reads the body into a struct. What the struct has no field for is
// refused. The decoder's own words quote the body, so they are not passed on.
func (c *call) decode(into any) error {
	data, err := c.body()
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return invalid("the body is not the JSON that this route takes: see " + openAPI)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return invalid("there is more in the body than one JSON object")
	}
	return nil
}

// shape returns how deep brackets are nested, and how many there are of each, strings left out.
func shape(data []byte) (deepest, objects, arrays int) {
	level, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			level++
			deepest = max(deepest, level)
			if b == '{' {
				objects++
			} else {
				arrays++
			}
		case b == '}' || b == ']':
			level--
		}
	}
	return deepest, objects, arrays
}

// json answers with a body.
func (c *call) json(body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("serve: %s: %w", c.name, err)
	}
	c.w.Header().Set("Content-Type", jsonType)
	c.w.WriteHeader(c.status)
	_, _ = c.w.Write(append(data, '\n')) // the caller may have gone
	return nil
}

// list is a JSON answer of many.
type list[Item any] struct {
	Items []Item `json:"items" nullable:"false"`
}

// listOf makes a list of rows.
func listOf[Row, Item any](rows []Row, of func(Row) Item) list[Item] {
	items := make([]Item, 0, len(rows))
	for _, row := range rows {
		items = append(items, of(row))
	}
	return list[Item]{items}
}

// text is a hash as text, and nothing where there is none.
func text(h sinso.Hash) string {
	if h == (sinso.Hash{}) {
		return ""
	}
	return h.String()
}

// enter takes a place, or says that there is none while the caller waits.
func (c *call) enter(places chan struct{}) (leave func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-c.ctx().Done():
		return nil, c.ctx().Err()
	}
}
