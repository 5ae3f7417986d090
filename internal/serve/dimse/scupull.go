package dimse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// Pulled is what became of the objects of one pull.
type Pulled struct {
	By         string `json:"by"`       // get or move: how the peer gave them
	Objects    int    `json:"objects"`  // that the peer said it has, as far as it was asked
	Received   int    `json:"received"` // of those, sent by it
	Failed     int    `json:"failed"`   // of those, not sent, or not taken here
	Taken      int    `json:"taken"`    // new here; this and what follows by get only
	Duplicates int    `json:"duplicates"`
	Conflicts  int    `json:"conflicts"` // new bytes under a known SOP Instance UID: kept too
	Refused    int    `json:"refused"`   // in quarantine
}

// How a peer gives what it has.
const (
	ByGet  = "get"
	ByMove = "move"
)

// maxContexts are the presentation contexts of one association (PS3.8 §9.3.2.2: odd
// numbers of a byte).
const maxContexts = 128

// PullOptions say on whose behalf, and how.
type PullOptions struct {
	Actor string
	// Listens: objects that the peer moves to this node arrive.
	Listens  bool
	Progress func(Pulled)
}

// Pull gets studies from a known peer, by C-GET, or by C-MOVE to this node if the
// peer has no other. Each object is taken in as one that the peer sent: sealed and
// durable before the peer is told so. Done again, what is here is a duplicate.
// ErrNotFound if the peer has none of the studies.
func (d *Door) Pull(ctx context.Context, title string, studies []string, o PullOptions) (Pulled, error) {
	row, err := d.peer(ctx, title)
	if err != nil {
		return Pulled{}, err
	}
	p := pull{door: d, title: title, research: row.Research, o: o}
	for _, uid := range studies {
		if err := p.study(ctx, uid); err != nil {
			return p.out, err
		}
	}
	if p.out.Objects == 0 && p.out.Received == 0 {
		return p.out, fmt.Errorf("dimse: the peer has no such study: %w", sinso.ErrNotFound)
	}
	return p.out, nil
}

// pull is one under way. past counts the studies before the one that is asked for.
type pull struct {
	door      *Door
	title     string
	research  bool // the peer is one for research
	o         PullOptions
	out, past Pulled
}

// study gets one study.
func (p *pull) study(ctx context.Context, uid string) error {
	p.past = p.out
	a, err := p.door.call(ctx, p.title,
		wire.Context{Abstract: wire.StudyRootFind, Syntaxes: plainSyntaxes},
		wire.Context{Abstract: wire.StudyRootGet, Syntaxes: plainSyntaxes},
		wire.Context{Abstract: wire.StudyRootMove, Syntaxes: plainSyntaxes})
	if err != nil {
		return err
	}
	defer a.Abort() // nothing, after a release
	has := func(class string) bool { return len(a.Syntaxes(class)) > 0 }
	var found held
	if has(wire.StudyRootFind) {
		if found, err = holdings(ctx, a, uid); err != nil {
			return err
		}
		if found.objects == 0 {
			return a.Release(ctx)
		}
	}
	p.out.Objects = p.past.Objects + found.objects
	move := has(wire.StudyRootMove) && p.o.Listens
	switch {
	// What of unknown classes is asked for by C-GET may not fit into its contexts.
	case has(wire.StudyRootGet) && (len(found.classes) > 0 || !move):
		if err := a.Release(ctx); err != nil {
			return err
		}
		return p.get(ctx, uid, found)
	case move:
		return p.move(ctx, a, uid)
	case has(wire.StudyRootMove):
		return fmt.Errorf("dimse: this peer only sends to where a node listens, and dimse-listen is none: %w", sinso.ErrUnsupported)
	}
	return fmt.Errorf("dimse: the peer gives out nothing by C-GET or C-MOVE: %w", sinso.ErrUnsupported)
}

// held is what a peer has of a study.
type held struct {
	objects  int
	classes  []string // of its objects
	syntaxes []string // in which it says to have them
}

// holdings asks the peer what it has, series by series.
func holdings(ctx context.Context, a *wire.Association, study string) (h held, err error) {
	series, err := values(ctx, a, "SERIES", []string{study}, tagSeriesInstance)
	if err != nil {
		return h, err
	}
	for _, uid := range series[0] {
		found, err := values(ctx, a, "IMAGE", []string{study, uid}, tagSOPInstance, tagSOPClass, tagSyntaxes)
		if err != nil {
			return h, err
		}
		h.objects += len(found[0])
		h.classes = distinct(h.classes, found[1])
		h.syntaxes = distinct(h.syntaxes, found[2])
	}
	return h, nil
}

const (
	tagSOPClass = dicom.Tag(0x00080016)
	tagSyntaxes = dicom.Tag(0x00083002) // Available Transfer Syntax UID
)

