// Package deid makes a de-identified derivative of a DICOM object by PS3.15
// Annex E: the Basic Application Confidentiality Profile over all of Table
// E.1-1, with the Retain Longitudinal Temporal Information Modified Dates Option.
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

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// version is part of a profile's hash: it changes with every change of this
// package that changes what it writes.
const version = "sinso/deid/profile/v2"

// Profile is the table made ready for use. It does not change and may be used
// from many goroutines.
type Profile struct {
	rules    map[dicom.Tag]rule
	unlisted map[dicom.Tag]verb
	hash     [sha256.Size]byte
}

// NewProfile reads the table.
func NewProfile() (*Profile, error) {
	rows, err := parseTable(tableE11)
	if err != nil {
		return nil, err
	}
	p := &Profile{}
	if p.rules, err = compileTable(rows); err != nil {
		return nil, err
	}
	if p.unlisted, err = compileUnlisted(unlistedRules); err != nil {
		return nil, err
	}
	p.hash = sha256.Sum256([]byte(version + "\x00" + tableE11 + "\x00" + unlistedRules))
	return p, nil
}

// Hash names the profile: SHA-256 over its version, the table and the rules
// beside it (docs/formats.md, "de-identification").
func (p *Profile) Hash() [sha256.Size]byte { return p.hash }

// Action is what became of one element of the original.
type Action string

// The actions.
const (
	Kept     Action = "kept"
	Removed  Action = "removed"
	Emptied  Action = "emptied"
	Replaced Action = "replaced"
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
	Changes []Change    // of each element of the original, File Meta Information first, but for those inside what was removed or emptied
}

// mediaDirectory is the SOP class of a DICOMDIR (PS3.4 Table B.5-1): a list of
// files, which is nothing without them.
const mediaDirectory = "1.2.840.10008.1.3.10"

// Clean de-identifies a record; only its Bytes are read. The same record and
// release give the same bytes. It returns ErrCorrupt or ErrInvalid for what is
// no DICOM object, ErrUnsupported for one that this node cannot rewrite.
func (p *Profile) Clean(ctx context.Context, record sinso.Record, release Release) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("deid: %w", err)
	}
	if record.Kind != "" && record.Kind != sinso.KindDICOM {
		return Result{}, fmt.Errorf("deid: no profile for this kind of record: %w", sinso.ErrUnsupported)
	}
	file, err := dicom.Read(record.Bytes)
	if err != nil {
		return Result{}, fmt.Errorf("deid: %w", err)
	}
	original, err := file.Tree()
	if err != nil {
		return Result{}, fmt.Errorf("deid: %w", err)
	}
	if file.String(tagSOPClass) == mediaDirectory || file.MetaString(tagMetaSOPClass) == mediaDirectory {
		return Result{}, fmt.Errorf("deid: a DICOMDIR is a list of files: %w", sinso.ErrUnsupported)
	}
	withheld := gate(file, &original)
	c := &cleaner{profile: p, keys: newKeys(release), sweep: newSweep(&original, file.Charset()), passed: len(withheld) == 0}
	uid := c.keys.UID(instanceUID(file, record.Bytes))
	c.meta(file.MetaTree())
	clean := c.dataset(&original, "", modeNormal)
	c.sign(&clean, uid)
	out, err := dicom.EncodeMeta(syntaxOf(file), metaFor(file, uid), clean)
	if err != nil {
		return Result{}, fmt.Errorf("deid: %w", err)
	}
	faces, unnamed := face(file, &original)
	sight := Sight{Study: c.keys.UID(file.String(tagStudyInstance)), Unnamed: unnamed}
	if unnamed && len(withheld) == 0 { // what is withheld for another reason, and its study, need no look
		sight.Heads = heads(file, &original)
	}
	return Result{sinso.Clean{Bytes: out, UID: uid, Withheld: append(withheld, faces...)}, sight, c.changes}, nil
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
