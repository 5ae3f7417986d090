// Package deid de-identifies DICOM objects in memory, by PS3.15 Annex E, for
// programs that embed it. It is what `sinso deid` does to one file; the command adds
// folders, parallel work and reports.
//
// # What it promises
//
// The names and signatures here stay as they are within one major version; members
// may be added to structs, and constants to the sets of actions, causes and reasons,
// so that a switch over them needs a default. The same profile, key and object give
// the same bytes. What a profile writes may change between versions of this module:
// [Profile.Hash] changes with it. Whatever the bytes are, nothing panics, memory is
// bounded by their number, and no error or change holds a value of the object.
//
// # What it does not promise
//
// De-identified is not anonymous: that is a claim of law, over all that others know.
// An object with [Object.Withheld] is cleaned in its elements, but its pixels or its
// text may still identify: pass it to nobody unseen. An object that is
// [Sight.Undecided] says nothing of what it shows; [ShowFace] decides on it once all of
// its study is there, and until then it is to be held as withheld.
// One that names another part of the body is believed here: the command judges its series,
// and can take a face out of it.
//
// Linkage is by the key: objects made under one key have the same pseudonyms, and
// dates that are moved by the same days. Use a key for each recipient or project, and
// keep it secret: with it, pseudonyms can be matched to guessed originals.
package deid

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// Key is the secret from which pseudonyms, UIDs and the offset of dates are derived:
// 32 bytes from crypto/rand. It prints as "[key]".
type Key [32]byte

// String implements [fmt.Stringer].
func (Key) String() string { return "[key]" }

// GoString implements [fmt.GoStringer].
func (Key) GoString() string { return "[key]" }

// Format implements [fmt.Formatter]: no verb prints a key.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[key]")) }

// MarshalText implements [encoding.TextMarshaler].
func (Key) MarshalText() ([]byte, error) { return []byte("[key]"), nil }

// Profile says what becomes of every attribute. It does not change, and may be used
// from many goroutines.
type Profile struct{ p *deid.Profile }

// Presets returns the names of the profiles that come with this module.
func Presets() []string { return deid.Presets() }

// Preset returns a profile that comes with this module: the Basic Application Level
// Confidentiality Profile over all of Table E.1-1 (PS3.15 §E.2) with some of the options
// of §E.3. Making one takes some milliseconds: keep it. It is [sinso.ErrNotFound] for a
// name that is not in [Presets].
func Preset(name string) (*Profile, error) { return profile(deid.Preset(name)) }

// Parse reads a profile file (docs/formats.md, "profile"). It is [sinso.ErrInvalid] or
// [sinso.ErrUnsupported] for one that is not understood to the last word.
func Parse(text []byte) (*Profile, error) { return profile(deid.Parse(text)) }

func profile(p *deid.Profile, err error) (*Profile, error) {
	if err != nil {
		return nil, err
	}
	return &Profile{p}, nil
}

// Name returns what the profile is called.
func (p *Profile) Name() string { return p.p.Name() }

// Hash names what the profile does: it changes whenever that does.
func (p *Profile) Hash() [32]byte { return p.p.Hash() }

// Action is what became of one element of the original.
type Action string

// The actions.
const (
	Kept     Action = "kept"
	Removed  Action = "removed"
	Emptied  Action = "emptied"
	Replaced Action = "replaced"
	Cleaned  Action = "cleaned" // what may identify was taken out of it, and the rest stayed
)

// Cause says which rule led to an action: "table" (a row of Table E.1-1), "private",
// "unlisted" (a rule for what the table does not list), "sweep" (a kept value held an
// identifier that stands elsewhere in the object), "profile" (an attribute that tells
// of de-identification itself), "pixels" (writing was blanked). Others may come.
type Cause string

// Change is what became of one element of the original. It holds no value.
type Change struct {
	Path   string `json:"path"` // (0008,1140)[0].(0008,1155): items count from 0
	Action Action `json:"action"`
	Cause  Cause  `json:"cause"`
}

// Reason is why an object is withheld: a short word, never text of the object.
// [Explain] has a sentence for each.
type Reason string

// Face is the reason for objects in which a head is.
const Face = Reason(deid.ReasonFace)

// Explain returns a sentence in English for a reason, "" for what is none.
func Explain(r Reason) string { return deid.Explain(sinso.Reason(r)) }

// Object is a derivative, and how it came to be.
type Object struct {
	Bytes       []byte   // a Part 10 file (PS3.10), in the transfer syntax of the original
	InstanceUID string   // its new SOP Instance UID
	StudyUID    string   // its new Study Instance UID; if the original has none, one for all such
	Withheld    []Reason // why it may still identify; empty: nothing was found
	Sight       Sight
	// Changes are of each element of the original in its order, File Meta Information
	// first, but for those inside what was removed or emptied.
	Changes []Change
}

// Clean de-identifies one object, a Part 10 file or a bare data set. object is not
// changed and not kept.
//
// It returns an error that is [sinso.ErrCorrupt] or [sinso.ErrInvalid] for what is no
// DICOM object, [sinso.ErrUnsupported] for one that cannot be written again and for a
// DICOMDIR, and the error of ctx if that has ended before it began.
func (p *Profile) Clean(ctx context.Context, object []byte, key Key) (Object, error) {
	result, err := p.p.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: object}, deid.Release{Secret: key})
	if err != nil {
		return Object{}, err
	}
	out := Object{
		Bytes: result.Clean.Bytes, InstanceUID: result.Clean.UID, StudyUID: result.Sight.Study, Sight: Sight{result.Sight},
		Changes: make([]Change, len(result.Changes)),
	}
	for _, reason := range result.Clean.Withheld {
		out.Withheld = append(out.Withheld, Reason(reason))
	}
	for i, c := range result.Changes {
		out.Changes[i] = Change{c.Path, Action(c.Action), Cause(c.Cause)}
	}
	return out, nil
}

// Sight is what an object's pixels show, where its words do not say.
type Sight struct{ s deid.Sight }

// Undecided reports whether no word in a CT or MR object names a part of the body,
// so that only its whole study can tell whether a head is in it.
func (s Sight) Undecided() bool { return s.s.Unnamed }

// ShowFace reports whether the undecided objects of one study together show a head, or
// what may be one. Give it the sights of all objects of the study: one that names a head
// makes the others suspect. If so, withhold all that are undecided, for the reason [Face].
func ShowFace(study ...Sight) bool {
	sights := make([]deid.Sight, len(study))
	for i, s := range study {
		sights[i] = s.s
	}
	return deid.FaceIn(sights...)
}
