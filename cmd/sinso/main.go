// Command sinso is the node: one binary that takes health data in, keeps it
// sealed under the person's key, proves where it came from, and lets the person
// decide who opens what.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: the exit code is returned.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	code := exitCode(ctx, err)
	var silent *partly
	if errors.As(err, &silent) {
		return code // the command has said what was not done
	}
	fmt.Fprintf(errOut, "sinso: error: %s\n", err)
	if hint := hintFor(err); hint != "" {
		fmt.Fprintf(errOut, "sinso: hint: %s\n", hint)
	}
	return code
}

// The exit codes. Every command's help names those it can end with.
const (
	exitDone        = 0
	exitError       = 1
	exitUsage       = 2
	exitPartly      = 3
	exitNotFound    = 10
	exitBusy        = 11
	exitDenied      = 12
	exitCorrupt     = 13
	exitInterrupted = 130
)

// partly ends a command that did a part of its work and has said so.
type partly struct{}

func (*partly) Error() string { return "partly done" }

// usageError is a command line that cannot be meant.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// exitCodes maps the classes of error to exit codes, first fit first.
var exitCodes = []struct {
	class error
	code  int
}{
	{sinso.ErrCorrupt, exitCorrupt},
	{sinso.ErrDenied, exitDenied},
	{sinso.ErrNotFound, exitNotFound},
	{sinso.ErrBusy, exitBusy},
}

func exitCode(ctx context.Context, err error) int {
	var silent *partly
	var usage *usageError
	switch {
	case errors.As(err, &silent):
		return exitPartly
	case errors.As(err, &usage):
		return exitUsage
	case ctx.Err() != nil:
		return exitInterrupted
	}
	for _, row := range exitCodes {
		if errors.Is(err, row.class) {
			return row.code
		}
	}
	return exitError
}

// hinted is an error with the next thing to try.
type hinted struct {
	err  error
	hint string
}

func (e *hinted) Error() string { return e.err.Error() }
func (e *hinted) Unwrap() error { return e.err }

func withHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &hinted{err, hint}
}

func hintFor(err error) string {
	var h *hinted
	if errors.As(err, &h) {
		return h.hint
	}
	return ""
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "sinso",
		Short:         "Your health data, sealed under your key, traced to its source, shared as you choose",
		SilenceErrors: true,
		SilenceUsage:  true,
		Long: `sinso is a node that takes health data in (DICOM files, folders, zip files), keeps it encrypted under the
person's own key, proves where it came from, and lets the person sell or share exactly the part they choose.

Start with: sinso demo`,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		newDemoCommand(), newInitCommand(), newServeCommand(), newConfigCommand(), newStatusCommand(),
		newImportCommand(), newDeidCommand(), newPersonCommand(), newStudyCommand(), newRecordCommand(),
		newAssetCommand(), newOrderCommand(), newGrantCommand(), newVerifyCommand(), newCheckCommand(), newTokenCommand(),
	)
	return root
}

// exactArgs is cobra's ExactArgs as a usage error.
func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return &usageError{err}
		}
		return nil
	}
}

// atLeastArgs is cobra's MinimumNArgs as a usage error.
func atLeastArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.MinimumNArgs(n)(cmd, args); err != nil {
			return &usageError{err}
		}
		return nil
	}
}
