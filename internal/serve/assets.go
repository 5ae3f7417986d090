package serve

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/problem"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
)

// asset is one release: a de-identified copy, from plan to token.
type asset struct {
	ID        sinso.ReleaseID      `json:"id"`
	Study     sinso.StudyID        `json:"study"`
	Series    []sinso.SeriesID     `json:"series" nullable:"false"` // of the study that it is made of, sorted; none: all
	Person    sinso.PersonID       `json:"person"`
	State     sinso.ReleaseState   `json:"state"`
	Tier      sinso.Tier           `json:"tier"`
	Instances int                  `json:"instances"`
	Withheld  map[sinso.Reason]int `json:"withheld"`
	Reason    sinso.Reason         `json:"reason"` // of a refusal
	Explain   string               `json:"explain"`
	Token     string               `json:"token"`
	Tx        string               `json:"tx"`
	Gas       uint64               `json:"gas"`
	Split     []share              `json:"split" nullable:"false"`
	Manifest  sinso.CID            `json:"manifest"`
	Price     sinso.Wei            `json:"priceWei"`
	Terms     sinso.Terms          `json:"terms"`
	Author    *coCreator           `json:"author,omitempty"`  // who was asked to be one, and what they said
	Draft     bool                 `json:"draft"`             // made ahead: for nobody until its owner names a price
	Order     string               `json:"order"`             // its offer, "" if there is none
	Risk      *way.RiskReport      `json:"risk,omitempty"`    // as it was counted last; absent before it is made
	Quality   *way.QualityReport   `json:"quality,omitempty"` // as it was judged last; absent before it is made
	Profile   string               `json:"profile"`           // the name of what de-identifies it, "" if this node cannot read it
	Rules     string               `json:"profileHash"`       // which one that is, hex
	Updated   time.Time            `json:"updated"`
	Line      *way.Lineage         `json:"line,omitempty"`         // of one release alone: what it came after, and what came after it; absent if it is on no chain, or that does not answer
	Faces     []sinso.Defaced      `json:"faces" nullable:"false"` // series out of which a face was taken, or could not be
}

type share struct {
	Payee sinso.Address `json:"payee"`
	Bps   uint16        `json:"bps"`
	Role  string        `json:"role"`
}

func (c *call) assetOf(row sinso.ReleaseRow, order sinso.Hash) asset {
	a := asset{
		ID: row.ID, Study: row.Study, Series: append([]sinso.SeriesID{}, row.Series...), Person: row.Person, State: row.State, Tier: row.Tier, Instances: row.Instances,
		Withheld: map[sinso.Reason]int{}, Reason: row.Reason, Token: text(row.Token), Tx: text(row.Tx), Gas: row.Gas,
		Split: []share{}, Manifest: row.Manifest, Price: row.Price, Terms: row.Terms, Author: coCreatorOf(row), Draft: row.Draft, Order: text(order), Updated: row.Updated,
		Faces: append([]sinso.Defaced{}, row.Faces...),
	}
	if profile, err := c.way.ProfileOf(row); err == nil {
		hash := profile.Hash()
		a.Profile, a.Rules = profile.Name(), hex.EncodeToString(hash[:])
	}
	maps.Copy(a.Withheld, row.Withheld)
	if row.Reason != "" {
		a.Explain = c.cfg.Explain(row.Reason)
	}
	if row.Risk != nil {
		a.Risk = c.riskShown(*row.Risk)
	}
	if row.Quality != nil {
		a.Quality, _ = c.way.QualityOf(row) // it is there
	}
	for i, one := range row.Asset.Split {
		role := ""
		if i < len(row.Roles) {
			role = row.Roles[i]
		}
		a.Split = append(a.Split, share{Payee: one.Payee, Bps: one.Bps, Role: role})
	}
	return a
}

// offered returns the order of each release of a person.
func (c *call) offered(id sinso.PersonID) (map[sinso.ReleaseID]sinso.Hash, error) {
	rows, err := c.way.Orders(c.ctx(), id)
	orders := map[sinso.ReleaseID]sinso.Hash{}
	for _, row := range rows {
		orders[row.Release] = row.Hash
	}
	return orders, err
}

func (c *call) assets() (list[asset], error) {
	id, err := c.scope(auth.See)
	if err != nil {
		return list[asset]{}, err
	}
	rows, err := c.way.Releases(c.ctx(), id)
	if err != nil {
		return list[asset]{}, err
	}
	orders, err := c.offered(id)
	return listOf(rows, func(row sinso.ReleaseRow) asset { return c.assetOf(row, orders[row.ID]) }), err
}

func (c *call) asset() (asset, error) {
	row, err := c.releaseRow(auth.See)
	return c.assetWhole(row, err)
}

// assetWhole is a release as it is shown, with its order.
func (c *call) assetWhole(row sinso.ReleaseRow, err error) (asset, error) {
	if err != nil {
		return asset{}, err
	}
	orders, err := c.offered(row.Person)
	if err != nil {
		return asset{}, err
	}
	out := c.assetOf(row, orders[row.ID])
	// A chain that does not answer hides the line, and nothing else.
	out.Line, _ = c.way.Lineage(c.ctx(), row, c.cfg.Catalogue)
	return out, nil
}

// callingOff is how far that is.
type callingOff struct {
	Left uint64 `json:"left"` // transactions that the chain has to settle first
}

func (c *call) callOff(progress func(callingOff)) (asset, error) {
	row, err := c.releaseRow(auth.Sell)
	if err != nil {
		return asset{}, err
	}
	return c.assetWhole(c.way.CallOff(c.ctx(), row.ID, c.caller.ID, func(left uint64) { progress(callingOff{left}) }))
}

