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

--json prints one line: {"files","instances","duplicates","conflicts","quarantined","skipped","bytes",
"studies":[…],"reasons":{…}}; files is the sum of the next five.

EXIT STATUS: 0 all taken, 1 error, 2 usage, 3 something was quarantined, 10 no such path or node,
130 interrupted`,
		Args: atLeastArgs(1),
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.person, "person", "", "whose the data is; default: by the patient identity in each object")
	cmd.Flags().BoolVar(&o.research, "research", false, "file de-identified copies as research data, and do not refuse them")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return runImport(cmd.Context(), o, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
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

func runImport(ctx context.Context, o importOptions, paths []string, out, errOut io.Writer) error {
	if err := arePaths(paths...); err != nil {
		return err
	}
	bar := newProgress(errOut)
	show := func(r node.ImportResult) {
		bar.show("%d files: %d taken, %d duplicates, %d quarantined", r.Files, r.Instances+r.Conflicts, r.Duplicates, r.Quarantined)
	}
	var result node.ImportResult
	err := o.with(ctx, func(n *node.Node) (err error) {
		result, err = n.ImportPaths(ctx, paths, node.ImportOptions{Actor: actor, Person: sinso.PersonID(o.person), Research: o.research, Progress: show})
		return err
	})
	if errors.Is(err, sinso.ErrBusy) {
		result, err = o.importInto(ctx, paths, show)
	}
	bar.end()
	if ctx.Err() != nil {
		return withHint(err, "what was taken stays; the same command takes the rest")
	}
	if err != nil {
		return err
	}
	if o.json {
		err = printJSON(out, result)
	} else {
		printImport(out, result)
	}
	if err == nil && result.Partly() {
		return &partly{}
	}
	return err
}

// importInto has a running node import, through its socket.
func (o importOptions) importInto(ctx context.Context, paths []string, show func(node.ImportResult)) (result node.ImportResult, err error) {
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
	body := map[string]any{"paths": absolute, "person": o.person, "research": o.research}
	err = c.Stream(ctx, "POST", "/api/v1/local/imports", body, func(line []byte) error {
		var told struct {
			Progress, Result *node.ImportResult
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

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
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
