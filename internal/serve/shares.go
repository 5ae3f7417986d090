package serve

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/sharelink"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// Shares, for the person whose they are: the page seals what a link shows and brings it
// here, sees who looked, and ends it. shared.go is the door for who has the link.

func (s *Server) shares() []route {
	share, part := api+"/shares/{share}", api+"/shares/{share}/parts/{part}"
	link := api + "/shared/{share}"
	return []route{
		{"GET", api + "/shares", "shares", signedIn, "what is and was shown by links, oldest first, with when each was opened", []param{byPerson}, answer((*call).shareList)},
		{"POST", api + "/shares", "planShare", signedIn, "consent to show a study by a link; the same again is the same share, until it is complete", nil, take(maxBody, (*call).planShare)},
		{"HEAD", part, "hasPart", signedIn, "whether a sealed part is here", nil, raw(http.StatusNoContent, "", (*call).hasPart)},
		{"PUT", part, "putPart", signedIn, "bring a sealed part; 0 is the manifest", nil, raw(http.StatusNoContent, "", (*call).putPart).bytes(sharelink.MaxManifest)},
		{"POST", share + "/complete", "completeShare", signedIn, "all parts are here: let the link open it", nil, answer((*call).completeShare)},
		{"GET", share + "/receipt", "shareReceipt", signedIn, "the consent receipt, signed", nil, answer((*call).shareReceipt)},
		{"DELETE", share, "endShare", signedIn, "end it now: when this answers, the link opens nothing and the ciphertext is destroyed", nil, answer((*call).endShare)},
		{"GET", link, "openShared", anybody, "open a share by the proof that its link gives; that it was opened is written down", nil, answer((*call).openShared)},
		{"GET", link + "/parts/{part}", "sharedPart", anybody, "a sealed part, for who opened the share", nil, raw(http.StatusOK, binaryType, (*call).sharedPart)},
	}
}

const (
	binaryType = "application/octet-stream"
	maxPuts    = 8 // parts in memory at once; one may have 4 MiB
)

// newShare is what a person consents to.
type newShare struct {
	ID       sinso.ShareID      `json:"id"` // derived from the link's secret
	Study    sinso.StudyID      `json:"study"`
	Verifier string             `json:"verifier"` // SHA-256 of the link's proof, base64url
	Purpose  sinso.SharePurpose `json:"purpose"`  // a code of HL7 v3 ActReason
	EndsAt   time.Time          `json:"endsAt"`   // within 90 days
	Parts    int                `json:"parts"`    // besides the manifest
	Openings int                `json:"openings,omitempty"`
}

// sharing is one of them as its person sees it.
type sharing struct {
	ID       sinso.ShareID      `json:"id"`
	Study    sinso.StudyID      `json:"study"`
	Person   sinso.PersonID     `json:"person"`
	State    sinso.ShareState   `json:"state"`
	Purpose  sinso.SharePurpose `json:"purpose"`
	Planned  time.Time          `json:"planned"`
	Made     *time.Time         `json:"made,omitempty"`
	EndsAt   time.Time          `json:"endsAt"`
	Ended    *time.Time         `json:"ended,omitempty"`
	Why      sinso.ShareEnd     `json:"why,omitempty"` // of the end
	Parts    int                `json:"parts"`
	Most     int                `json:"most"`                      // openings at most
	Openings []time.Time        `json:"openings" nullable:"false"` // oldest first
}

func shareOf(row sinso.ShareRow) sharing {
	s := sharing{
		ID: row.Share, Study: row.Study, Person: row.Person, State: row.State, Purpose: row.Purpose, Planned: row.Planned,
		EndsAt: row.Ends, Why: row.Why, Parts: row.Parts, Most: row.Limit, Openings: append([]time.Time{}, row.Openings...),
	}
	if !row.Made.IsZero() {
		s.Made = &row.Made
	}
	if !row.Ended.IsZero() {
		s.Ended = &row.Ended
	}
	return s
}

func (c *call) shareList() (list[sharing], error) {
	person, err := c.scope(auth.Share)
	if err != nil {
		return list[sharing]{}, err
	}
	rows, err := c.way.Shares(c.ctx(), person)
	return listOf(rows, shareOf), err
}

