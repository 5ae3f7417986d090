// Command sinso is the node: one binary that takes health data in, keeps it
// sealed under the person's key, proves where it came from, and lets the person
// decide who opens what.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: the exit code is returned.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	// A closed output is an error of the write, so that what was begun is closed in
	// order; by default it would end the process on the spot.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answer := &output{to: out, broken: cancel}
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(answer)
	root.SetErr(errOut)
	cmd, err := root.ExecuteContextC(ctx)
	if lost := answer.err(); lost != nil {
		if !errors.Is(lost, syscall.EPIPE) { // whoever closed it knows
			fmt.Fprintf(errOut, "sinso: error: the answer could not be written: %s\n", lost)
		}
		return exitError
	}
	if err == nil {
		return exitDone
	}
	code := exitCode(ctx, err)
	explain(errOut, cmd, err, code)
	return code
}

// explain says what went wrong, and what to do next.
func explain(errOut io.Writer, cmd *cobra.Command, err error, code int) {
	var silent *partly
	if errors.As(err, &silent) {
		return // the command has said what was not done
	}
	words, hint := strings.ReplaceAll(err.Error(), "\n", "; "), hintFor(err)
	switch code {
	case exitInterrupted:
		words = "interrupted"
	case exitUsage:
		hint = "see: " + cmd.CommandPath() + " --help"
	}
	fmt.Fprintf(errOut, "sinso: error: %s\n", words)
	if hint != "" {
		fmt.Fprintf(errOut, "sinso: hint: %s\n", hint)
	}
}

// output is stdout. An answer that did not get through was not given: the first
// error stays, and ends the command.
type output struct {
	to     io.Writer
	broken func()
	mu     sync.Mutex // guards failed
	failed error
}

// Write implements [io.Writer].
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed != nil {
		return 0, o.failed
	}
	n, err := o.to.Write(b)
	if err != nil {
		o.failed = err
		o.broken()
	}
	return n, err
}

func (o *output) err() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
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
	switch {
	case errors.As(err, &h):
		return h.hint
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return "the disk is full; what was acknowledged is safe. Make room, and run the same command again"
	case errors.Is(err, fs.ErrPermission):
		return "you may not read or write this; run sinso as the user whose folder it is"
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
	root.Args = onlyCommands
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		newDemoCommand(), newInitCommand(), newServeCommand(), newConfigCommand(), newStatusCommand(),
		newImportCommand(), newDeidCommand(), newPersonCommand(), newStudyCommand(), newRecordCommand(),
		newAssetCommand(), newOrderCommand(), newRequestCommand(), newGrantCommand(), newLicenseCommand(), newVerifyCommand(), newChainCommand(), newCheckCommand(), newBackupCommand(), newRestoreCommand(), newMoveCommand(), newPruneCommand(), newTokenCommand(), newPeerCommand(), newUploadCommand(), newProfileCommand(),
		newReviewCommand(),
		newTemplateCommand(), newKeyCommand(),
	)
	addActs(root)
	return root
}

// exactArgs wants so many arguments, else it is a usage error.
func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return &usageError{fmt.Errorf("%s takes %s, not %d", cmd.CommandPath(), arguments(n), len(args))}
		}
		return nil
	}
}

// atLeastArgs wants so many arguments or more.
func atLeastArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return &usageError{fmt.Errorf("%s takes at least %s, not %d", cmd.CommandPath(), arguments(n), len(args))}
		}
		return nil
	}
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no arguments"
	case 1:
		return "1 argument"
	}
	return strconv.Itoa(n) + " arguments"
}

// onlyCommands is of a command that has no arguments but the commands below it.
func onlyCommands(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Errorf("there is no command %q", cmd.CommandPath()+" "+args[0])}
	}
	return nil
}
