package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// addActs puts the acts by the contracts below the nouns that there are, and makes a
// command of each noun that is not.
func addActs(root *cobra.Command) {
	for _, act := range node.Acts() {
		noun, _, err := root.Find([]string{act.Noun})
		if err != nil || noun == root {
			noun = nounCommand(act.Noun, nouns[act.Noun])
			root.AddCommand(noun)
		}
		noun.AddCommand(newActCommand(act))
	}
}

// nouns says what the nouns are that are only acted on by the contracts.
var nouns = map[string]string{
	"dac":      "The governance: proposals, votes, parameters, the pause",
	"stake":    "Lend a right in data to a company for a time, and get it back",
	"fraction": "An asset that many own: its fractions, its dividends, the offer for all of it",
	"dividend": "What a company pays to those who lend it their data",
	"auction":  "Rising auctions of assets and of licences: open, bid, settle, and what comes of them",
	"sale":     "Sales of an asset itself at a price: signed by its owner, bought by whoever pays",
	"company":  "Companies that give shares for data: entry, contributions, dividends, motions",
	"creator":  "A doctor's tokens with rights, against stake and the word of others; the patients' part",
	"consent":  "What a person allows others to read: signed, checked, revoked",
	"panel":    "People with a bond who decide what a buyer disputes: they serve, vote, and are paid",
	"reward":   "What is earned by the week: lists, disputes, claims",
}

// actOptions are the flags of every act.
type actOptions struct {
	nodeFlags
	act   sinso.Act
	texts map[string]*[]string
	dry   bool
	again string
}

func newActCommand(act sinso.Act) *cobra.Command {
	o := actOptions{act: act, texts: map[string]*[]string{}}
	cmd := &cobra.Command{Use: act.Verb, Short: act.Short, Long: actHelp(act), Args: exactArgs(0)}
	o.addFlags(cmd)
	for _, p := range act.Params {
		into := new([]string)
		o.texts[p.Name] = into
		cmd.Flags().Var(&actFlag{p, into}, p.Name, p.Help)
		if p.Kind == sinso.KindYes {
			cmd.Flags().Lookup(p.Name).NoOptDefVal = "true"
		}
	}
	if act.Signs != "" {
		cmd.Flags().BoolVar(&o.dry, "dry-run", false, "only say what would be signed; nothing is, and nothing is kept")
	}
	if act.Draft != nil {
		cmd.Flags().BoolVar(&o.dry, "dry-run", false, "only say what it would do and what it costs; nothing is signed or sent. The chain's endpoint is asked by what would be, without the signatures")
		cmd.Flags().StringVar(&o.again, "again", "", "finish an act that was cut off, by the name that it said; nothing is done twice")
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return o.run(cmd) }
	return cmd
}

func actHelp(act sinso.Act) string {
	text := act.Short + ".\n"
	if act.Long != "" {
		text += "\n" + act.Long + "\n"
	}
	if act.Draft != nil {
		text += "\nIt is said first what it costs: --dry-run says only that. Cut off, it is finished by --again with the name\nthat it printed, and no transaction is sent twice.\n"
	}
	return text + "\nEXIT STATUS: 0 done, 1 error, 2 usage, 10 no such thing, 12 refused, with the reason"
}

// actFlag is one parameter as a flag.
type actFlag struct {
	sinso.Param
	into *[]string
}

func (f *actFlag) String() string { return f.Default }
func (f *actFlag) Type() string   { return f.Kind.String() }

func (f *actFlag) Set(text string) error {
	if f.Kind == sinso.KindFile {
		content, err := readBounded(text, sinso.MaxFile)
		if err != nil {
			return err
		}
		text = string(content)
	}
	if _, err := f.Read(text); err != nil {
		return err
	}
	*f.into = append(*f.into, text)
	return nil
}

// readBounded reads a file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the file that the caller names
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("the file has more than %d bytes: %w", most, sinso.ErrInvalid)
	}
	return content, err
}

// told is what a node answers of an act.
type told struct {
	Plan   *node.ActPlan `json:"plan,omitempty"`
	Done   *node.ActDone `json:"done,omitempty"`
	Answer any           `json:"answer,omitempty"`
}

func (o *actOptions) run(cmd *cobra.Command) error {
	texts := map[string][]string{}
	for name, given := range o.texts {
		if len(*given) > 0 {
			texts[name] = *given
		}
	}
	given, err := o.act.Read(texts)
	if err != nil {
		return &usageError{err}
	}
	id, err := o.name(cmd)
	if err != nil {
		return err
	}
	answer, err := o.do(cmd.Context(), id, texts, given)
	if err != nil {
		return err
	}
	return o.print(cmd.OutOrStdout(), answer)
}