func (c *call) planShare(in newShare) (sharing, error) {
	if !opaque("s_", string(in.Study)) {
		return sharing{}, fmt.Errorf("serve: study: %w", sinso.ErrNotFound)
	}
	study, err := c.way.Study(c.ctx(), in.Study)
	if err != nil {
		return sharing{}, err
	}
	if err := c.caller.May(auth.Share, study.Person); err != nil {
		return sharing{}, err
	}
	verifier, err := base64.RawURLEncoding.Strict().DecodeString(in.Verifier)
	if err != nil || len(verifier) != len(sinso.Hash{}) || !opaque("l_", string(in.ID)) {
		return sharing{}, invalid("id and verifier must be those of a link's secret")
	}
	if in.Parts < 1 || in.Parts > sharelink.MaxParts || sharelink.Parts(int64(in.Parts)*sharelink.PartBytes) != int64(in.Parts) {
		return sharing{}, invalid("a share has no such number of parts")
	}
	row, err := c.way.PlanShare(c.ctx(), sinso.SharePlanned{
		Share: in.ID, Study: in.Study, Purpose: in.Purpose, Ends: in.EndsAt, Verifier: sinso.Hash(verifier), Parts: in.Parts, Limit: in.Openings,
	}, c.caller.ID)
	if err != nil {
		return sharing{}, err
	}
	return shareOf(row), nil
}

// shareRow returns the share in the path, if it is the caller's.
func (c *call) shareRow() (sinso.ShareRow, error) {
	id, err := c.id("share", "l_")
	if err != nil {
		return sinso.ShareRow{}, err
	}
	row, err := c.way.Share(c.ctx(), sinso.ShareID(id))
	if err != nil {
		return row, err
	}
	return row, c.caller.May(auth.Share, row.Person)
}

// part returns the number of a part in the path. What is none names nothing.
func (c *call) part() (int, error) {
	text := c.r.PathValue("part")
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > sharelink.MaxParts || strconv.Itoa(n) != text {
		return 0, fmt.Errorf("serve: part: %w", sinso.ErrNotFound)
	}
	return n, nil
}

func (c *call) hasPart() error {
	row, err := c.shareRow()
	if err != nil {
		return err
	}
	part, err := c.part()
	if err != nil {
		return err
	}
	has, err := c.way.HasPart(c.ctx(), row.Share, part)
	if err == nil && !has {
		err = fmt.Errorf("serve: part: %w", sinso.ErrNotFound)
	}
	if err == nil {
		c.w.WriteHeader(c.status)
	}
	return err
}

// putPart keeps a part. Each has the one length that its number asks for, so that
// lengths tell nothing.
func (c *call) putPart() error {
	row, err := c.shareRow()
	if err != nil {
		return err
	}
	part, err := c.part()
	if err != nil {
		return err
	}
	if c.r.ContentLength >= 0 && !fits(part, c.r.ContentLength) {
		return invalid("a part has another length")
	}
	read := c.unread()
	leave, err := c.enter(c.puts)
	if err != nil {
		return err
	}
	defer leave()
	read()
	sealed, err := io.ReadAll(c.r.Body)
	if err != nil {
		return broken(err)
	}
	if !fits(part, int64(len(sealed))) {
		return invalid("a part has another length")
	}
	if err := c.way.PutPart(c.ctx(), row.Share, part, sealed); err != nil {
		return err
	}
	c.w.WriteHeader(c.status)
	return nil
}

// fits reports whether a sealed part may have so many bytes.
func fits(part int, sealedBytes int64) bool {
	if part == 0 {
		return sharelink.IsManifestSize(sealedBytes)
	}
	return sealedBytes == sharelink.SealedBytes
}

func (c *call) completeShare() (sharing, error) {
	row, err := c.shareRow()
	if err != nil {
		return sharing{}, err
	}
	row, err = c.way.MakeShare(c.ctx(), row.Share, c.caller.ID)
	return shareOf(row), err
}

func (c *call) shareReceipt() (way.SignedReceipt, error) {
	row, err := c.shareRow()
	if err != nil {
		return way.SignedReceipt{}, err
	}
	receipt, err := c.way.ShareReceipt(c.ctx(), row.Share)
	if err == nil {
		c.w.Header().Set("Content-Disposition", `attachment; filename="consent-receipt.json"`)
	}
	return receipt, err
}

func (c *call) endShare() (sharing, error) {
	row, err := c.shareRow()
	if err != nil {
		return sharing{}, err
	}
	row, err = c.way.EndShare(c.ctx(), row.Share, sinso.EndWithdrawn, c.caller.ID)
	return shareOf(row), err
}
