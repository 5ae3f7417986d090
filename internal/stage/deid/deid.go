// Package deid makes a de-identified derivative of a DICOM object by PS3.15
// Annex E: the Basic Application Confidentiality Profile over all of Table
// E.1-1, with the options that a profile file asks for.
//
// [Profile.Clean] also says why a derivative may not be sold: what cannot be
// seen to be free of names in its pixels, and what shows a face, is withheld. What
// does not say which part of the body it shows has been looked at; [FaceIn] decides
// on it, over its whole study.
// Nothing here decides what "anonymous" means in law.
package deid

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

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

// Cause says which rule led to an action.
type Cause string

// The causes.
const (
	ByTable    Cause = "table"    // a row of Table E.1-1
	ByPrivate  Cause = "private"  // the table's row for private elements
	ByUnlisted Cause = "unlisted" // this project's rules for what the table does not list
	BySweep    Cause = "sweep"    // a kept value held one of the person's identifiers
	ByProfile  Cause = "profile"  // an attribute that tells of de-identification itself
	ByPixels   Cause = "pixels"   // writing was found in the picture, and blanked
)

// Change is what became of one element of the original. It holds no value.
type Change struct {
	Path   string `json:"path"` // (0008,1140)[0].(0008,1155): items count from 0
	Action Action `json:"action"`
	Cause  Cause  `json:"cause"`
}

// Result is a derivative and how it came to be.
type Result struct {
	Clean   sinso.Clean // its Tier is left to stage grade
	Sight   Sight       // for [FaceIn], over the whole study
	Marks   []Mark      // what was blanked in the pixels
	Seen    *Seen       // for who cleans the object again; nil if writing in its pixels withholds it
	Changes []Change    // of each element of the original, File Meta Information first, but for those inside what was removed or emptied
}

// mediaDirectory is the SOP class of a DICOMDIR (PS3.4 Table B.5-1): a list of
// files, which is nothing without them.
const mediaDirectory = "1.2.840.10008.1.3.10"

// Clean de-identifies a record; only its Bytes are read. The same record and
// release give the same bytes. It returns ErrCorrupt or ErrInvalid for what is
// no DICOM object, ErrUnsupported for one that this node cannot rewrite.
func (p *Profile) Clean(ctx context.Context, record sinso.Record, release Release) (Result, error) {
	return p.clean(ctx, record, release, nil)
}

// redraw returns what else replaces elements of an object's root, once writing in its
// pixels was blanked.
type redraw func(file *dicom.File, original *dicom.Dataset, blanked []dicom.DataElement) ([]dicom.DataElement, error)

func (p *Profile) clean(ctx context.Context, record sinso.Record, release Release, faceless redraw) (Result, error) {
	file, original, err := open(ctx, record)
	if err != nil {
		return Result{}, err
	}
	seen, withheld, err := p.gate(ctx, file, &original, release)
	if err != nil {
		return Result{}, err
	}
	c := p.cleaner(file, &original, release)
	c.passed, c.looked = len(withheld) == 0, seen.looked
	c.take(seen.overlays, seen.element)
	result := Result{Marks: seen.marks}
	if len(withheld) == 0 {
		result.Seen = &Seen{seen.marks, seen.looked}
	}
	if faceless == nil {
		var faces []sinso.Reason
		faces, result.Sight = c.sight(file, &original, len(withheld) == 0)
		withheld = append(withheld, faces...)
	} else {
		elements, err := faceless(file, &original, seen.element)
		if err != nil {
			return Result{}, err
		}
		c.take(seen.overlays, append(seen.element, elements...))
		c.faceless = true
	}
	uid := c.keys.UID(instanceUID(file, record.Bytes))
	c.meta(file.MetaTree())
	clean := c.dataset(&original, "", modeNormal)
	name := uid
	if kept := file.String(tagSOPInstance); p.options[RetainUIDs] && kept != "" {
		name = kept
	}
	c.sign(&clean, name)
	out, err := dicom.EncodeMeta(syntaxOf(file), metaFor(file, name), clean)
	if err != nil {
		return Result{}, fmt.Errorf("deid: %w", err)
	}
	result.Clean = sinso.Clean{Bytes: out, UID: uid, Withheld: withheld}
	result.Changes = c.changes
	return result, nil
}

