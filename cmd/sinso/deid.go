package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
	"sinso.dev/sinso/internal/node/deidrun"
)

type deidOptions struct {
	deidrun.Options
	keyFile string
	reader  string
	profile string
	data    string
	json    bool
	ask     node.Ask // for the passphrase of the node that the key is of
}

func newDeidCommand() *cobra.Command {
	var o deidOptions
	cmd := &cobra.Command{
		Use:   "deid IN OUT",
		Short: "De-identify DICOM files, without a node",
		Long: `Reads the DICOM files in IN (a file, folder or zip) and writes each, de-identified by the Basic Profile of
PS3.15 Annex E with the options of a profile (sinso profile ls), into the folder OUT. What the pixel gate holds
back is cleaned too, but goes to OUT/withheld.
Pass on the .dcm files in OUT, and neither OUT/withheld nor OUT/.sinso-deid, where the state of the run is.

CT and MR are judged by series, once all files were read: one that shows a head is withheld, whatever it says of
itself. Under --profile research-sale-defaced its face is taken out of every slice; if that cannot be done well
enough the series stays withheld, and the report says why. Until then CT and MR lie in OUT/withheld.

The same key gives the same pseudonyms. Without --key or --data a fresh key serves for this run alone; it is
kept in OUT until the run is complete, and then removed.

A run that was interrupted goes on with the same command. What is done is not done again, unless it changed;
--restart removes what earlier runs made in OUT and begins again.

EXIT STATUS: 0 done, 1 error, 2 usage, 3 something was withheld or not read, 10 no such path, 11 another run
works in OUT, 130 interrupted`,
		Args: exactArgs(2),
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&o.Reports, "report", nil, "write what was done to each file to this file: a page if it ends in .html, else JSON lines; may be given twice")
	flags.BoolVar(&o.Names, "report-names", false, "the page holds the names of the original files (JSON lines always do)")
	flags.StringVar(&o.keyFile, "key", "", "a file with 32 bytes in hex: the key of the pseudonyms")
	flags.StringVar(&o.data, "data", "", "take the key from this node folder")
	flags.StringVar(&o.profile, "profile", "", "de-identify by this preset or profile file (default: research-sale)")
	flags.StringVar(&o.reader, "text-reader", "none", "tesseract: what the detector left of writing in pixels is looked for by that program too")
	flags.BoolVar(&o.DryRun, "dry-run", false, "write nothing in OUT; list what would be done to each file, as JSON lines on stdout or to --report")
	flags.BoolVar(&o.Restart, "restart", false, "remove what earlier runs made in OUT, and begin again")
	flags.IntVar(&o.Jobs, "jobs", 0, "files that are worked on at a time; default: one for each processor")
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := o.usage(); err != nil {
			return &usageError{err}
		}
		o.In, o.Out, o.ask = args[0], args[1], asks(cmd)
		return runDeid(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

// usage finds flags that cannot be meant together.
func (o deidOptions) usage() error {
	switch {
	case o.keyFile != "" && o.data != "":
		return errors.New("--key and --data both name the key; give one")
	case o.reader != "none" && o.reader != "tesseract":
		return errors.New("--text-reader is none or tesseract")
	case o.Jobs < 0:
		return errors.New("--jobs must be 1 or more")
	case o.DryRun && o.Restart:
		return errors.New("--restart removes files, and --dry-run none; give one")
	case o.DryRun && o.json && len(o.Reports) == 0:
		return errors.New("--dry-run lists the changes on stdout, where --json would stand; name a --report")
	case slices.Contains(o.Reports, ""):
		return errors.New("--report needs the name of a file")
	}
	for i, name := range o.Reports {
		if slices.ContainsFunc(append([]string{o.keyFile, o.profile}, o.Reports[:i]...), func(other string) bool { return sameFile(name, other) }) {
			return errors.New("--report would be written over the key, the profile or the other report; give it a name of its own")
		}
	}
	return nil
}

// sameFile reports whether two names are of one file, also if it does not exist yet.
func sameFile(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y)
	}
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return errX == nil && errY == nil && x == y
}

