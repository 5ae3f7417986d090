package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newAssetCommand() *cobra.Command {
	ls := listThrough("/api/v1/local/assets", "List the releases", "RELEASE\tSTUDY\tSTATE\tTIER\tINSTANCES\tALIKE\tTOKEN\tREASON",
		func(ctx context.Context, n *node.Node, person string) ([]sinso.ReleaseRow, error) {
			return n.Releases(ctx, sinso.PersonID(person))
		},
		func(r sinso.ReleaseRow) string {
			return fmt.Sprintf("%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s", r.ID, r.Study, r.State, r.Tier, r.Instances, alike(r.Risk), token(r.Token), r.Reason)
		})
	return nounCommand("asset", "Releases and their asset tokens", ls, newAssetAddCommand(), newAssetCallOffCommand(), newAssetGradeCommand(), newAssetMintCommand(), newAssetRiskCommand(), newAssetShowCommand(), newAssetTraceCommand(), newAssetVersionCommand())
}

type assetOptions struct {
	nodeFlags
	price  string
	terms  termsOptions
	choice choiceOptions
}

// choiceOptions say what of a study goes into a copy, and how.
type choiceOptions struct {
	profile string
	series  []string
	author  authorOptions
}

func (o *choiceOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&o.series, "series", nil, "only this series of the study; may be given more than once (default: all)")
	flags.StringVar(&o.author.person, "author", "", "the person who shares as co-creator")
	flags.StringVar(&o.author.role, "author-role", "doctor", "what buyers are told that the co-creator is: one word in small letters")
	flags.StringVar(&o.author.work, "work", node.WorkBoneModel, "the co-creator's work: "+strings.Join(node.Works(), " or "))
	flags.Uint16Var(&o.author.bps, "author-bps", 0, "the co-creator's share in hundredths of a per cent")
	flags.BoolVar(&o.author.agrees, "author-agrees", false, "agree in the co-creator's name, who has said so to you")
	flags.StringVar(&o.profile, "profile", "", "de-identify by this preset or profile file (default: the node's)")
}

// read reads what was chosen, before a node is asked.
func (o *choiceOptions) read() (out node.ReleaseOptions, err error) {
	out.Actor = actor
	for _, id := range o.series {
		out.Series = append(out.Series, sinso.SeriesID(id))
	}
	if o.profile != "" {
		if out.Profile, err = node.DeidProfile(o.profile); err != nil {
			return out, err
		}
	}
	out.Author, err = o.author.planned()
	out.Accepted = out.Author != nil && o.author.agrees
	return out, err
}

// asked is how a running node is asked for it.
func (o *choiceOptions) asked(chosen node.ReleaseOptions) map[string]any {
	body := map[string]any{"series": chosen.Series}
	if chosen.Profile != nil {
		body["profile"] = string(chosen.Profile.Text())
	}
	if a := chosen.Author; a != nil {
		body["author"] = map[string]any{"person": a.Person, "role": a.Role, "work": a.Work, "bps": a.Bps, "accept": chosen.Accepted}
	}
	return body
}

// hasAuthor is nil if no co-creator is named, or the node has that person.
func hasAuthor(ctx context.Context, n *node.Node, chosen node.ReleaseOptions) error {
	if chosen.Author == nil {
		return nil
	}
	_, err := n.Person(ctx, chosen.Author.Person)
	return noSuch("person", text(chosen.Author.Person), err)
}

// termsOptions say under which terms a copy goes.
type termsOptions struct {
	purpose, use       string
	useDays, offerDays uint16
	panel              string
}

func (o *termsOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.purpose, "purpose", string(sinso.PurposeAny), "what a buyer may use it for: any, research (on health and disease), nonprofit-research or teaching")
	cmd.Flags().StringVar(&o.use, "use", string(sinso.UseDerive), "what a buyer may do with it: derive (open, compute on, derive from) or view (open and look)")
	cmd.Flags().Uint16Var(&o.useDays, "use-days", 0, "how many days a buyer may use it, from the delivery of the key (0: no end)")
	cmd.Flags().StringVar(&o.panel, "panel", "", "who decides if a buyer says that the content is wrong: where a panel stands (default: nobody)")
	cmd.Flags().Uint16Var(&o.offerDays, "offer-days", sinso.UsualOfferDays, "how many days it can be bought")
}

func (o *termsOptions) terms() (sinso.Terms, error) {
	terms := sinso.Terms{
		Licence:   sinso.Licence{Purpose: sinso.Purpose(o.purpose), Use: sinso.Use(o.use), Days: o.useDays},
		OfferDays: o.offerDays,
	}
	if o.panel != "" {
		at, err := panelAt(o.panel)
		if err != nil {
			return terms, &usageError{err}
		}
		terms.Panel = *at
	}
	if err := terms.Check(); err != nil {
		return terms, &usageError{err}
	}
	return terms, nil
}

// authorOptions name a co-creator.
type authorOptions struct {
	person, role, work string
	bps                uint16
	agrees             bool // who keeps the node agrees in their name
}

// wholeBps is all of what a buyer pays.
const wholeBps = 10_000

// planned reads a co-creator; nil if none is named.
func (o authorOptions) planned() (*sinso.PlannedAuthor, error) {
	if o.person == "" {
		return nil, nil //nolint:nilnil // nobody adds a work: no error
	}
	if !slices.Contains(node.Works(), o.work) {
		return nil, &usageError{fmt.Errorf("--work is one of %s", strings.Join(node.Works(), ", "))}
	}
	if o.bps < 1 || o.bps >= wholeBps {
		return nil, &usageError{fmt.Errorf("--author-bps is 1 to %d: hundredths of a per cent of each price", wholeBps-1)}
	}
	return &sinso.PlannedAuthor{Person: sinso.PersonID(o.person), Role: o.role, Work: o.work, Bps: o.bps}, nil
}

