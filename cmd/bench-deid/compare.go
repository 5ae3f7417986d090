package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// row is one figure. Peer is the best of the peers', Ratio how many times better ours is
// than that, and Target what ours must reach.
type row struct {
	What   string   `json:"what"`
	Ours   float64  `json:"ours"`
	Peer   *float64 `json:"peer"`
	Unit   string   `json:"unit"`
	Ratio  *float64 `json:"ratio"`
	Target *float64 `json:"target"`
	OK     bool     `json:"ok"`
}

// figure is a number that each tool has.
type figure struct {
	what, unit string
	less       bool     // less is better
	target     *float64 // of ours
	of         func(score) (float64, bool)
}

// targets, in per cent: of all promises on released files that are kept, of the boxes of
// writing that are hidden, and of the pixels outside of these that stay as they were: of each
// picture (the check), and of all together.
const totalTarget, hiddenTarget, keptTarget = 99.9, 99.0, 98.0

// target is what ours must reach in a check, nil if there is only a target for all ten.
func target(check string) *float64 {
	goals := map[string]float64{"pixels_hidden": hiddenTarget, "pixels_retained": keptTarget}
	if goal, ok := goals[check]; ok {
		return &goal
	}
	return nil
}

// share returns a share of promises in per cent, if any was made.
func share(t tally, all bool) (float64, bool) {
	if all {
		return 100 * t.OfAll, t.All > 0
	}
	return 100 * t.OfReleased, t.Released > 0
}

// figures are all that is compared but speed. planted is how many identifiers the object with one in every attribute has.
func figures(planted int) []figure {
	zero, most, kept := 0.0, totalTarget, keptTarget
	list := []figure{
		{"all ten checks, of released", "%", false, &most, func(s score) (float64, bool) { return share(s.Total, false) }},
		{"all ten checks, of all", "%", false, nil, func(s score) (float64, bool) { return share(s.Total, true) }},
	}
	for _, check := range checks {
		list = append(list,
			figure{check + ", of released", "%", false, target(check), func(s score) (float64, bool) { return share(s.Checks[check], false) }},
			figure{check + ", of all", "%", false, nil, func(s score) (float64, bool) { return share(s.Checks[check], true) }})
	}
	return append(list,
		figure{"leaks in released files", "promises", true, &zero, func(s score) (float64, bool) { return float64(s.Total.Leaks), true }},
		figure{"withheld", "% of files", true, nil, func(s score) (float64, bool) { return 100 * float64(s.Withheld) / float64(max(s.Files, 1)), true }},
		figure{fmt.Sprintf("left of %d identifiers in one object", planted), "identifiers", true, &zero, func(s score) (float64, bool) {
			return float64(s.Everything.Left), s.Everything.Released > 0
		}},
		figure{"elements kept that a reader needs", "%", false, nil, func(s score) (float64, bool) { return 100 * s.Utility.Tags, s.Released > 0 }},
		figure{"words kept that a reader needs", "%", false, nil, func(s score) (float64, bool) { return 100 * s.Utility.Words, s.Released > 0 }},
		figure{"pixels kept, of all outside of the writing", "%", false, &kept, func(s score) (float64, bool) { return 100 * s.Utility.Pixels, s.Released > 0 }},
		figure{"files with errors of dciodvfy that the input had not", "%", true, &zero, func(s score) (float64, bool) {
			return 100 * float64(s.Validity.WithNewErrors) / float64(max(s.Validity.Files, 1)), s.Validity.Files > 0
		}},
		figure{"files that pydicom and dcmdump do not read", "files", true, &zero, func(s score) (float64, bool) {
			return float64(s.Validity.Files - min(s.Validity.Pydicom, s.Validity.Dcmdump)), s.Validity.Files > 0
		}})
}

// compare adds a row for each figure.
func (b *bench) compare() {
	for _, f := range figures(b.tools[0].Score.Everything.Planted) {
		r := row{What: f.what, Unit: f.unit, Target: f.target}
		mine, ok := f.of(b.tools[0].Score)
		r.Ours = mine
		for _, peer := range b.tools[1:] {
			theirs, has := f.of(peer.Score)
			if has && (r.Peer == nil || f.less == (theirs < *r.Peer)) {
				r.Peer = &theirs
			}
		}
		if ok && r.Peer != nil && mine > 0 && *r.Peer > 0 {
			ratio := mine / *r.Peer
			if f.less {
				ratio = *r.Peer / mine
			}
			r.Ratio = &ratio
		}
		if f.target != nil {
			r.OK = ok && (mine >= *f.target && !f.less || mine <= *f.target && f.less)
		} else {
			r.OK = ok // it is there to compare with
		}
		b.rows = append(b.rows, r)
	}
}