// manyReleases tells who asks for more releases than may wait.
func manyReleases(err error) error {
	if !errors.Is(err, way.ErrManyReleases) {
		return err
	}
	return &problem.Problem{
		Type: "about:blank", Title: http.StatusText(http.StatusTooManyRequests), Status: http.StatusTooManyRequests, Class: "busy",
		Detail: "too many releases wait to be made, and this one was not begun: wait until some are done, or call some off",
	}
}

// releaseRow returns the release in the path, if the caller may do this to it.
func (c *call) releaseRow(action auth.Action) (sinso.ReleaseRow, error) {
	id, err := c.id("release", "r_")
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	row, err := c.way.ReleaseRow(c.ctx(), sinso.ReleaseID(id))
	if err != nil {
		return row, err
	}
	return row, c.caller.May(action, row.Person)
}

// newAsset says what is to be made of a study.
type newAsset struct {
	Study sinso.StudyID `json:"study"`
	// Series are those of the study that are let go; none: all of it.
	Series []sinso.SeriesID `json:"series,omitempty"`
	Price  sinso.Wei        `json:"priceWei"`
	// Terms are those of the offer. Default: any purpose and use, without an end, to be
	// bought for 30 days.
	Terms  *sinso.Terms `json:"terms,omitempty"`
	Author *newAuthor   `json:"author,omitempty"`
	// Profile is the preset that de-identifies it: research-sale-defaced takes faces
	// out. Default: the node's.
	Profile string `json:"profile,omitempty"`
}

// newAuthor is a co-creator with a work of their own in the copy.
type newAuthor struct {
	Person sinso.PersonID `json:"person"`
	Role   string         `json:"role"`
	Work   string         `json:"work"`
	Bps    uint16         `json:"bps"`
	// Accept agrees in their name, for who decides for them; else they are asked, and
	// nothing is made before they agree.
	Accept bool `json:"accept,omitempty"`
}

// word is what a role and a work may be called: it goes to buyers as it is.
var word = regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)

const wholeBps = 10_000

// planned checks a co-creator. The work is signed with their key, so they are asked;
// who agrees in their name must be one who decides for them. Whether there is such a
// person is told to nobody else.
func (c *call) planned(author *newAuthor) (*sinso.PlannedAuthor, error) {
	if author == nil {
		return nil, nil //nolint:nilnil // nobody adds a work: no error
	}
	if author.Accept {
		if _, err := c.personAsked(auth.Sell, string(author.Person)); err != nil {
			return nil, err
		}
	}
	if !opaque("p_", string(author.Person)) {
		return nil, invalid("an author is named by the number that their own account shows them")
	}
	if !word.MatchString(author.Role) || !word.MatchString(author.Work) || author.Bps < 1 || author.Bps >= wholeBps {
		return nil, invalid("an author needs a role and a work, each one word in small letters, and a share of 1 to 9,999 bps")
	}
	return &sinso.PlannedAuthor{Person: author.Person, Role: author.Role, Work: author.Work, Bps: author.Bps}, nil
}

// preset returns the profile that a release is asked for with; nil if it is the node's.
func preset(name string) (*deid.Profile, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // the node's own: no error
	}
	profile, err := deid.Preset(name)
	if err != nil {
		return nil, invalid("profile: there is no preset of this name; there are " + strings.Join(deid.Presets(), ", "))
	}
	return profile, nil
}

// termsOf are the terms that a release is asked for on.
func termsOf(given *sinso.Terms) (terms sinso.Terms, err error) {
	if given != nil {
		terms = *given
	}
	terms = terms.Full()
	if err = terms.Check(); err != nil {
		err = invalid(strings.TrimSuffix(err.Error(), ": "+sinso.ErrInvalid.Error())) // what is wrong may be told
	}
	return terms, err
}

// seriesNamed is ErrNotFound for what names no series.
func seriesNamed(series []sinso.SeriesID) error {
	for _, id := range series {
		if !opaque("e_", string(id)) {
			return fmt.Errorf("serve: series: %w", sinso.ErrNotFound)
		}
	}
	return nil
}

// done is how far a release is.
type done struct {
	Done  int `json:"done"` // records
	Total int `json:"total"`
}

func (c *call) release(in newAsset, progress func(done)) (asset, error) {
	if !opaque("s_", string(in.Study)) {
		return asset{}, fmt.Errorf("serve: study: %w", sinso.ErrNotFound)
	}
	study, err := c.way.Study(c.ctx(), in.Study)
	if err != nil {
		return asset{}, err
	}
	if err := c.caller.May(auth.Sell, study.Person); err != nil {
		return asset{}, err
	}
	if err := seriesNamed(in.Series); err != nil {
		return asset{}, err
	}
	author, err := c.planned(in.Author)
	if err != nil {
		return asset{}, err
	}
	profile, err := preset(in.Profile)
	if err != nil {
		return asset{}, err
	}
	terms, err := termsOf(in.Terms)
	if err != nil {
		return asset{}, err
	}
	ctx, end := c.lasting.begin(c.ctx()) // a person who closes the page finds it done
	defer end()
	row, err := c.way.Release(ctx, in.Study, way.ReleaseOptions{
		Actor: c.caller.ID, Price: in.Price, Terms: terms, Series: in.Series, Author: author, Accepted: author != nil && in.Author.Accept, Profile: profile,
		Progress: func(n, total int) { progress(done{n, total}) },
	})
	return c.assetWhole(row, manyReleases(err))
}
