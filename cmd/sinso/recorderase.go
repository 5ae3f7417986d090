package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

const erasureRoutes = "/api/v1/local/erasures"

// erasure is one erasure, as --json prints it.
type erasure struct {
	ID        string          `json:"id"`
	Begun     time.Time       `json:"begun"`
	Done      time.Time       `json:"done,omitzero"`
	Until     time.Time       `json:"until,omitzero"` // it waits until then,
	Held      bool            `json:"held,omitempty"` // or for as long as a legal hold stands
	Receipt   json.RawMessage `json:"receipt,omitempty"`
	Signature []byte          `json:"signature,omitempty"`
	// Copies are those with peers, as they are now.
	Copies []sinso.ErasedCopy `json:"copies,omitempty"`
	// Unasked are ERC-20 tokens that did not say what is in the accounts whose keys go.
	Unasked []sinso.Address `json:"unasked,omitempty"`
}

func erasureOf(ctx context.Context, n *node.Node, row sinso.ErasureRow) (erasure, error) {
	copies, err := n.ErasedCopies(ctx, row)
	return erasure{string(row.Study) + string(row.Person) + string(row.Refused), row.Begun, row.Done, row.Until, row.Held, row.Receipt, row.Signature, copies, row.Unasked}, err
}

// copiesLine says what has become of the copies with peers.
func (e erasure) copiesLine() string {
	told := make([]string, len(e.Copies))
	for i, one := range e.Copies {
		told[i] = one.Peer + ": " + one.Answer
	}
	return strings.Join(told, "; ")
}

// waits says what an erasure waits for.
func (e erasure) waits() string {
	switch {
	case e.Held && !e.Until.IsZero():
		return "a legal hold stands, and it must be kept until " + e.Until.Format(time.DateOnly)
	case e.Held:
		return "a legal hold stands"
	case !e.Until.IsZero():
		return "it must be kept until " + e.Until.Format(time.DateOnly)
	}
	return "it is gone on with at the next start"
}

func newRecordEraseCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "erase STUDY|PERSON|CID",
		Short: "Erase a study, a person with all that is theirs, or an object in quarantine, for good",
		Long: `Destroys the keys of what is erased, deletes its sealed objects, takes it out of the index, frees the bytes, and
prints a signed receipt. Nobody can bring it back: not you, not from this node folder, and not from an older copy of
it that has the key table of now. What is left in the log is that something was erased, and when.

Before, it is shown no more: links to it end, copies of it that are for sale are called back, and who bought one gets
no key any more; what a buyer has is theirs. Where money is under way for it nothing is erased: do it again when the
order has ended. Money in accounts whose keys go with it is lost, and so are shares, fractions, staked assets and what is
owed by the contracts: each is named, in each currency that this node knows of, and with --leave-money that is accepted.
A token that does not say what is in them, or lies, is named and stops nothing.

What the institution must keep (the setting retention, or sinso record hold) is shown no more, and erased by itself when
nothing keeps it any longer.

What comes of it again is not taken. Works on a stopped node, and through its socket on a running one. It asks
first on a terminal; elsewhere it wants --yes. Erased once, it prints the receipt again.

EXIT STATUS: 0 done, 1 error (money is under way for it, or in its accounts), 2 usage, 10 no such node or nothing of it`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	yes := cmd.Flags().Bool("yes", false, "do not ask")
	leave := cmd.Flags().Bool("leave-money", false, "erase though money and what else its accounts have is lost")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !*yes {
			if err := confirm(cmd, args[0]); err != nil {
				return err
			}
		}
		var done erasure
		err := f.here(cmd.Context(), func(n *node.Node) error {
			row, err := n.Erase(cmd.Context(), args[0], node.EraseOptions{Actor: actor, LeaveMoney: *leave})
			if err == nil {
				done, err = erasureOf(cmd.Context(), n, row)
			}
			return err
		}, "POST", erasureRoutes, map[string]any{"id": args[0], "leaveMoney": *leave}, &done)
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), done)
		}
		for _, token := range done.Unasked {
			fmt.Fprintf(cmd.OutOrStdout(), "the token at %s could not be asked what is in the accounts\n", token)
		}
		if done.Done.IsZero() {
			fmt.Fprintf(cmd.OutOrStdout(), "%s is shown no more, and is erased by itself when it may be: %s\n", done.ID, done.waits())
			return nil
		}
		var told sinso.ErasureReceipt
		if err := json.Unmarshal(done.Receipt, &told); err != nil {
			return fmt.Errorf("the receipt: %w", err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "erased %s: %d keys destroyed, %d objects of %d blocks deleted, %d entries of the log opened by nobody any more\n",
			done.ID, told.Keys, told.Objects, told.Blocks, told.Events)
		if told.Missing > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "%d of the objects were not whole here any more\n", told.Missing)
		}
		if len(done.Copies) > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "copies with peers: %s\n", done.copiesLine())
		}
		fmt.Fprintf(cmd.OutOrStdout(), "receipt: %s\nsignature: %x\n", done.Receipt, done.Signature)
		return nil
	}
	return cmd
}

// confirm asks on a terminal; there is no default.
func confirm(cmd *cobra.Command, what string) error {
	if !isTerminal(cmd.ErrOrStderr()) {
		return &usageError{errors.New("this cannot be undone: give --yes")}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "Erase %s for good? Nobody can bring it back. Type yes: ", what)
	answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != "yes" {
		return errors.New("nothing was erased")
	}
	return nil
}

func newRecordErasedCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "erased",
		Short: "List what was erased, and what waits to be",
		Long: `Lists what was erased, and what waits to be, by the names that say nothing, oldest first, with the receipts in --json.
Of copies with peers it says what has become of them by now: a receipt says what they had answered when it was signed.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var answer struct {
			Items []erasure `json:"items"`
		}
		err := f.here(cmd.Context(), func(n *node.Node) error {
			rows, err := n.Erasures(cmd.Context())
			for _, row := range rows {
				one, copiesErr := erasureOf(cmd.Context(), n, row)
				answer.Items = append(answer.Items, one)
				err = errors.Join(err, copiesErr)
			}
			if err != nil {
				return err
			}
			rows, err = n.Waiting(cmd.Context())
			for _, row := range rows {
				one, copiesErr := erasureOf(cmd.Context(), n, row)
				answer.Items = append(answer.Items, one)
				err = errors.Join(err, copiesErr)
			}
			return err
		}, "GET", erasureRoutes, nil, &answer)
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), answer.Items)
		}
		printTable(cmd.OutOrStdout(), "ERASED\tBEGUN\tDONE", answer.Items, func(e erasure) string {
			done := "not yet: " + e.waits()
			if !e.Done.IsZero() {
				done = e.Done.Format(time.RFC3339)
			}
			if len(e.Copies) > 0 {
				done += "; copies with peers: " + e.copiesLine()
			}
			return fmt.Sprintf("%s\t%s\t%s", e.ID, e.Begun.Format(time.RFC3339), done)
		})
		return nil
	}
	return cmd
}
