package serve

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/sharelink"
	"sinso.dev/sinso/internal/edge/door"
	"sinso.dev/sinso/internal/way"
)

// The door for who has a link. They show, in "Authorization: Sinso-Share PROOF", the proof
// that the link's secret gives; opening a share is written down and gives an opening, and
// its parts are for "Sinso-Share PROOF.OPENING". A share that is not there, that has ended
// or whose proof is another is one and the same: there is nothing here.

const (
	shareScheme  = "Sinso-Share"
	openingBytes = 8 + 16 // when it ends, and a MAC
)

// text64 is base64url that has one text for the same bytes.
var text64 = base64.RawURLEncoding.Strict()

// shared is a share as who has the link sees it.
type shared struct {
	EndsAt  time.Time `json:"endsAt"`
	Parts   int       `json:"parts"`   // besides the manifest, which is part 0
	Opening string    `json:"opening"` // for the parts; good for some hours
}

// proven returns the share in the path, if it opens now and the caller has its link, and
// reports whether the caller has opened it before. Who has not is slowed down.
func (c *call) proven() (row sinso.ShareRow, opening string, err error) {
	proof, opening := c.shown()
	id := sinso.ShareID(c.r.PathValue("share"))
	row, err = c.way.Opens(c.ctx(), id)
	verifier := sharelink.Verifier(proof)
	same := subtle.ConstantTimeCompare(verifier[:], row.Verifier[:]) == 1 // also where there is none: nothing has that
	if err == nil && same {
		if c.isOpening(id, opening) {
			return row, opening, nil
		}
		return row, "", nil
	}
	if !c.visitors.step(door.Sender(c.r)) {
		return row, "", tooMany()
	}
	if err == nil {
		err = fmt.Errorf("serve: shared: %w", sinso.ErrNotFound)
	}
	return row, "", err
}

func tooMany() error {
	return refused(http.StatusTooManyRequests, sinso.ErrBusy, "too many requests for what was shared")
}

// shown returns the proof and the opening in the request; zero if there is none.
func (c *call) shown() (proof [32]byte, opening string) {
	scheme, rest, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	text, opening, _ := strings.Cut(rest, ".")
	b, err := text64.DecodeString(text)
	if !strings.EqualFold(scheme, shareScheme) || err != nil || len(b) != len(proof) {
		return proof, ""
	}
	return [32]byte(b), opening
}

// openShared opens a share for somebody who has its link. Who comes back with an opening
// that is still good does not open it again.
func (c *call) openShared() (shared, error) {
	row, opening, err := c.proven()
	if err != nil {
		return shared{}, err
	}
	if opening == "" {
		if !c.openings.step(string(row.Share)) { // each is written down; those with other links have their own
			return shared{}, tooMany()
		}
		if row, err = c.way.OpenShare(c.ctx(), row.Share); err != nil {
			return shared{}, err
		}
		opening = c.newOpening(row.Share)
	}
	return shared{row.Ends, row.Parts, opening}, nil
}

// newOpening is what shows that a share was opened, for a time.
func (c *call) newOpening(id sinso.ShareID) string {
	ends := c.cfg.Clock.Now().Add(way.OpeningTime).Unix()
	b := binary.BigEndian.AppendUint64(nil, uint64(ends)) //nolint:gosec // after 1970
	return text64.EncodeToString(append(b, c.openingMAC(id, b)...))
}

func (c *call) openingMAC(id sinso.ShareID, ends []byte) []byte {
	key := c.way.OpeningKey()
	mac := hmac.New(sha256.New, key[:])
	mac.Write(ends)
	mac.Write([]byte(id))
	return mac.Sum(nil)[:openingBytes-8]
}

// isOpening reports whether a text is an opening of a share that is good now.
func (c *call) isOpening(id sinso.ShareID, text string) bool {
	b, err := text64.DecodeString(text)
	if err != nil || len(b) != openingBytes {
		return false
	}
	ends := int64(binary.BigEndian.Uint64(b)) //nolint:gosec // ours, or its MAC is wrong
	return hmac.Equal(b[8:], c.openingMAC(id, b[:8])) && c.cfg.Clock.Now().Unix() < ends
}

func (c *call) sharedPart() error {
	row, opening, err := c.proven()
	if err != nil {
		return err
	}
	part, err := c.part()
	if err == nil && opening == "" {
		err = fmt.Errorf("serve: shared: not opened: %w", sinso.ErrNotFound)
	}
	if err != nil {
		return err
	}
	sealed, size, err := c.way.SharePart(c.ctx(), row.Share, part)
	if err != nil {
		return err
	}
	defer sealed.Close() //nolint:errcheck // it is only read
	c.w.Header().Set("Content-Type", binaryType)
	c.w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(c.w, &whileShared{c, sealed, row.Share, c.cfg.Clock.Now()}) // the caller may have gone
	return nil
}

// sharedAgain is how often it is asked whether a share that is read from has ended.
const sharedAgain = time.Second

// whileShared reads a part for as long as its share opens.
type whileShared struct {
	*call
	part  io.Reader
	share sinso.ShareID
	asked time.Time
}

// Read implements [io.Reader].
func (r *whileShared) Read(b []byte) (int, error) {
	if now := r.cfg.Clock.Now(); now.Sub(r.asked) >= sharedAgain {
		if _, err := r.way.Opens(r.ctx(), r.share); err != nil {
			return 0, err
		}
		r.asked = now
	}
	return r.part.Read(b) //nolint:wrapcheck // io.EOF is compared with
}
