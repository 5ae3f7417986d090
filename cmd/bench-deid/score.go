package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

// checks are the ten checks, in the order in which they are printed.
var checks = []string{
	"tag_retained", "text_notnull", "text_removed", "text_retained", "date_shifted",
	"uid_changed", "uid_consistent", "patid_consistent", "pixels_hidden", "pixels_retained",
}

// validitySample is how many outputs of each tool other programs look at, too: all of them.
const validitySample = 1 << 20

// tally is how many promises there were, and how they went.
type tally struct {
	All        int     `json:"all"`
	Released   int     `json:"released"`
	Passed     int     `json:"passed"`
	Leaks      int     `json:"leaks"`
	Losses     int     `json:"losses"`
	OfAll      float64 `json:"of_all"`
	OfReleased float64 `json:"of_released"`
}

// score is what the scorer says of one tool.
type score struct {
	Files      int              `json:"files"`
	Released   int              `json:"released"`
	Withheld   int              `json:"withheld"`
	Total      tally            `json:"total"`
	Checks     map[string]tally `json:"checks"`
	Modalities map[string]tally `json:"modalities"`
	Options    map[string]tally `json:"options"`

	ModalityChecks map[string]map[string]tally `json:"modality_checks"`
	Utility        struct {
		Tags   float64 `json:"tags"`
		Words  float64 `json:"words"`
		Pixels float64 `json:"pixels"`
	} `json:"utility"`
	Validity struct {
		Files         int      `json:"files"`
		WithNewErrors int      `json:"with_new_errors"`
		NewErrors     int      `json:"new_errors"`
		Kinds         []string `json:"kinds"`
		Pydicom       int      `json:"pydicom"`
		Dcmdump       int      `json:"dcmdump"`
	} `json:"validity"`
	Everything struct {
		Planted  int `json:"planted"`
		Released int `json:"released"` // promises of the one object, or 0 if it was withheld
		Left     int `json:"left"`
	} `json:"everything"`
}

// scored is a tool with its score.
type scored struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Seconds float64 `json:"seconds"` // what the tool took, without the scoring
	Score   score   `json:"score"`
}

// measure runs a tool on the corpus and scores what comes out.
func (b *bench) measure(ctx context.Context, t tool) error {
	began := time.Now()
	made, err := t.run(ctx, b.path("corpus", "in"), b.path(t.name+".out"))
	if err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Fprintf(os.Stderr, "%s %s: %.1f s\n", t.name, t.version, took.Seconds())
	text, err := json.Marshal(made)
	if err != nil {
		return err
	}
	list := b.path(t.name + ".map.json")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		return err
	}
	out, err := python(ctx, "score.py", "--key", b.path("corpus", "key.jsonl"), "--map", list, "--json",
		"--misses", b.path(t.name+".misses.jsonl"), "--validity", strconv.Itoa(validitySample))
	if err != nil {
		return err
	}
	s := scored{Name: t.name, Version: t.version, Seconds: took.Seconds()}
	if err := json.Unmarshal(out, &s.Score); err != nil {
		return fmt.Errorf("the scorer's answer: %w", err)
	}
	b.tools = append(b.tools, s)
	return nil
}
