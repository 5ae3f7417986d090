package deid

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// version is part of a profile's hash: it changes with every change of this
// package that changes what it writes.
const version = "sinso/deid/profile/v4"

// DefaultPreset is the profile of a sale.
const DefaultPreset = "research-sale"

//go:embed profiles/*.toml
var presets embed.FS

// Profile says what becomes of each element: the Basic Profile, the options of a
// profile file and its own stricter rules, made ready for use. It does not change
// and may be used from many goroutines.
type Profile struct {
	source   source
	text     []byte
	options  Options
	rows     []Row
	rules    map[dicom.Tag]rule
	unlisted map[dicom.Tag]verb
	private  map[privateElement]bool
	hash     [sha256.Size]byte
	own      [sha256.Size]byte // without the node's templates
	cleaners cleaners          // of text; a cache
}

// source is a profile file (docs/formats.md, "profile").
type source struct {
	Format  int         `json:"format"          toml:"format"`
	Name    string      `json:"name"            toml:"name"`
	Title   string      `json:"-"               toml:"title"`
	Table   string      `json:"table"           toml:"table"`
	Options []Option    `json:"options"         toml:"options"`
	Dates   ownDates    `json:"dates"           toml:"dates"`
	Rules   []ownRule   `json:"rule"            toml:"rule"`
	Private []ownSafety `json:"safe-private"    toml:"safe-private"`

	Templates []sinso.Template `json:"template" toml:"template"`
	// NodeTemplates are those that persons drew on the node ([Profile.With]): they are
	// blanked by whatever the profile's options are.
	NodeTemplates []sinso.Template `json:"node-template,omitempty" toml:"node-template"`
}

type ownDates struct {
	MaxShiftDays int `json:"max-shift-days" toml:"max-shift-days"`
}

// ownRule is stricter than the table, or about what the table does not list.
type ownRule struct {
	Tag    string `json:"tag"    toml:"tag"`
	Action string `json:"action" toml:"action"`
	Why    string `json:"-"      toml:"why"`
}

// ownSafety names private elements that a hospital knows to be safe.
type ownSafety struct {
	Creator  string   `json:"creator"  toml:"creator"`
	Group    string   `json:"group"    toml:"group"`
	Elements []string `json:"elements" toml:"elements"`
}

// Bounds of a profile file.
const (
	maxProfile  = 1 << 20 // bytes
	minShift    = 365     // days; less than a year leaves the season
	maxShift    = 10950
	formatOfNow = 1
)

// NewProfile returns the profile of a sale.
func NewProfile() (*Profile, error) { return Preset(DefaultPreset) }

// Presets returns the names of the profiles that come with the program, sorted.
func Presets() []string {
	entries, err := presets.ReadDir("profiles")
	if err != nil { // it is part of the program
		return nil
	}
	var out []string
	for _, entry := range entries {
		out = append(out, strings.TrimSuffix(entry.Name(), ".toml"))
	}
	return out
}

// Preset returns a profile that comes with the program; ErrNotFound for another name.
func Preset(name string) (*Profile, error) {
	if !slices.Contains(Presets(), name) {
		return nil, fmt.Errorf("deid: profile: there is no preset of this name; there are %s: %w", strings.Join(Presets(), ", "), sinso.ErrNotFound)
	}
	text, err := presets.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("deid: profile: %w", err)
	}
	return Parse(text)
}

var profileName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// Parse reads a profile file. It is ErrInvalid for one that is not understood to the
// last word: a misspelled option must not be an option that is off.
func Parse(text []byte) (*Profile, error) {
	if len(text) > maxProfile {
		return nil, fmt.Errorf("deid: profile: longer than %d bytes: %w", maxProfile, sinso.ErrInvalid)
	}
	p := &Profile{text: bytes.Clone(text)}
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := decoder.Decode(&p.source); err != nil {
		return nil, fmt.Errorf("deid: profile: %w: %w", err, sinso.ErrInvalid)
	}
	if err := p.source.check(); err != nil {
		return nil, err
	}
	var err error
	if p.options, err = newOptions(p.source.Options); err != nil {
		return nil, err
	}
	if p.rows, err = parseTable(tableE11); err != nil {
		return nil, err
	}
	if p.rules, err = compileTable(p.rows, p.options); err != nil {
		return nil, err
	}
	if p.unlisted, err = compileUnlisted(unlistedRules); err != nil {
		return nil, err
	}
	if p.private, err = compileSafePrivate(safePrivate, p.source.Private); err != nil {
		return nil, err
	}
	if err := p.addOwn(); err != nil {
		return nil, err
	}
	if p.hash, err = p.source.hash(p.options); err != nil {
		return nil, err
	}
	own := p.source
	own.NodeTemplates = nil
	p.own, err = own.hash(p.options)
	return p, err
}