func runDeid(ctx context.Context, o deidOptions, out, errOut io.Writer) (err error) {
	if err := arePaths(o.In); err != nil {
		return err
	}
	if err := o.Check(); err != nil {
		return &usageError{err}
	}
	if o.Profile, err = node.DeidProfile(o.profile); err != nil {
		return err
	}
	if o.Reader, err = node.TextReader(ctx, o.reader); err != nil {
		return err
	}
	o.Key, err = node.DeidKey(ctx, o.keyFile, o.data, o.ask)
	if err != nil && o.data != "" {
		return explainOpen(node.Config{Data: o.data}, err)
	}
	if err != nil {
		return err
	}
	if o.Key == nil {
		fmt.Fprintln(errOut, "sinso: a fresh key for this run: pseudonyms will differ from those of any other run")
	}
	if o.Key == nil && !o.DryRun {
		fmt.Fprintln(errOut, "sinso: the key is kept in OUT/.sinso-deid until the run is complete, so that an interrupted run goes on under it")
	}
	bar := newProgress(errOut)
	o.Progress = newPace(bar).show
	o.Lines, o.Tool = out, toolVersion()
	result, err := deidrun.Run(ctx, o.Options)
	bar.end()
	if err != nil {
		return explainDeid(ctx, err)
	}
	return o.answer(result, out, errOut)
}

// answer prints the result: on stderr if stdout has the list of a dry run.
func (o deidOptions) answer(result deidrun.Result, out, errOut io.Writer) error {
	if o.DryRun && len(o.Reports) == 0 {
		out = errOut
	}
	if o.json {
		if err := printJSON(out, result); err != nil {
			return err
		}
	} else {
		o.print(out, result)
	}
	if result.KeyKept {
		fmt.Fprintln(errOut, "sinso: some files could not be read: the key of this run stays in OUT/.sinso-deid, so that the same command can take them")
	}
	if result.Withheld > 0 || result.Refused > 0 {
		return &partly{}
	}
	return nil
}

func (o deidOptions) print(out io.Writer, r deidrun.Result) {
	if o.DryRun {
		fmt.Fprint(out, "dry run, nothing was written: ")
	}
	fmt.Fprintf(out, "%d files: %d clean, %d withheld, %d not read, %d skipped", r.Files, r.Clean, r.Withheld, r.Refused, r.Skipped)
	if r.Duplicates > 0 {
		fmt.Fprintf(out, ", %d duplicates", r.Duplicates)
	}
	fmt.Fprintln(out)
	switch {
	case r.Earlier > 0 && r.Earlier == r.Files:
		fmt.Fprintln(out, "  all of them were done before; nothing was left to do")
	case r.Earlier > 0:
		fmt.Fprintf(out, "  %d of them were done by an earlier run\n", r.Earlier)
	}
	if r.Faceless > 0 {
		fmt.Fprintf(out, "  %d of the clean show a head, and no face any more\n", r.Faceless)
	}
	if r.Conflicts > 0 {
		fmt.Fprintf(out, "  %d have the SOP Instance UID of another and differ from it: both are kept, the second under a longer name\n", r.Conflicts)
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		line := fmt.Sprintf("  %d %s: %s", r.Reasons[reason], reason, node.ExplainFile(reason))
		fmt.Fprintln(out, strings.TrimSuffix(line, ": ")) // of what could not be read, the reason says it
	}
}

// explainDeid says how to go on.
func explainDeid(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return withHint(err, "what is done stays; the same command goes on where this one stopped")
	case errors.Is(err, sinso.ErrInvalid):
		return withHint(err, "name another OUT, or give what that run was given; --restart removes what it made and begins again")
	case errors.Is(err, sinso.ErrCorrupt):
		return withHint(err, "--restart removes what was made in OUT and begins again")
	}
	return err
}

// pace tells how far a run is, how fast, and how long it will take.
type pace struct {
	bar   *progress
	begun time.Time
	said  time.Time
}

func newPace(bar *progress) *pace { return &pace{bar: bar, begun: time.Now()} }

// sayEvery is how often a line is written where it cannot be written over.
const sayEvery = 10 * time.Second

func (p *pace) show(at deidrun.Progress) {
	if !p.bar.terminal {
		if time.Since(p.begun) < sayEvery || time.Since(p.said) < sayEvery {
			return
		}
		p.said = time.Now()
		p.bar.quiet = everyNth - 1 // this one is shown
	}
	text := fmt.Sprintf("%d files: %d clean, %d withheld", at.Files, at.Clean, at.Withheld)
	seconds := time.Since(p.begun).Seconds()
	rate := float64(at.Done-at.Earlier) / seconds
	if rate > 0 {
		text += fmt.Sprintf(", %.0f/s", rate)
	}
	if left := at.Total - at.Done; rate > 0 && at.Total > 0 && left >= 0 {
		text += ", " + time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second).String() + " left"
	}
	p.bar.show("%s", text)
}

// toolVersion names this program, for the report.
func toolVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "sinso"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "sinso " + info.Main.Version + " (" + s.Value[:min(12, len(s.Value))] + ")"
		}
	}
	return "sinso " + info.Main.Version
}
