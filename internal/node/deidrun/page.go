package deidrun

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// What a page shows of each, so that a million files make a page that can be read.
const (
	maxStudies = 200
	maxSeries  = 50 // of one study
	maxWithout = 500
	maxDetails = 100
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.json
var pageWords []byte

// page is the report as one HTML file without scripts, in English and Chinese.
type page struct {
	t        *tally
	to       *bufio.Writer
	lists    map[int64]int64 // how many objects have a list of changes
	studies  *least[study]
	withheld *least[without]
	details  *least[int] // of what was refused or skipped
}

// study is a study of the derivatives.
type study struct {
	Patient, UID    string
	Series          *least[series]
	Clean, Withheld int
}

// series is a series of the derivatives.
type series struct {
	UID, Modality   string
	Clean, Withheld int
	Judged          *judged // nil: it shows no head
}

// without is a derivative that was withheld.
type without struct {
	File, Name string
	Reasons    []sinso.Reason
}

func newPage(t *tally, to *bufio.Writer) sink {
	return &page{
		t: t, to: to, lists: map[int64]int64{}, studies: newLeast[study](maxStudies),
		withheld: newLeast[without](maxWithout), details: newLeast[int](maxDetails),
	}
}

func (p *page) add(f *fate, name string) error {
	if !p.t.o.Names {
		name = ""
	}
	if f.File == "" {
		key := string(f.Reasons[0]) + ": " + f.Detail
		if name != "" {
			key += ": " + name
		}
		if n := p.details.at(key); n != nil {
			*n++
		}
		return nil
	}
	p.lists[f.Changes]++
	if f.duplicate {
		return nil
	}
	if len(f.Reasons) > 0 {
		if w := p.withheld.at(f.File); w != nil {
			*w = without{f.File, name, f.Reasons}
		}
	}
	s := p.studies.at(f.Study)
	if s == nil {
		return nil
	}
	if s.Series == nil {
		*s = study{Patient: f.Patient, UID: f.Study, Series: newLeast[series](maxSeries)}
	}
	count(&s.Clean, &s.Withheld, f)
	if e := s.Series.at(f.Series); e != nil {
		e.UID, e.Modality = f.Series, f.Modality
		if f.From != (id{}) {
			e.Judged = p.t.book.faces[f.group()]
		}
		count(&e.Clean, &e.Withheld, f)
	}
	return nil
}

func count(clean, withheld *int, f *fate) {
	if len(f.Reasons) > 0 {
		*withheld++
	} else {
		*clean++
	}
}

// pageData is what the template shows.
type pageData struct {
	Result
	Style             template.CSS
	Policy            string
	Tool, Profile     string
	ProfileName       string
	Options           []deid.Option
	DryRun, Names     bool
	Made              string // RFC 3339
	Parts             []barPart
	Because           []because
	Studies           []*study
	StudiesLeftOut    int
	Attributes        []*attribute
	AttributesLeftOut int
	WithheldFiles     []*without
	WithheldLeftOut   int
	Details           []detail
	DetailsLeftOut    int
}

type because struct {
	Reason sinso.Reason
	Count  int
}

type detail struct {
	Text  string
	Count int
}

// barPart is one part of the bar of totals, in thousandths of its width.
type barPart struct {
	Class    string
	Count    int
	At, Wide int
}

// parts divides the bar.
func parts(r Result) (out []barPart) {
	sum := 0
	for _, p := range []barPart{
		{Class: "clean", Count: r.Clean},
		{Class: "withheld", Count: r.Withheld},
		{Class: "refused", Count: r.Refused},
		{Class: "skipped", Count: r.Skipped},
		{Class: "duplicates", Count: r.Duplicates},
	} {
		if p.Count > 0 {
			p.At = 1000 * sum / r.Files
			sum += p.Count
			p.Wide = 1000*sum/r.Files - p.At
			out = append(out, p)
		}
	}
	return out
}

func (p *page) end(t *tally) error {
	attributes, left, err := p.attributes()
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(pageStyle))
	d := pageData{
		Result: t.result, Style: template.CSS(pageStyle), //nolint:gosec // a file of this package
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Tool:   t.o.Tool, Profile: t.state.Profile, ProfileName: t.profile.Name(), Options: t.profile.Options(), DryRun: t.o.DryRun, Names: t.o.Names,
		Made: time.Now().UTC().Format(time.RFC3339), Parts: parts(t.result), Attributes: attributes, AttributesLeftOut: left,
		Studies: p.studies.sorted(), StudiesLeftOut: p.studies.leftOut(),
		WithheldFiles: p.withheld.sorted(), WithheldLeftOut: p.withheld.leftOut(), DetailsLeftOut: p.details.leftOut(),
	}
	for _, reason := range slices.Sorted(maps.Keys(t.result.Reasons)) {
		d.Because = append(d.Because, because{reason, t.result.Reasons[reason]})
	}
	for _, key := range p.details.keys() {
		d.Details = append(d.Details, detail{key, *p.details.at(key)})
	}
	words, err := readWords()
	if err != nil {
		return err
	}
	text, err := template.New("page").Funcs(template.FuncMap{"t": words.both, "why": words.why, "kept": words.kept, "base": filepath.Base, "percent": percent, "mm": millimetres}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("deid: the template of the report: %w", err)
	}
	if err := text.Execute(p.to, d); err != nil {
		return cannotReport(err)
	}
	return nil
}

// kept returns why a face was not taken out.
func (w words) kept(why string) template.HTML {
	text, known := w[why]
	if !known {
		text.En, text.Zh = why, why
	}
	return spans(text.En, text.Zh)
}

func percent(share float64) string      { return strconv.FormatFloat(100*share, 'f', 1, 64) + " %" }
func millimetres(length float64) string { return strconv.FormatFloat(length, 'f', 1, 64) + " mm" }

// words are the texts of the page in both languages, by a short name or a reason.
type words map[string]struct{ En, Zh string }

func readWords() (words, error) {
	var w words
	if err := json.Unmarshal(pageWords, &w); err != nil {
		return nil, fmt.Errorf("deid: the texts of the report: %w", err)
	}
	return w, nil
}

// both returns a text in both languages; the page shows the one that is chosen.
func (w words) both(key string) (template.HTML, error) {
	text, ok := w[key]
	if !ok {
		return "", fmt.Errorf("deid: the report has no text %q: %w", key, sinso.ErrNotFound)
	}
	return spans(text.En, text.Zh), nil
}

func spans(en, zh string) template.HTML {
	return template.HTML(`<span class="en" lang="en">` + template.HTMLEscapeString(en) + //nolint:gosec // escaped
		`</span><span class="zh" lang="zh">` + template.HTMLEscapeString(zh) + `</span>`)
}

// why returns the sentence for a reason.
func (w words) why(reason sinso.Reason) template.HTML {
	text := w["reason."+string(reason)]
	if en := deid.Explain(reason); en != "" {
		text.En = en
	}
	if text.Zh == "" {
		text.Zh = text.En
	}
	return spans(text.En, text.Zh)
}
