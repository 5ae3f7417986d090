package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

type importOptions struct {
	nodeFlags
	person string

	research bool
	yes      bool
}

func newImportCommand() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import PATH…",
		Short: "Take in DICOM files, folders and zip files",
		Long: `Reads files, folders and zip files, files each DICOM object under a person, seals it and stores it. What
cannot be taken goes to quarantine with its reason, and the rest goes on. An import that is cut off can be
done again: what was taken counts as duplicate. A de-identified copy that this project's programs made is no original,
and its dates may be moved: it is refused (reason derivative), or with --research filed as research data. Works on a stopped node, and through its socket on a running one.

On a terminal it reads all files first, and asks whose they are where that is not known: with --person, of each
patient who is not known to be that person; without, where an identity has another name or birth date than here.
Nothing is filed before. With --yes, or where there is no terminal, nobody is asked: all is filed as the command
says, and the answer says how many patients the files name.

--json prints one line: {"files","instances","duplicates","conflicts","quarantined","skipped","bytes","patients",
"studies":[…],"reasons":{…}}; files is the sum of the next five.

EXIT STATUS: 0 all taken, 1 error or not answered, 2 usage, 3 something was quarantined, 10 no such path or node,
130 interrupted`,
		Args: atLeastArgs(1),
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.person, "person", "", "whose the data is; default: by the patient identity in each object")
	cmd.Flags().BoolVar(&o.research, "research", false, "file de-identified copies as research data, and do not refuse them")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "ask nobody whose the files are")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in, errOut := cmd.InOrStdin(), cmd.ErrOrStderr()
		var whose *asker
		if !o.yes && isTerminal(in) && isTerminal(errOut) {
			whose = &asker{in: in, out: errOut, person: sinso.PersonID(o.person)}
		}
		return runImport(cmd.Context(), o, args, whose, cmd.OutOrStdout(), errOut)
	}
	return cmd
}

// arePaths finds a path that is not there before anything is begun. It names it:
// what is on the terminal is the caller's own, but no log has it.
func arePaths(paths ...string) error {
	for _, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no file or folder %q: %w", path, sinso.ErrNotFound)
		}
	}
	return nil
}

// runImport imports paths. Without an asker nobody is asked whose the files are.
func runImport(ctx context.Context, o importOptions, paths []string, whose *asker, out, errOut io.Writer) error {
	if err := arePaths(paths...); err != nil {
		return err
	}
	bar := newProgress(errOut)
	show := func(r node.ImportResult) {
		bar.show("%d files: %d taken, %d duplicates, %d quarantined", r.Files, r.Instances+r.Conflicts, r.Duplicates, r.Quarantined)
	}
	var result importedPaths
	var said []node.Said
	for {
		if whose != nil && bar.terminal {
			bar.show("looking whose the files are…")
		}
		var err error
		result, err = o.importPaths(ctx, paths, whose != nil, said, show)
		bar.end()
		if ctx.Err() != nil {
			return withHint(err, "what was taken stays; the same command takes the rest")
		}
		if err != nil {
			return err
		}
		if len(result.Asks) == 0 {
			break
		}
		if said, err = whose.ask(ctx, result.Asks); err != nil {
			return err
		}
	}
	return o.tell(out, result.ImportResult, len(said) > 0)
}

// tell prints what became of the files.
func (o importOptions) tell(out io.Writer, r node.ImportResult, answered bool) error {
	if o.json {
		if err := printJSON(out, r); err != nil {
			return err
		}
	} else {
		printImport(out, r)
		fmt.Fprintln(out, o.patients(r, answered))
	}
	if r.Partly() {
		return &partly{}
	}
	return nil
}

// patients says how many patients the files name, and under whom they are.
func (o importOptions) patients(r node.ImportResult, answered bool) string {
	of := "1 patient"
	if r.Patients > 1 {
		of = fmt.Sprintf("%d patients", r.Patients)
	}
	switch {
	case r.Patients == 0:
		return "nothing was filed under anybody"
	case o.person != "" && r.Patients > 1:
		return fmt.Sprintf("the files are of %s: all are filed under %s, as --person says", of, text(o.person))
	case o.person != "":
		return fmt.Sprintf("the files are of %s, filed under %s, as --person says", of, text(o.person))
	case answered:
		return "the files are of " + of + ", filed as was known and as you answered"
	case r.Patients > 1:
		return "the files are of " + of + ", each filed by the patient identity in them"
	}
	return "the files are of " + of + ", filed by the patient identity in them"
}

