// Package quality judges whether a derivative is formatted, whole and valuable before it
// becomes an asset: a score of seven parts, 0 to 100 each, with what was found and no
// value of it.
//
// What is asked of an object is a table of PS3.3 (iod.tsv). A part that nothing can be said
// of is not counted. Of valid, whole, continuous, de-identified and new a release has to be
// each: its score is no higher than the lowest of them and [Slack]. docs/formats.md,
// "quality", has the rules; another version of them is another [Version].
package quality

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Version is the version of the rules.
const Version = 1

// Slack is how far a score may be above the lowest essential part.
const Slack = 25

// Least is the score below which nothing is offered, if nobody says otherwise. A part of
// 44 or less fails by itself.
const Least = 70

// Part is one part of a quality.
type Part string

// The parts.
const (
	Validity     Part = "validity"     // attributes that the IOD asks for, and their values
	Completeness Part = "completeness" // instances, slices and frames that should be there
	Structure    Part = "structure"    // codes, geometry, character set
	Resolution   Part = "resolution"   // matrix, bits, slice thickness
	Continuity   Part = "continuity"   // slices make a block
	Deid         Part = "deid"         // de-identification is written into each object
	Uniqueness   Part = "uniqueness"   // it is not on the market already
)

// part is what a part weighs.
type part struct {
	name      Part
	weight    int
	essential bool
}

// Parts returns the parts in their order.
func Parts() []Part {
	var names []Part
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

// parts are published in docs/formats.md; their order is that of a mark.
func parts() [sinso.QualityParts]part {
	return [...]part{
		{Validity, 25, true},
		{Completeness, 20, true},
		{Structure, 10, false},
		{Resolution, 10, false},
		{Continuity, 15, true},
		{Deid, 10, true},
		{Uniqueness, 10, true},
	}
}

// Release is what is judged.
type Release struct {
	Series []Series
	Market []Sketch // of what else is for sale
}

// maxShown bounds the findings that are told of a part.
const maxShown = 16

// tally adds up the scores of a part.
type tally struct{ sum, of int }

func (t *tally) add(score, times int) { t.sum, t.of = t.sum+score*times, t.of+times }

// Assess judges a release as a whole.
func Assess(r Release) sinso.Quality {
	tallies, found, instances := map[Part]*tally{}, map[finding]int{}, 0
	for _, p := range parts() {
		tallies[p.name] = &tally{}
	}
	for _, s := range r.Series {
		instances += len(s.Instances)
		for _, i := range s.Instances {
			i.tell(tallies, found)
		}
		j := s.judge()
		tallies[Completeness].add(j.completeness, len(s.Instances))
		if j.continuous {
			tallies[Continuity].add(j.continuity, len(s.Instances))
		}
		for one, n := range j.findings {
			found[one] += n
		}
	}
	r.unique(tallies[Uniqueness], found)
	q := sinso.Quality{Version: Version, Instances: instances}
	for _, p := range parts() {
		q.Parts = append(q.Parts, told(p, *tallies[p.name], found))
	}
	q.Score = scoreOf(q.Parts)
	return q
}

// tell adds what was found of one instance. What does not say what it is has nothing good.
func (i Instance) tell(tallies map[Part]*tally, found map[finding]int) {
	tallies[Validity].add(i.validity, 1)
	tallies[Structure].add(i.structure, 1)
	tallies[Deid].add(i.certified, 1)
	if i.class == nil || i.class.side > 0 || i.class.bits > 0 || i.class.thickness > 0 {
		tallies[Resolution].add(i.resolution, 1)
	}
	if i.class == nil {
		tallies[Uniqueness].add(0, 1)
	}
	for _, one := range i.findings {
		found[one]++
	}
}

// told is a part as it is told.
func told(p part, t tally, found map[finding]int) sinso.QualityPart {
	out := sinso.QualityPart{Part: string(p.name), Score: whole, Weight: p.weight}
	if t.of == 0 {
		out.Weight = 0
		return out
	}
	out.Score = t.sum / t.of
	for _, one := range slices.SortedFunc(maps.Keys(found), func(a, b finding) int {
		return cmp.Or(cmp.Compare(found[b], found[a]), cmp.Compare(a.what, b.what), cmp.Compare(a.tag, b.tag))
	}) {
		if one.part == p.name && len(out.Findings) < maxShown {
			out.Findings = append(out.Findings, sinso.QualityFinding{Finding: one.what, Tag: tagText(one.tag), Count: found[one]})
		}
	}
	return out
}

func tagText(t dicom.Tag) string {
	if t == 0 {
		return ""
	}
	return fmt.Sprintf("(%04x,%04x)", t.Group(), t.Element())
}

// scoreOf is the mean of the parts by their weights, and no higher than the lowest essential
// one and [Slack].
func scoreOf(of []sinso.QualityPart) int {
	sum, weights, most := 0, 0, whole
	for i, p := range parts() {
		one := of[i]
		if one.Weight == 0 {
			continue
		}
		sum, weights = sum+one.Score*one.Weight, weights+one.Weight
		if p.essential {
			most = min(most, one.Score+Slack)
		}
	}
	if weights == 0 {
		return 0
	}
	return min(most, sum/weights)
}

// Renewed is a quality with its uniqueness as it is by now: how many of a sample of the
// release are on the market. One of before there was a sample stays as it is.
func Renewed(q sinso.Quality, own Sketch, market []Sketch) sinso.Quality {
	at := slices.Index(Parts(), Uniqueness)
	if len(own) == 0 || len(q.Parts) != sinso.QualityParts || q.Parts[at].Weight == 0 {
		return q
	}
	q.Parts = slices.Clone(q.Parts)
	part := &q.Parts[at]
	sold := 0.0
	for _, other := range market {
		sold = max(sold, own.within(other))
	}
	part.Score, part.Findings = portion(1-sold), nil
	if sold > 0 {
		part.Findings = []sinso.QualityFinding{{Finding: "on-market", Count: int(sold*float64(q.Instances) + 0.5)}}
	}
	q.Score = scoreOf(q.Parts)
	return q
}