// open reads what can be de-identified.
func open(ctx context.Context, record sinso.Record) (*dicom.File, dicom.Dataset, error) {
	if err := ctx.Err(); err != nil {
		return nil, dicom.Dataset{}, fmt.Errorf("deid: %w", err)
	}
	if record.Kind != "" && record.Kind != sinso.KindDICOM {
		return nil, dicom.Dataset{}, fmt.Errorf("deid: no profile for this kind of record: %w", sinso.ErrUnsupported)
	}
	file, err := dicom.Read(record.Bytes)
	if err != nil {
		return nil, dicom.Dataset{}, fmt.Errorf("deid: %w", err)
	}
	original, err := file.Tree()
	if err != nil {
		return nil, dicom.Dataset{}, fmt.Errorf("deid: %w", err)
	}
	if file.String(tagSOPClass) == mediaDirectory || file.MetaString(tagMetaSOPClass) == mediaDirectory {
		return nil, dicom.Dataset{}, fmt.Errorf("deid: a DICOMDIR is a list of files: %w", sinso.ErrUnsupported)
	}
	return file, original, nil
}

// cleaner returns what cleans one object.
func (p *Profile) cleaner(file *dicom.File, original *dicom.Dataset, release Release) *cleaner {
	keys := newKeys(release, p.source.Dates.MaxShiftDays)
	frames := 0
	if pixels := original.Find(tagPixelData); pixels != nil && pixels.Fragments != nil {
		frames = 1
		if n, ok := file.Int(tagFrames); ok && n > 1 {
			frames = n
		}
	}
	return &cleaner{
		frames: frames, waveform: strings.HasPrefix(file.String(tagSOPClass), rootWaveform),
		profile: p, keys: keys, shift: newShift(original, keys.shiftDays),
		sweep: newSweep(original, file.Charset(), p.rules), text: &text{made: &p.cleaners, tree: original, charset: file.Charset()},
		in: original, charset: file.Charset(),
	}
}

// take puts what was done to the pixels in their place.
func (c *cleaner) take(overlays []uint16, elements []dicom.DataElement) {
	c.overlays = overlays
	c.replaced = make(map[dicom.Tag]dicom.DataElement, len(elements))
	for _, e := range elements {
		c.replaced[e.Tag] = e
	}
}

// instanceUID returns what the instance is called: by itself, by its meta
// information, or, without a name, by the hash of its bytes.
func instanceUID(file *dicom.File, raw []byte) string {
	if uid := file.String(tagSOPInstance); uid != "" {
		return uid
	}
	if uid := file.MetaString(tagMetaSOPInstance); uid != "" {
		return uid
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// syntaxOf returns the transfer syntax to write: the file's own.
func syntaxOf(file *dicom.File) string {
	syntax := file.Syntax()
	switch {
	case syntax.UID != "":
		return syntax.UID
	case syntax.BigEndian:
		return dicom.ExplicitBigEndian
	case syntax.Explicit:
		return dicom.ExplicitLittleEndian
	default:
		return dicom.ImplicitLittleEndian
	}
}

// metaFor returns what File Meta Information the encoder cannot know. All else
// of the original's is left behind, its preamble too.
func metaFor(file *dicom.File, uid string) dicom.Dataset {
	var meta dicom.Dataset
	if class := file.MetaString(tagMetaSOPClass); class != "" {
		meta.SetString(tagMetaSOPClass, dicom.VRUI, class)
	}
	meta.SetString(tagMetaSOPInstance, dicom.VRUI, uid)
	return meta
}