// importedPaths is what became of the files, or who has to be asked about first.
type importedPaths struct {
	node.ImportResult

	Asks []askedPatient `json:"asks"`
}

// importPaths imports into a stopped node, or has a running one do so.
func (o importOptions) importPaths(ctx context.Context, paths []string, ask bool, said []node.Said, show func(node.ImportResult)) (result importedPaths, err error) {
	options := node.ImportOptions{Actor: actor, Person: sinso.PersonID(o.person), Research: o.research, Progress: show}
	err = o.with(ctx, func(n *node.Node) (err error) {
		if !ask {
			result.ImportResult, err = n.ImportPaths(ctx, paths, options)
			return err
		}
		var asked []sinso.AskedPatient
		result.ImportResult, asked, err = n.ImportPathsAsking(ctx, paths, options, said)
		for _, one := range asked {
			result.Asks = append(result.Asks, newAskedPatient(one))
		}
		return err
	})
	if errors.Is(err, sinso.ErrBusy) {
		return o.importInto(ctx, paths, ask, said, show)
	}
	return result, err
}

// importInto has a running node import, through its socket.
func (o importOptions) importInto(ctx context.Context, paths []string, ask bool, said []node.Said, show func(node.ImportResult)) (result importedPaths, err error) {
	cfg, err := o.config()
	if err != nil {
		return result, err
	}
	absolute := make([]string, len(paths)) // the node stands in another folder
	for i, path := range paths {
		if absolute[i], err = filepath.Abs(path); err != nil {
			return result, fmt.Errorf("import: %w", err)
		}
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return result, err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	body := map[string]any{"paths": absolute, "person": o.person, "research": o.research, "ask": ask, "said": said}
	err = c.Stream(ctx, "POST", "/api/v1/local/imports", body, func(line []byte) error {
		var told struct {
			Progress *node.ImportResult
			Result   *importedPaths
		}
		if err := json.Unmarshal(line, &told); err != nil {
			return fmt.Errorf("import: the node's progress: %w", sinso.ErrUnavailable)
		}
		if told.Progress != nil {
			show(*told.Progress)
		}
		if told.Result != nil {
			result = *told.Result
		}
		return nil
	})
	return result, err
}

func printImport(out io.Writer, r node.ImportResult) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range []struct {
		what  string
		count int
		means string
	}{
		{"taken", r.Instances, "new, sealed and stored"},
		{"duplicates", r.Duplicates, "the same bytes were there already"},
		{"conflicts", r.Conflicts, "same SOP Instance UID, other bytes: both are kept"},
		{"quarantined", r.Quarantined, "not taken; what could be read of it is kept sealed, with the reason"},
		{"skipped", r.Skipped, "nothing in it to take"},
	} {
		fmt.Fprintf(table, "%s\t%d\t%s\n", row.what, row.count, row.means)
	}
	_ = table.Flush()
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		fmt.Fprintf(out, "  %d %s\n", r.Reasons[reason], reason)
	}
	if r.Partly() {
		fmt.Fprintln(out, "see why, file by file: sinso record ls --quarantined")
	}
}

// progress is one line on a terminal that is written over, or a line now and
// then where there is none.
type progress struct {
	out      io.Writer
	terminal bool
	shown    bool
	quiet    int
}

func newProgress(out io.Writer) *progress { return &progress{out: out, terminal: isTerminal(out)} }

// isTerminal reports whether somebody is at the other end. A device that takes all, and
// says nothing, is no terminal.
func isTerminal(stream any) bool {
	if answer, ok := stream.(*output); ok {
		stream = answer.to
	}
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// everyNth thins progress lines where they cannot be written over.
const everyNth = 100

func (p *progress) show(format string, args ...any) {
	if p.terminal {
		fmt.Fprintf(p.out, "\r\033[K"+format, args...)
		p.shown = true
		return
	}
	if p.quiet++; p.quiet%everyNth == 0 {
		fmt.Fprintf(p.out, format+"\n", args...)
	}
}

func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.out, "\r\033[K")
		p.shown = false
	}
}
