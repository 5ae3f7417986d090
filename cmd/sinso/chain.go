package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newChainCommand() *cobra.Command {
	return nounCommand("chain", "The contracts and the chain that they stand on", newChainDeployCommand(), newChainStatusCommand(), newChainVerifyCommand(), newChainAdoptCommand())
}

func newChainDeployCommand() *cobra.Command {
	var f nodeFlags
	var file string
	var dry bool
	cmd := &cobra.Command{
		Use:   "deploy",
		Short: "Put the contracts on the chain",
		Long: `Makes the contracts that do not stand on the node's chain yet, from the node's own account, which pays for them.
Their addresses follow from their code and from what is decided here, by CREATE2: whoever has the same decides the
same, on every chain that has the usual deployment proxy. Cut off, it goes on where it was.

What is decided once are the guardian who may pause what is new for at most 7 days, how votes go, and the bounds of
every parameter: --founding FILE reads that as JSON; --dry-run prints it, what is missing, and about what it costs,
and sends nothing. Without a file it is the usual, with the node's account as guardian. The contracts have no
owner: later only votes change what can be changed. On the embedded chain they are made when they are first needed.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 11 the node is running`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&file, "founding", "", "what is decided, as JSON (default: the usual)")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would be made and about what it costs")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		founding, err := readFounding(file)
		if err != nil {
			return err
		}
		return f.with(cmd.Context(), func(n *node.Node) error {
			if dry {
				return f.planDeploy(cmd, n, founding)
			}
			return f.deploy(cmd, n, founding)
		})
	}
	return cmd
}

// readFounding reads a file of decisions; none is the usual ones.
func readFounding(file string) (founding sinso.Founding, err error) {
	if file == "" {
		return founding, nil
	}
	const most = 1 << 20
	in, err := os.Open(file) //nolint:gosec // the user names it
	if err != nil {
		return founding, err
	}
	defer in.Close() //nolint:errcheck // only read
	decoder := json.NewDecoder(io.LimitReader(in, most))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&founding); err != nil {
		return founding, &usageError{fmt.Errorf("--founding: %w", err)}
	}
	if founding.Guardian == (sinso.Address{}) {
		return founding, &usageError{errors.New("--founding: it names no guardian; sinso chain deploy --dry-run --json prints a whole one to begin with")}
	}
	return founding, nil
}

// warnOfOneHand tells who founds what no vote can change soon that all its offices are one's.
func warnOfOneHand(errs io.Writer, f sinso.Founding) {
	if f.OneHand() {
		fmt.Fprintf(errs, "%s is to pause, to veto, and to decide what is disputed of rewards. On a chain of others name three: --founding\n", f.Guardian)
	}
}

func (f *nodeFlags) planDeploy(cmd *cobra.Command, n *node.Node, founding sinso.Founding) error {
	plan, err := n.PlanDeploy(cmd.Context(), founding)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	warnOfOneHand(cmd.ErrOrStderr(), plan.Founding)
	if f.json {
		return printJSON(out, plan)
	}
	if len(plan.Missing) == 0 {
		fmt.Fprintln(out, "all contracts stand; there is nothing to do")
		return nil
	}
	printTable(out, "WOULD BE MADE", plan.Missing, func(name string) string { return name })
	fmt.Fprintf(out, "about %d gas, %s wei at the price of now; nothing was sent\n", plan.Gas, plan.Fee)
	return nil
}

func (f *nodeFlags) deploy(cmd *cobra.Command, n *node.Node, founding sinso.Founding) error {
	made, err := n.Deploy(cmd.Context(), founding, func(contract string) {
		fmt.Fprintf(cmd.ErrOrStderr(), "making %s\n", contract)
	})
	if err != nil {
		return err
	}
	warnOfOneHand(cmd.ErrOrStderr(), made.Founding)
	if f.json {
		return printJSON(cmd.OutOrStdout(), made)
	}
	printPlaces(cmd.OutOrStdout(), made)
	return nil
}

func printPlaces(out io.Writer, d sinso.Deployment) {
	printTable(out, "CONTRACT\tADDRESS", slices.Sorted(maps.Keys(d.Contracts)), func(name string) string {
		return name + "\t" + d.Contracts[name].String()
	})
}

func newChainStatusCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Which chain it is, and where the contracts stand",
		Long:  "Prints the chain, the account that pays gas, who signs for it and whether that answers, and where the contracts stand that this node has a record of.\n\nEXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 11 the node is running",
		Args:  exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return f.with(cmd.Context(), func(n *node.Node) error {
			status, err := n.ChainStatus(cmd.Context())
			if err != nil {
				return err
			}
			if f.json {
				return printJSON(cmd.OutOrStdout(), status)
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "chain %d (%s), newest block of %s\naccount %s with %s wei\nits key is %s\n",
				status.ChainID, status.Chain, status.Newest.Format("2006-01-02 15:04:05 MST"), status.Account, status.Balance, keptBy(status.Key))
			if status.Deployment == nil {
				fmt.Fprintln(out, "no deployment is recorded: sinso chain deploy")
				return nil
			}
			printPlaces(out, *status.Deployment)
			return nil
		})
	}
	return cmd
}