// name returns the act's name, and says it before anything is done.
func (o *actOptions) name(cmd *cobra.Command) (id sinso.Hash, err error) {
	switch {
	case o.act.Draft == nil || o.dry:
		return id, nil
	case o.again != "":
		if err := id.UnmarshalText([]byte(o.again)); err != nil {
			return id, &usageError{fmt.Errorf("--again: %w", err)}
		}
		return id, nil
	}
	if _, err := rand.Read(id[:]); err != nil {
		return id, err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "this act is %s: if it is cut off, the same command with --again and that finishes it\n", id)
	return id, nil
}

// do does it on a stopped node, or has the running one do it.
func (o *actOptions) do(ctx context.Context, id sinso.Hash, texts map[string][]string, given sinso.Given) (out told, err error) {
	body := struct {
		Given  map[string][]string `json:"given"`
		DryRun bool                `json:"dryRun"`
		ID     sinso.Hash          `json:"id"`
	}{texts, o.dry, id}
	if o.act.Draft != nil && !o.dry {
		// As a running node writes it: an offer in it is none any more with its fields in another order.
		out.Done = &node.ActDone{Result: new(json.RawMessage)}
	}
	err = o.here(ctx, func(n *node.Node) (err error) {
		switch {
		case o.dry:
			out.Plan, err = ptr(n.PlanAct(ctx, o.act, given))
		case o.act.Ask != nil:
			out.Answer, err = n.Ask(ctx, o.act, given, actor)
		default:
			out.Done, err = ptr(n.Act(ctx, id, o.act, given, actor))
		}
		return err
	}, "POST", "/api/v1/local/acts/"+o.act.Noun+"/"+o.act.Verb, body, &out)
	return out, err
}

func ptr[T any](value T, err error) (*T, error) { return &value, err }

func (o *actOptions) print(out io.Writer, answer told) error {
	switch {
	case o.json && answer.Answer != nil:
		return printJSON(out, answer.Answer)
	case o.json && answer.Plan != nil:
		return printJSON(out, answer.Plan)
	case o.json:
		return printJSON(out, answer.Done)
	case answer.Plan != nil:
		if err := printPretty(out, answer.Plan.About); err != nil {
			return err
		}
		printPlan(out, *answer.Plan)
	case answer.Done != nil:
		printDone(out, *answer.Done)
		return printPretty(out, answer.Done.Result)
	default:
		return printPretty(out, answer.Answer)
	}
	return nil
}

func printPlan(out io.Writer, plan node.ActPlan) {
	if len(plan.Steps) == 0 && len(plan.Signs) > 0 {
		fmt.Fprintf(out, "it would be signed by %s as %s, for somebody else to carry, and costs nothing; nothing was signed, and the signature above is of zeros\n", plan.Actor, plan.Signs[0].Type)
		return
	}
	for _, step := range plan.Steps {
		if step.Untried != "" {
			fmt.Fprintf(out, "%s: %s\n", step.Doing, step.Untried)
			continue
		}
		fmt.Fprintf(out, "%s: %d gas, %s wei, at most %s wei", step.Doing, step.Gas, step.Fee, step.MostFee)
		if step.Value.Int().Sign() > 0 {
			fmt.Fprintf(out, "; and %s wei are paid with it", step.Value)
		}
		if step.Funds.Int().Sign() > 0 {
			fmt.Fprintf(out, "; the account is sent %s wei before, to pay with", step.Funds)
		}
		fmt.Fprintln(out)
	}
	least := ""
	if plan.AtLeast {
		least = "at least "
	}
	fmt.Fprintf(out, "in all %s%s wei of gas%s, up to %s as its price rises", least, plan.Fee, inFiat(plan.Fiat), plan.MostFee)
	if plan.Value.Int().Sign() > 0 {
		fmt.Fprintf(out, ", and %s wei that are paid with it", plan.Value)
	}
	fmt.Fprintf(out, ", paid by %s; nothing was sent\n", plan.Pays)
}

func printDone(out io.Writer, done node.ActDone) {
	for _, tx := range done.Txs {
		fmt.Fprintf(out, "done in transaction %s\n", tx.Hash)
	}
	fmt.Fprintf(out, "it cost %s wei%s\n", done.Fee, inFiat(done.Fiat))
}

func inFiat(fiat string) string {
	if fiat == "" {
		return ""
	}
	return " (" + fiat + ")"
}

// printPretty prints what was answered, indented.
func printPretty(out io.Writer, answer any) error {
	if answer == nil {
		return nil
	}
	text, err := json.MarshalIndent(answer, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, string(text))
	return err
}
