package node

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/grade"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// DeidOptions say what is de-identified, and how.
type DeidOptions struct {
	In, Out  string
	Report   string // a file of JSON lines; "": none
	Key      [32]byte
	Progress func(DeidResult)
}

// Check is ErrInvalid if what is written would lie among the originals, or on one.
func (o DeidOptions) Check() error {
	in := resolve(o.In)
	for _, path := range []string{o.Out, o.Report} {
		if path == "" {
			continue
		}
		if path = resolveNew(path); path == in || strings.HasPrefix(path, in+string(filepath.Separator)) {
			return fmt.Errorf("deid: what is written must not lie among the originals; name a place outside of them: %w", sinso.ErrInvalid)
		}
	}
	return nil
}

// resolveNew resolves a path of which the last parts need not be there yet.
func resolveNew(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for dir, rest := path, ""; ; dir, rest = filepath.Dir(dir), filepath.Join(filepath.Base(dir), rest) {
		if target, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(target, rest)
		}
		if dir == filepath.Dir(dir) {
			return path
		}
	}
}

// DeidResult counts what became of each file.
type DeidResult struct {
	Files    int                  `json:"files"`
	Clean    int                  `json:"clean"`
	Withheld int                  `json:"withheld"` // cleaned, but may still identify: in OUT/withheld
	Refused  int                  `json:"refused"`  // not read
	Skipped  int                  `json:"skipped"`
	Reasons  map[sinso.Reason]int `json:"reasons"`
}

// Explain says in a sentence what a reason means.
func Explain(reason sinso.Reason) string {
	if sentence := deid.Explain(reason); sentence != "" {
		return sentence
	}
	if sentence := grade.Explain(reason); sentence != "" {
		return sentence
	}
	return way.Explain(reason)
}

// DeidKey returns the key of the pseudonyms: from a file of 64 hex digits, from a
// node, or fresh.
func DeidKey(ctx context.Context, file, data string) (key [32]byte, err error) {
	switch {
	case file != "":
		text, err := os.ReadFile(file) //nolint:gosec // the caller names the file
		if err != nil {
			return key, fmt.Errorf("deid: the key file cannot be read: %w", sinso.ErrNotFound)
		}
		raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(raw) != len(key) {
			return key, fmt.Errorf("deid: the key file must hold 64 hex digits: %w", sinso.ErrInvalid)
		}
		return [32]byte(raw), nil
	case data != "":
		cfg, err := Config{Data: data}.Load(os.Getenv)
		if err != nil {
			return key, err
		}
		if err := hasNode(cfg.Data); err != nil {
			return key, err
		}
		keys, err := openKeys(cfg)
		if err != nil {
			return key, err
		}
		key, err = keys.Secret(ctx, sinso.KeyNode, "deid")
		return key, errors.Join(err, keys.Close())
	default:
		_, err = rand.Read(key[:])
		return key, err
	}
}

// deidRun is one run of Deid.
type deidRun struct {
	o       DeidOptions
	profile *deid.Profile
	result  DeidResult
	report  *json.Encoder
	unnamed map[string]*unnamed // by study
}

// unnamed are the objects of one study that name no part of the body. They lie in
// OUT/withheld until all of the study has been seen.
type unnamed struct {
	sights []deid.Sight
	lines  []reportLine
}

// reportLine is what the report says of one file. It names the file that came
// in, so it stays with whoever owns that.
type reportLine struct {
	In      string         `json:"in"`
	Out     string         `json:"out,omitempty"`
	Reasons []sinso.Reason `json:"reasons,omitempty"`
	Detail  string         `json:"detail,omitempty"`
	Changes []deid.Change  `json:"changes,omitempty"`
}

// Deid de-identifies files without a node. A name in OUT is the file's new SOP
// Instance UID and tells nothing of the old one.
func Deid(ctx context.Context, o DeidOptions) (DeidResult, error) {
	run := &deidRun{o: o, unnamed: map[string]*unnamed{}}
	run.result.Reasons = map[sinso.Reason]int{}
	err := o.Check()
	if err != nil {
		return run.result, err
	}
	if run.profile, err = deid.NewProfile(); err != nil {
		return run.result, err
	}
	if err := os.MkdirAll(o.Out, 0o700); err != nil {
		return run.result, fmt.Errorf("deid: the folder for the output cannot be made: %w: %w", err, sinso.ErrUnavailable)
	}
	closeReport := func() error { return nil }
	if o.Report != "" {
		file, err := os.OpenFile(o.Report, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return run.result, fmt.Errorf("deid: the report cannot be written: %w: %w", err, sinso.ErrUnavailable)
		}
		closeReport = file.Close
		run.report = json.NewEncoder(file)
	}
	err = ingest.Walk(ctx, []string{o.In}, func(f ingest.Found) error { return run.file(ctx, f) })
	return run.result, errors.Join(err, run.decide(err == nil), closeReport())
}

