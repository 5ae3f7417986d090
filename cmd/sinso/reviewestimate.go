package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newReviewEstimateCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "estimate",
		Short: "How often a copy still identifies somebody, from the samples",
		Long: `Shows, for each kind of device and for all, how many records went into copies, how many of them were drawn, looked at and
found to identify somebody still, and between which ends the rate lies among all that went into copies. Each interval
holds by itself. With nothing looked at it is from 0 to 100 %. Works on a stopped node, and through its socket on a
running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var found node.LeakRate
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			found, err = n.LeakRate(cmd.Context())
			return err
		}, "GET", reviewRoutes+"/estimate", nil, &found)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), found)
		}
		printLeakRate(cmd.OutOrStdout(), found)
		return nil
	}
	return cmd
}

func printLeakRate(out io.Writer, found node.LeakRate) {
	type row struct {
		device, plan string
		node.LeakTally
	}
	rows := []row{}
	for _, of := range found.Rows {
		rows = append(rows, row{of.Device, fmt.Sprintf("%d of %d", of.Plan.Examine, of.Plan.Of), of.LeakTally})
	}
	rows = append(rows, row{"all", "", found.Overall.LeakTally})
	printTable(out, "MADE\tDRAWN\tLOOKED AT\tLEAKS\tRATE\tBETWEEN\tDRAW\tDEVICE", rows, func(r row) string {
		rate := "-"
		if r.Examined > 0 {
			rate = percent(r.Rate)
		}
		return fmt.Sprintf("%d\t%d\t%d\t%d\t%s\t%s and %s\t%s\t%s", r.Made, r.Chosen, r.Examined, r.Leaks, rate, percent(r.Low), percent(r.High), r.plan, r.device)
	})
	fmt.Fprintf(out, "the ends hold with %s confidence\n", percent(found.Confidence))
}

// percent writes a rate from 0 to 1 with three digits.
func percent(rate float64) string { return strconv.FormatFloat(100*rate, 'g', 3, 64) + " %" }
