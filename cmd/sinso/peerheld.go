package main

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// What this node holds for others.

const heldRoutes = "/api/v1/local/held"

// madeGuest is a guest as the route that makes one answers.
type madeGuest struct {
	Guest sinso.HeldGuest `json:"guest"`
	Token string          `json:"token"`
}

func newPeerHoldCommand() *cobra.Command {
	var f nodeFlags
	var quota string
	cmd := &cobra.Command{
		Use:   "hold NAME",
		Short: "Hold encrypted copies for another node",
		Long: `Lets another node keep copies of its blocks here, up to a quota, and prints the bearer token that it needs, alone,
on stdout. It is shown this once; only its hash is kept. The token opens what that node brings, and nothing else; what
it brings is ciphertext, and nothing here has its keys. There, give it to sinso peer keep.

The other node reaches this one under its URL, over https: see url in sinso config. Works on a stopped node, and
through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&quota, "quota", "", "how much it may take of this disk, such as 100GB")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		bytes, err := parseBytes(quota)
		if err != nil {
			return &usageError{err}
		}
		var made madeGuest
		err = f.here(cmd.Context(), func(n *node.Node) (err error) {
			made.Guest, made.Token, err = n.AddGuest(args[0], bytes)
			return err
		}, "POST", heldRoutes, map[string]any{"name": args[0], "quotaBytes": bytes}, &made)
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err == nil && f.json {
			return printJSON(cmd.OutOrStdout(), made)
		}
		if err == nil {
			fmt.Fprintln(cmd.OutOrStdout(), made.Token)
		}
		return err
	}
	return cmd
}

// parseBytes reads a number of bytes with a unit: of 1000 as disks are sold, or of 1024.
func parseBytes(text string) (int64, error) {
	wrong := fmt.Errorf("--quota: want a number and MB, GB or TB (or MiB, GiB, TiB), such as 100GB: %w", sinso.ErrInvalid)
	for _, unit := range []struct {
		name  string
		bytes int64
	}{{"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}} {
		digits, is := strings.CutSuffix(text, unit.name)
		if !is {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n <= 0 || n > (1<<60)/unit.bytes {
			return 0, wrong
		}
		return n * unit.bytes, nil
	}
	return 0, wrong
}

func newPeerHeldCommand() *cobra.Command {
	return nounCommand("held", "Whose encrypted copies this node holds", newPeerHeldListCommand(), newPeerHeldRemoveCommand())
}

func newPeerHeldListCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the nodes whose copies this one holds",
		Long: `Lists the nodes whose copies this one holds, with what they take of the disk and what they may.

Of one whose guest.json cannot be read the id is printed: put the file back from a copy of the
node folder, or remove it, with all that it brought, by that id.

--json prints an array of {"id","name","quotaBytes","bytes","created"}, and "damaged":true.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var answer struct {
			Items []sinso.HeldGuest `json:"items"`
		}
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			answer.Items, err = n.Guests()
			return err
		}, "GET", heldRoutes, nil, &answer)
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), answer.Items)
		}
		printTable(cmd.OutOrStdout(), "NAME\tBYTES\tQUOTA\tSINCE", answer.Items, func(g sinso.HeldGuest) string {
			if g.Damaged {
				return fmt.Sprintf("%s\t%d\t\tdamaged: its guest.json cannot be read, and its token opens nothing", g.Name, g.Bytes)
			}
			return fmt.Sprintf("%s\t%d\t%d\t%s", g.Name, g.Bytes, g.QuotaBytes, g.Created.Format("2006-01-02"))
		})
		return nil
	}
	return cmd
}

func newPeerHeldRemoveCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "rm NAME|ID",
		Short: "Hold a node's copies no longer, and delete them",
		Long: `Deletes all that a node has brought here, and its token opens nothing any more. It may be its only copy: ask first.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or name`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var guest sinso.HeldGuest
		return f.here(cmd.Context(), func(n *node.Node) (err error) {
			guest, err = n.RemoveGuest(args[0])
			return err
		}, "DELETE", heldRoutes+"/"+url.PathEscape(args[0]), nil, &guest)
	}
	return cmd
}
