package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

type deidOptions struct {
	report  string
	keyFile string
	data    string
	json    bool
}

func newDeidCommand() *cobra.Command {
	var o deidOptions
	cmd := &cobra.Command{
		Use:   "deid IN OUT",
		Short: "De-identify DICOM files, without a node",
		Long: `Reads the DICOM files in IN (a file, folder or zip) and writes each, de-identified by the Basic Profile of
PS3.15 Annex E, into the folder OUT. What the pixel gate holds back is cleaned too, but goes to OUT/withheld.

The same key gives the same pseudonyms. Without --key or --data a fresh key serves for this run alone.

EXIT STATUS: 0 done, 1 error, 2 usage, 3 something was withheld or not read, 10 no such path, 130 interrupted`,
		Args: exactArgs(2),
	}
	flags := cmd.Flags()
	flags.StringVar(&o.report, "report", "", "write what was done to each file to this file (JSON lines)")
	flags.StringVar(&o.keyFile, "key", "", "a file with 32 bytes in hex: the key of the pseudonyms")
	flags.StringVar(&o.data, "data", "", "take the key from this node folder")
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if o.keyFile != "" && o.data != "" {
			return &usageError{errors.New("--key and --data both name the key; give one")}
		}
		return runDeid(cmd.Context(), o, args[0], args[1], cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

func runDeid(ctx context.Context, o deidOptions, in, outDir string, out, errOut io.Writer) error {
	if err := arePaths(in); err != nil {
		return err
	}
	options := node.DeidOptions{In: in, Out: outDir, Report: o.report}
	if err := options.Check(); err != nil {
		return &usageError{err}
	}
	key, err := node.DeidKey(ctx, o.keyFile, o.data)
	if err != nil && o.data != "" {
		return explainOpen(node.Config{Data: o.data}, err)
	}
	if err != nil {
		return err
	}
	options.Key = key
	if o.keyFile == "" && o.data == "" {
		fmt.Fprintln(errOut, "sinso: a fresh key for this run: pseudonyms will differ from those of any other run")
	}
	bar := newProgress(errOut)
	options.Progress = func(r node.DeidResult) { bar.show("%d files: %d clean, %d withheld", r.Files, r.Clean, r.Withheld) }
	result, err := node.Deid(ctx, options)
	bar.end()
	if err != nil {
		return err
	}
	if o.json {
		err = printJSON(out, result)
	} else {
		printDeid(out, result)
	}
	if err == nil && (result.Withheld > 0 || result.Refused > 0) {
		return &partly{}
	}
	return err
}

func printDeid(out io.Writer, r node.DeidResult) {
	fmt.Fprintf(out, "%d files: %d clean, %d withheld, %d not read, %d skipped\n", r.Files, r.Clean, r.Withheld, r.Refused, r.Skipped)
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		line := fmt.Sprintf("  %d %s: %s", r.Reasons[reason], reason, node.Explain(reason))
		fmt.Fprintln(out, strings.TrimSuffix(line, ": ")) // of what could not be read, the reason says it
	}
}