// keptBy says who signs for a node's account, for people.
func keptBy(k node.Keeper) string {
	switch s := k.Signer; {
	case s == nil && k.Kind == "keystore":
		return "in a keystore that the node opens"
	case s == nil:
		return "derived from the node's root key"
	case !s.Answers:
		return "kept by another program, which does NOT ANSWER: " + s.Problem
	case s.Problem != "":
		return "kept by another program (" + s.Speaks + "), which answers, BUT " + s.Problem
	default:
		return "kept by another program (" + s.Speaks + "), which answers"
	}
}

func newChainVerifyCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Look whether the contracts are what the source compiles to",
		Long: `Works out anew, from this program's own copy of the compiled source and the recorded decisions, what must stand at
each address of the recorded deployment, and compares it with what does. An address that a factory made has its code
in it, so the chain's word is enough that something is there.

EXIT STATUS: 0 all are what they should be, 1 error, 2 usage, 3 at least one is not, 10 no such node or no
deployment is recorded, 11 the node is running`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return f.with(cmd.Context(), func(n *node.Node) error {
			verdicts, err := n.VerifyContracts(cmd.Context())
			if err != nil {
				return err
			}
			return f.printVerdicts(cmd.OutOrStdout(), verdicts)
		})
	}
	return cmd
}

// printVerdicts is [partly] if one of them is not OK.
func (f *nodeFlags) printVerdicts(out io.Writer, verdicts []sinso.Verdict) (err error) {
	if f.json {
		err = printJSON(out, verdicts)
	} else {
		printTable(out, "CONTRACT\tADDRESS\tOK\tHOW", verdicts, func(v sinso.Verdict) string {
			return fmt.Sprintf("%s\t%s\t%t\t%s", v.Contract, v.At, v.OK, v.How)
		})
	}
	if err == nil && slices.ContainsFunc(verdicts, func(v sinso.Verdict) bool { return !v.OK }) {
		return &partly{}
	}
	return err
}

func newChainAdoptCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "adopt FILE",
		Short: "Use the contracts that another node put on this chain",
		Long: `Reads where another node's contracts stand, as its sinso chain status --json says it (FILE - is stdin), looks whether each
is what this program's own copy of the source compiles to, as sinso chain verify does, and records it here if all are.
Nothing is sent, and nothing is recorded if one is not. Who may pause and how votes go is as that node founded it: it is
printed, look at it.

EXIT STATUS: 0 recorded, 1 error, 2 usage, 3 at least one is not what it should be, 10 no such node, 11 the node is running`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d, err := readDeployment(cmd.InOrStdin(), args[0])
		if err != nil {
			return err
		}
		return f.withOptions(cmd.Context(), node.Options{Deployment: d}, func(n *node.Node) error {
			verdicts, err := n.Adopt(cmd.Context(), d)
			if err != nil {
				return err
			}
			founding, err := json.MarshalIndent(d.Founding, "", "  ")
			if err == nil {
				warnOfOneHand(cmd.ErrOrStderr(), d.Founding)
				fmt.Fprintf(cmd.ErrOrStderr(), "founded with %s\n", founding)
				err = f.printVerdicts(cmd.OutOrStdout(), verdicts)
			}
			return err
		})
	}
	return cmd
}

// readDeployment reads what chain status --json or a node's chain/deployment.json says.
func readDeployment(stdin io.Reader, file string) (sinso.Deployment, error) {
	const most = 1 << 20
	in := stdin
	if file != "-" {
		opened, err := os.Open(file) //nolint:gosec // the user names it
		if err != nil {
			return sinso.Deployment{}, err
		}
		defer opened.Close() //nolint:errcheck // only read
		in = opened
	}
	var said struct {
		Status *sinso.Deployment `json:"deployment"`
		sinso.Deployment
	}
	if err := json.NewDecoder(io.LimitReader(in, most)).Decode(&said); err != nil {
		return sinso.Deployment{}, &usageError{fmt.Errorf("%s is no JSON of sinso chain status --json: %w", file, err)}
	}
	d := said.Deployment
	if said.Status != nil {
		d = *said.Status
	}
	if d.ChainID == 0 || len(d.Contracts) == 0 {
		return d, &usageError{fmt.Errorf("%s names no chain and no contracts; sinso chain status --json prints them, once they are deployed", file)}
	}
	return d, nil
}