func (s *source) check() error {
	if s.Dates.MaxShiftDays == 0 {
		s.Dates.MaxShiftDays = maxShiftDays
	}
	switch {
	case s.Format != formatOfNow:
		return fmt.Errorf("deid: profile: format %d; this program reads %d: %w", s.Format, formatOfNow, sinso.ErrUnsupported)
	case s.Table != Revision:
		return fmt.Errorf("deid: profile: its table is not %s, which this program has: %w", Revision, sinso.ErrUnsupported)
	case !profileName.MatchString(s.Name):
		return fmt.Errorf("deid: profile: the name must be of a-z, 0-9 and -, at most 32: %w", sinso.ErrInvalid)
	case s.Dates.MaxShiftDays < minShift || s.Dates.MaxShiftDays > maxShift:
		return fmt.Errorf("deid: profile: max-shift-days must be from %d to %d: %w", minShift, maxShift, sinso.ErrInvalid)
	}
	for _, t := range slices.Concat(s.Templates, s.NodeTemplates) {
		if err := checkPlace(t); err != nil {
			return err
		}
	}
	return nil
}

// hash names what the profile does, not how its file is laid out: comments, order
// and title are not in it.
func (s source) hash(options Options) ([sha256.Size]byte, error) {
	s.Options = options.Sorted()
	s.Rules = slices.Clone(s.Rules)
	for i, own := range s.Rules {
		s.Rules[i].Tag = bareTag(own.Tag)
	}
	slices.SortFunc(s.Rules, func(a, b ownRule) int { return strings.Compare(a.Tag, b.Tag) })
	canonical, err := json.Marshal(s)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("deid: profile: %w", err)
	}
	return sha256.Sum256([]byte(strings.Join([]string{version, tableE11, unlistedRules, safePrivate, string(canonical)}, "\x00"))), nil
}

// ownVerbs are what an own rule may do. None keeps what the table takes away: for
// that there are the options, which a derivative names.
var ownVerbs = map[string]verb{"remove": verbRemove, "empty": verbEmpty, "dummy": verbDummy, "keep": verbKeep}

func (p *Profile) addOwn() error {
	seen := map[dicom.Tag]bool{}
	for _, own := range p.source.Rules {
		tag, err := parseTag(bareTag(own.Tag))
		if err != nil {
			return fmt.Errorf("deid: profile: rule for %q: a tag is (gggg,eeee): %w", own.Tag, sinso.ErrInvalid)
		}
		v, known := ownVerbs[own.Action]
		_, listed := p.rules[tag]
		switch {
		case !known:
			return fmt.Errorf("deid: profile: rule for %s: there is no action %q: %w", tag, own.Action, sinso.ErrInvalid)
		case seen[tag]:
			return fmt.Errorf("deid: profile: two rules for %s: %w", tag, sinso.ErrInvalid)
		case v == verbKeep && (listed || tag.IsPrivate() || isPattern(tag)):
			return fmt.Errorf("deid: profile: rule for %s: what Table E.1-1 lists is kept by an option only: %w", tag, sinso.ErrInvalid)
		case tag.Group() <= groupMeta || tag == tagSOPInstance || tag == tagSOPClass:
			return fmt.Errorf("deid: profile: rule for %s: without it the object is none: %w", tag, sinso.ErrInvalid)
		}
		seen[tag] = true
		if v == verbKeep {
			p.unlisted[tag] = v
			continue
		}
		p.rules[tag] = rule{verb: v, basic: v}
	}
	return nil
}

// bareTag takes what people write around a tag away: (0010,0010) is 00100010.
func bareTag(text string) string {
	return strings.ToLower(strings.NewReplacer("(", "", ")", "", ",", "", " ", "").Replace(text))
}

// Name returns what the profile is called.
func (p *Profile) Name() string { return p.source.Name }

// Title returns it in words.
func (p *Profile) Title() string { return p.source.Title }

// Text returns the file that it was read from.
func (p *Profile) Text() []byte { return bytes.Clone(p.text) }

// Options returns the options in force, in the order of their codes.
func (p *Profile) Options() []Option { return p.options.Sorted() }

// Hash names the profile: SHA-256 over its version, the tables and the file's
// content (docs/formats.md, "profile").
func (p *Profile) Hash() [sha256.Size]byte { return p.hash }

// OwnHash is [Profile.Hash] without the node's templates: it names what persons wrote
// down about a profile, whatever was drawn since.
func (p *Profile) OwnHash() [sha256.Size]byte { return p.own }

// Limits returns the options for which what this profile makes is limited data and
// no derivative that may be sold; none if it may.
func (p *Profile) Limits() []Option {
	var out []Option
	for _, option := range identifying {
		if p.options[option] {
			out = append(out, option)
		}
	}
	return out
}

// Resolved is one row of the table with what the profile does.
type Resolved struct {
	Pattern string `json:"tag"`    // as in [Row]
	Name    string `json:"name"`   // of the attribute
	Basic   string `json:"basic"`  // the table's code
	Action  string `json:"action"` // keep, remove, empty, dummy, uid, shift, items, clean
}

// Resolve lists what the profile does with each row of the table, in its order.
func (p *Profile) Resolve() []Resolved {
	out := make([]Resolved, 0, len(p.rows))
	for _, row := range p.rows {
		v := row.pattern(p.options)
		if tag, err := parseTag(row.Pattern); err == nil {
			v = p.rules[tag].verb
		}
		out = append(out, Resolved{row.Pattern, row.Name, row.Basic, verbNames[v]})
	}
	return out
}