// print shows the table, what was missed, and the object.
func (b *bench) print() error {
	table := tabwriter.NewWriter(os.Stderr, 0, 0, 2, ' ', tabwriter.AlignRight)
	b.matrix(table, "CHECK, of released (of all)", checks, func(s score, check string) tally { return s.Checks[check] })
	b.matrix(table, "MODALITY, of released (of all)", b.modalities(), func(s score, m string) tally { return s.Modalities[m] })
	b.matrix(table, "OPTION, of released (of all)", slices.Sorted(maps.Keys(b.tools[0].Score.Options)), func(s score, o string) tally { return s.Options[o] })
	b.compared(table)
	if err := table.Flush(); err != nil {
		return err
	}
	if err := b.missed(os.Stderr); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"rows": b.rows, "tools": b.tools})
}

// modalities are those of the corpus.
func (b *bench) modalities() []string {
	return slices.Sorted(maps.Keys(b.tools[0].Score.Modalities))
}

// matrix writes the shares of each tool by one thing.
func (b *bench) matrix(w io.Writer, title string, keys []string, of func(score, string) tally) {
	fmt.Fprintf(w, "%s\t", title)
	for _, t := range b.tools {
		fmt.Fprintf(w, "%s %s\t", t.Name, t.Version)
	}
	fmt.Fprintln(w)
	for _, key := range keys {
		fmt.Fprintf(w, "%s\t", key)
		for _, t := range b.tools {
			cell := of(t.Score, key)
			if cell.Released == 0 {
				fmt.Fprint(w, "none released\t")
				continue
			}
			fmt.Fprintf(w, "%.2f%% (%.2f%%)\t", 100*cell.OfReleased, 100*cell.OfAll)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

// compared writes each figure of every tool, and what ours must reach.
func (b *bench) compared(w io.Writer) {
	fmt.Fprint(w, "FIGURE\tUNIT\t")
	for _, t := range b.tools {
		fmt.Fprintf(w, "%s\t", t.Name)
	}
	fmt.Fprintln(w, "TARGET\tOK\t")
	list := figures(b.tools[0].Score.Everything.Planted)
	for i, r := range b.rows {
		fmt.Fprintf(w, "%s\t%s\t", r.What, r.Unit)
		for n, t := range b.tools {
			text := "-"
			if i >= len(list) && n == 0 { // speed, of ours alone
				text = fmt.Sprintf("%.1f", r.Ours)
			} else if i < len(list) {
				if v, has := list[i].of(t.Score); has {
					text = fmt.Sprintf("%.2f", v)
				}
			}
			fmt.Fprintf(w, "%s\t", text)
		}
		goal, ok := "-", "-"
		if r.Target != nil {
			goal, ok = fmt.Sprintf("%g", *r.Target), strconv.FormatBool(r.OK)
		}
		fmt.Fprintf(w, "%s\t%s\t\n", goal, ok)
	}
}

// mostMisses is how many kinds of misses of ours are shown; all of them are in the list that is kept.
const mostMisses = 40

// missed writes what ours missed, the same kind together, with one of its files.
func (b *bench) missed(w io.Writer) error {
	list, err := os.Open(b.path(b.tools[0].Name + ".misses.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = list.Close() }() // only read
	counts, example := map[string]int{}, map[string]string{}
	for scanner := bufio.NewScanner(list); scanner.Scan(); {
		var miss struct{ File, Check, Path, Outcome, Why, Modality, Note string }
		if err := json.Unmarshal(scanner.Bytes(), &miss); err != nil {
			return fmt.Errorf("misses: %w", err)
		}
		kind := strings.Join([]string{miss.Outcome, miss.Check, miss.Modality, miss.Path, miss.Why}, " ")
		counts[kind]++
		example[kind] = miss.File
	}
	kinds := slices.SortedFunc(maps.Keys(counts), func(a, c string) int {
		return cmp.Or(cmp.Compare(a[:4], c[:4]), cmp.Compare(counts[c], counts[a]), cmp.Compare(a, c)) // leaks first
	})
	fmt.Fprintf(w, "\n%d kinds of misses of ours, each with a file:\n", len(kinds))
	for _, kind := range kinds[:min(len(kinds), mostMisses)] {
		fmt.Fprintf(w, "%6d  %s  %s\n", counts[kind], example[kind], kind)
	}
	return nil
}