// distinct adds what is not in list.
func distinct(list, more []string) []string {
	for _, text := range more {
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// identifierOf names a study, or a series of it.
func identifierOf(level string, uids []string) (ds dicom.Dataset) {
	ds.SetString(tagLevel, dicom.VRCS, level)
	for i, uid := range uids {
		ds.SetString([]dicom.Tag{tagStudyInstance, tagSeriesInstance}[i], dicom.VRUI, uid)
	}
	return ds
}

// values asks for attributes of what lies below a study or series, and returns those
// of each attribute in a list of its own.
func values(ctx context.Context, a *wire.Association, level string, uids []string, tags ...dicom.Tag) ([][]string, error) {
	identifier := identifierOf(level, uids)
	for _, tag := range tags {
		identifier.SetString(tag, dicom.VRUI)
	}
	out := make([][]string, len(tags))
	status, err := a.Find(ctx, wire.StudyRootFind, identifier, func(match dicom.Dataset) error {
		for i, tag := range tags {
			out[i] = append(out[i], stringsOf(match, tag, dicom.Charset{})...)
		}
		return nil
	})
	if err == nil && status != wire.StatusSuccess {
		err = answered(status)
	}
	return out, err
}

// get is C-GET of one study.
func (p *pull) get(ctx context.Context, uid string, found held) error {
	p.out.By = ByGet
	a, err := p.door.call(ctx, p.title, storageContexts(found)...)
	if err != nil {
		return err
	}
	defer a.Abort() // nothing, after a release
	out, err := a.Get(ctx, wire.StudyRootGet, identifierOf("STUDY", []string{uid}), p.store, p.counted)
	if err != nil {
		return err
	}
	return p.ended(ctx, a, out)
}

// storageContexts proposes each class in each syntax by itself, so that the peer
// can send each object as it is: those it said to have first, then what all can
// write, then all others, as far as there is room.
func storageContexts(found held) []wire.Context {
	contexts := []wire.Context{{Abstract: wire.StudyRootGet, Syntaxes: plainSyntaxes}}
	classes := found.classes
	if len(classes) == 0 { // it did not say
		classes = dicom.StorageClasses()
	}
	classes = classes[:min(len(classes), maxContexts-1)]
	syntaxes := distinct(distinct(slices.Clone(found.syntaxes), plainSyntaxes), dicom.Syntaxes())
	each := min(len(syntaxes), (maxContexts-1)/len(classes))
	for _, class := range classes {
		for _, syntax := range syntaxes[:each] {
			contexts = append(contexts, wire.Context{Abstract: class, Syntaxes: []string{syntax}, SCP: true, NotSCU: true})
		}
	}
	return contexts
}

// store takes in one object of a C-GET.
func (p *pull) store(ctx context.Context, r *wire.StoreRequest) (status wire.Status) {
	defer p.door.survive(ctx, "pull", func() { status = wire.StatusProcessingFailure })
	receipt, err := p.door.archive.Take(ctx, sinso.Item{Bytes: r.Part10(), Name: sinso.NewPHI("dimse:" + p.title)}, way.ImportOptions{
		Actor: p.o.Actor, Origin: sinso.OriginGateway, DataSet: true, Research: p.research,
	})
	var refused *ingest.RefusalError
	switch {
	case errors.As(err, &refused):
		p.out.Refused++
		return refusalStatus(refused)
	case err != nil:
		p.door.log.WarnContext(ctx, "object not taken", slog.String("error", err.Error()))
		return statusOf(err)
	case receipt.Outcome == sinso.OutcomeDuplicate:
		p.out.Duplicates++
	case receipt.Outcome == sinso.OutcomeConflict:
		p.out.Conflicts++
		return wire.StatusCoercion
	default:
		p.out.Taken++
	}
	return wire.StatusSuccess
}

// counted takes over what the peer counts of a study.
func (p *pull) counted(c wire.Counts) {
	p.out.Received = p.past.Received + c.Completed + c.Warning
	p.out.Failed = p.past.Failed + c.Failed
	p.out.Objects = p.past.Objects + c.Completed + c.Warning + c.Failed + c.Remaining
	p.o.Progress(p.out)
}

// move is C-MOVE of one study to this node: the objects come in at its own door.
func (p *pull) move(ctx context.Context, a *wire.Association, uid string) error {
	p.out.By = ByMove
	out, err := a.Move(ctx, wire.StudyRootMove, p.door.cfg.AETitle, identifierOf("STUDY", []string{uid}), p.counted)
	if err != nil {
		return err
	}
	if err := p.ended(ctx, a, out); err != nil {
		return err
	}
	return p.arrived(ctx, uid)
}

// arrived counts what is here of a study: a peer may think that this node is
// somewhere else.
func (p *pull) arrived(ctx context.Context, uid string) error {
	here := 0
	err := p.door.archive.Find(ctx, sinso.Query{
		Level: sinso.LevelInstance, Match: []sinso.Condition{{Tag: uint32(tagStudyInstance), Values: []string{uid}}},
	}, func(sinso.Found) error {
		here++
		return nil
	})
	if lost := p.out.Received - p.past.Received - here; lost > 0 {
		p.out.Received -= lost
		p.out.Failed += lost
	}
	return err
}

// ended takes over the last response.
func (p *pull) ended(ctx context.Context, a *wire.Association, out wire.Outcome) error {
	if c := out.Counts; c != (wire.Counts{}) {
		p.counted(c)
	}
	if out.Status.IsFailure() && out.Counts.Failed == 0 {
		return answered(out.Status)
	}
	return a.Release(ctx)
}