func (r *deidRun) file(ctx context.Context, f ingest.Found) error {
	r.result.Files++
	line := reportLine{In: f.Item.Name.Reveal()} // to the report of whoever gave the file
	later, err := r.clean(ctx, f, &line)
	if err != nil {
		return err
	}
	if r.o.Progress != nil {
		r.o.Progress(r.result)
	}
	if later != nil {
		later.lines = append(later.lines, line)
		return nil
	}
	return r.say(line)
}

func (r *deidRun) say(line reportLine) error {
	if r.report == nil {
		return nil
	}
	if err := r.report.Encode(line); err != nil {
		return fmt.Errorf("deid: the report cannot be written: %w", sinso.ErrUnavailable)
	}
	return nil
}

// decide takes out of OUT/withheld what shows no head after all. Of a run that did
// not see everything it takes out nothing.
func (r *deidRun) decide(sawAll bool) error {
	for _, study := range slices.Sorted(maps.Keys(r.unnamed)) {
		u := r.unnamed[study]
		face := deid.FaceIn(u.sights...)
		for _, line := range u.lines {
			switch {
			case !sawAll:
				line.Detail = "it names no part of the body, and the run ended before all of its study was seen"
			case face:
				line.Reasons = []sinso.Reason{deid.ReasonFace}
				r.result.Reasons[deid.ReasonFace]++
			default:
				if err := r.release(&line); err != nil {
					return err
				}
			}
			if err := r.say(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// release moves a file from OUT/withheld to OUT.
func (r *deidRun) release(line *reportLine) error {
	to := filepath.Join(r.o.Out, filepath.Base(line.Out))
	// Two files of one SOP Instance UID are one file here, the later.
	if err := os.Rename(line.Out, to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("deid: a file cannot be moved: %w: %w", err, sinso.ErrUnavailable)
	}
	line.Out = to
	r.result.Withheld--
	r.result.Clean++
	return nil
}

// clean de-identifies one file. It returns the unnamed of its study if the file is
// one of them, and its line is not complete yet.
func (r *deidRun) clean(ctx context.Context, f ingest.Found, line *reportLine) (later *unnamed, err error) {
	record, err := sinso.Record{}, error(f.Refusal)
	if f.Refusal == nil {
		record, err = ingest.Read(f.Item)
	}
	var refusal *ingest.RefusalError
	if errors.As(err, &refusal) {
		r.refuse(refusal, line)
		return nil, nil
	}
	result, err := r.profile.Clean(ctx, record, deid.Release{Secret: r.o.Key})
	if err != nil {
		r.refuse(&ingest.RefusalError{Reason: ingest.ReasonUnsupported, Detail: err.Error()}, line)
		return nil, nil //nolint:nilerr // it is in the report, and the rest goes on
	}
	dir, withheld := r.o.Out, result.Clean.Withheld
	if result.Sight.Unnamed && len(withheld) == 0 {
		later = r.unnamed[result.Sight.Study]
		if later == nil {
			later = &unnamed{}
			r.unnamed[result.Sight.Study] = later
		}
		later.sights = append(later.sights, result.Sight)
	}
	if len(withheld) > 0 || later != nil {
		r.result.Withheld++
		dir = filepath.Join(dir, "withheld")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("deid: the folder for the output cannot be made: %w", sinso.ErrUnavailable)
		}
	} else {
		r.result.Clean++
	}
	for _, reason := range withheld {
		r.result.Reasons[reason]++
	}
	line.Out, line.Reasons, line.Changes = filepath.Join(dir, result.Clean.UID+".dcm"), withheld, result.Changes
	return later, durable.WriteFile(line.Out, result.Clean.Bytes, 0o600)
}

func (r *deidRun) refuse(refusal *ingest.RefusalError, line *reportLine) {
	if refusal.Skip {
		r.result.Skipped++
	} else {
		r.result.Refused++
	}
	r.result.Reasons[refusal.Reason]++
	line.Reasons, line.Detail = []sinso.Reason{refusal.Reason}, refusal.Detail
}