func newAssetAddCommand() *cobra.Command {
	var o assetOptions
	cmd := &cobra.Command{
		Use:   "add STUDY",
		Short: "De-identify a study, mint its token and offer it for sale",
		Long: `Makes a de-identified copy of a study, seals it with a key of its own, mints its token and signs the person's
order for it. What may still identify somebody is withheld, with the reason. The price is in wei, the smallest
unit: 1000000000000000000 is one unit of the chain.

How many people of this node look the same by what the copy shows is counted and printed; where risk-k is set, a copy
by which fewer do is refused. Before that: sinso asset risk STUDY.

Whether the copy is well formatted and whole is judged and printed; below quality-least it is refused, and what was found
says what would help. Before that: sinso asset grade STUDY.

What it would cost on the chain, before anything is made or signed: sinso asset mint STUDY --dry-run, by the same choices. The
order itself is a signature, and costs nothing.

--series lets go of that series alone; name each that may go (sinso record ls --json says of which series a record is).
The rest stays here, and is looked at only to tell whether a head is in the study.

--author names a co-creator: a person of this node who signs a work that is made from the copy and goes with it, and
shares in each price for ever. --work bone-model is a surface model of the bones in the CT that the copy has, as a DICOM
Encapsulated STL; measurement is a report. What cannot be made refuses the release: nothing is sold on terms without it.
They are asked when they sign in, and nothing is made before they agree; --author-agrees agrees in their name, and is
written down as such.

--purpose, --use and --use-days choose the licence, which the order is signed under: its text is in the offer. When its
days are over this node gives the key out no longer and says so on the chain, and the buyer's opens the copy no more. No
machine can enforce a licence on a copy that somebody has exported.

A head is withheld, for a face can be rebuilt from it, unless --profile research-sale-defaced takes faces out.

EXIT STATUS: 0 offered, 1 error, 2 usage, 3 nothing of it may be sold: the reason is printed,
10 no such study, series, person or node, 11 too many releases wait to be made, 130 interrupted`,
		Args: exactArgs(1),
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.price, "price", "", "what a buyer pays, in wei")
	o.terms.addFlags(cmd)
	o.choice.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		added, err := o.run(cmd, sinso.StudyID(args[0]))
		if err != nil && cmd.Context().Err() != nil {
			return withHint(err, "what was begun waits, and the same command goes on with it; sinso asset call-off ends it")
		}
		if err != nil {
			return err
		}
		if err := o.print(cmd.OutOrStdout(), added); err != nil {
			return err
		}
		if added.State == sinso.ReleaseIsRefused {
			return &partly{}
		}
		return nil
	}
	return cmd
}

// run makes it on a stopped node, or has the running one make it and follows that. Who stops following stops it.
func (o *assetOptions) run(cmd *cobra.Command, study sinso.StudyID) (added node.Added, err error) {
	ctx := cmd.Context()
	options, err := o.choice.read()
	if err != nil {
		return added, err
	}
	if err := options.Price.UnmarshalText([]byte(o.price)); err != nil {
		return added, &usageError{fmt.Errorf("--price: %w", err)}
	}
	if options.Terms, err = o.terms.terms(); err != nil {
		return added, err
	}
	asked := o.choice.asked(options)
	asked["study"], asked["priceWei"], asked["terms"] = study, options.Price, options.Terms
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.end()
	show := func(done, total int64) { bar.show("%d of %d instances", done, total) }
	return worked(ctx, &o.nodeFlags, func(n *node.Node) (node.Added, error) {
		if err := hasAuthor(ctx, n, options); err != nil {
			return node.Added{}, err
		}
		options.Progress = func(done, total int) { show(int64(done), int64(total)) }
		row, err := n.Release(ctx, study, options)
		if err != nil {
			return node.Added{}, err
		}
		return n.Added(ctx, row)
	}, "/api/v1/local/assets", asked, show)
}

func (o assetOptions) print(out io.Writer, a node.Added) error {
	if o.json {
		return printJSON(out, a)
	}
	for _, reason := range slices.Sorted(maps.Keys(a.Withheld)) {
		fmt.Fprintf(out, "%d withheld, %s: %s\n", a.Withheld[reason], reason, node.Explain(reason))
	}
	if a.Risk != nil {
		printRisk(out, *a.Risk)
	}
	if a.Quality != nil {
		printQuality(out, *a.Quality)
	}
	if why := node.Explain(a.Reason); a.Token == nil && why != "" {
		fmt.Fprintf(out, "not offered: %s\n", why)
		return nil
	}
	if a.State == sinso.ReleaseIsAwaiting {
		fmt.Fprintf(out, "release %s waits for its co-creator, who is asked when they sign in; nothing is made before they agree\n", a.Release)
		return nil
	}
	if a.Token == nil {
		fmt.Fprintln(out, "nothing of this study may be sold; the sealed original stays as it was")
		return nil
	}
	fmt.Fprintf(out, "%d instances offered for %s wei\nunder these terms: %s\n", a.Instances, a.Price, node.LicenceText(a.Terms.Licence))
	printPanel(out, a.Terms.Panel)
	fmt.Fprintf(out, "token %s\norder %s\ngive buyers what this prints: sinso order offer %s\n", a.Token, a.Order, a.Order)
	return nil
}

// text is an id that is a string.
type text string

func (t text) String() string { return string(t) }
