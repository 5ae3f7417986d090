package deface

import (
	"context"
	"slices"
)

// Verdict says whether a volume shows a head.
type Verdict int

// The verdicts.
const (
	Unclear Verdict = iota // cannot tell: take it for a head
	Head                   // a head, or the part of one that holds the brain
	None                   // certainly no head, nor a part of one that has a face
)

// String returns the verdict's name.
func (v Verdict) String() string {
	return [...]string{"unclear", "head", "none"}[min(max(v, 0), 2)]
}

// Finding is what a volume shows, and by what.
type Finding struct {
	Verdict Verdict
	Why     string  // in a few words; nothing in it is from the object
	Shell   float64 // share of rays from the middle of what may be a brain that meet a skull, 0 to 1
}

// The measures of bodies, across their axis, in mm.
const (
	widest    = 280.0 // of a head with its ears; what is wider is a trunk
	thinnest  = 70.0  // of a head; what is thinner is a hand or a foot
	limbWide  = 190.0 // of each of two limbs
	limbThick = 140.0 // of one; a head that is cut at both ends is longer
	leastHead = 110.0 // of a head's longer side, where it is broadest
	roundHead = 0.5   // of its shorter side to its longer one
	tallHead  = 40.0  // along its axis: less shows no face
	leastSeen = 0.3   // share of rays from the middle that end in the volume
)

// Volumes, in cm³.
const (
	leastBone   = 3.0   // to tell a body from a phantom of water
	leastAir    = 1.0   // in the body: a face has at least its airway
	leastLungs  = 400.0 // of a lung's density
	neckLength  = 60.0  // mm above the lungs that show no chin yet
	leastHollow = 0.5   // in the middle of what is dark in an MR, such as an airway or a sinus
)

// Find says whether the volume shows a head, or a part of one from which a face could
// be rebuilt, by its geometry and density, whatever its words say. A volume that is
// none is unclear.
func Find(ctx context.Context, v Volume) (Finding, error) {
	s, err := newScene(ctx, v)
	if err != nil {
		return Finding{Why: "no volume"}, err
	}
	finding, _ := s.look()
	return finding, nil
}

// look finds the head, and the space inside its skull.
func (s *scene) look() (Finding, *inside) {
	if len(s.parts) == 0 {
		return s.without(), nil
	}
	in := s.brain
	sure, some := ringSure, ringSome
	if s.ct {
		in, sure, some = s.skull, shellSure, shellSome
	}
	found := in()
	if found != nil && found.seen >= leastSeen {
		switch {
		case found.shell >= sure && (s.ct || s.domed()):
			return Finding{Head, "a skull around a brain", found.shell}, found
		case found.shell >= some && s.ct:
			return Finding{Unclear, "bone around soft tissue", found.shell}, found
		}
	}
	finding := s.without()
	if found != nil {
		finding.Shell = found.shell
	}
	return finding, found
}

// without says what a volume is in which no skull was found.
func (s *scene) without() Finding {
	none := func(why string) Finding { return Finding{Verdict: None, Why: why} }
	across := s.sections()
	switch {
	case len(s.parts) == 0:
		if s.ct && s.count(s.tissue) < s.cells(20) {
			return none("no body")
		}
		return Finding{Why: "no body of any size"}
	case len(across) == 0:
		return Finding{Why: "no section to measure"}
	case slices.Min(across) > widest:
		return none("too large for a head")
	case slices.Max(across) < thinnest:
		return none("too small for a head")
	case s.twoLimbs(across):
		return none("two limbs")
	}
	if s.ct {
		return s.withoutCT()
	}
	if s.limb(across) {
		return none("a limb: the same all along, and solid")
	}
	return Finding{Why: "no skull was found, nor what rules out a head"}
}

// withoutCT rules a head out by what else bone and air say.
func (s *scene) withoutCT() Finding {
	none := func(why string) Finding { return Finding{Verdict: None, Why: why} }
	bone := s.count(s.mask(func(i int) bool { return s.body[i] && s.values[i] > boneHU }))
	if bone < s.cells(leastBone) {
		if s.headSized() { // bone can be taken out of a picture, and the skin be left
			return Finding{Why: "no bone, but a head's size"}
		}
		return none("no bone")
	}
	hollow := s.count(s.hollow())
	if hollow < s.cells(leastAir) {
		return none("no airway and no skull")
	}
	if apex, ok := s.lungs(); ok {
		if top, _ := s.top(); top-apex < neckLength {
			return none("lungs, and nothing above them")
		}
	}
	return Finding{Why: "no skull was found, nor what rules out a face"}
}
