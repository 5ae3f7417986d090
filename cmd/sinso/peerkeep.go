package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// Who keeps copies of what this node has.

const replicaRoutes = "/api/v1/local/replicas"

func newPeerKeepCommand() *cobra.Command {
	var f nodeFlags
	var tokenFile string
	cmd := &cobra.Command{
		Use:   "keep NAME URL",
		Short: "Keep encrypted copies of all blocks with another node",
		Long: `Has the node at URL, which you call NAME, keep copies of this node's blocks from now on: another clinic's, or a
friend's box. It gets ciphertext and no key, and learns sizes and times. Its keeper makes the token by sinso peer hold,
and you give it here in a file, or on stdin. The URL is https, or http on this machine. It must answer now; its name
again changes where it is.

A serving node brings new blocks soon after they are stored, challenges each peer again and again to prove that it
still has what it was given, brings again what it lost, mends by the copies what is damaged here, and has the peers
delete what is erased here. How many of several peers have each block says copies in sinso config; how they are,
sinso status and sinso peer replicas. The log, the keys and the index are not copied so: for these, sinso backup
peer:NAME.

EXIT STATUS: 0 done, 1 error (it does not answer), 2 usage, 10 no such node, 12 it does not take the token`,
		Args: exactArgs(2), //nolint:mnd // NAME and URL
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&tokenFile, "token-file", "-", "the file with the token; - is stdin")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		token, err := readToken(tokenFile, cmd.InOrStdin())
		if err != nil {
			return err
		}
		with := sinso.ReplicaKept{Name: args[0], URL: args[1], Token: token}
		var status sinso.Replication
		err = f.here(cmd.Context(), func(n *node.Node) (err error) {
			if err = n.KeepCopies(cmd.Context(), with, actor); err == nil {
				status, err = n.Replication(cmd.Context())
			}
			return err
		}, "POST", replicaRoutes, with, &status)
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err == nil && f.json {
			return printJSON(cmd.OutOrStdout(), status)
		}
		return err
	}
	return cmd
}

// readToken reads a token, which is no argument: others see those.
func readToken(path string, stdin io.Reader) (string, error) {
	from := stdin
	if path != "-" {
		file, err := os.Open(path) //nolint:gosec // the caller's choice
		if err != nil {
			return "", fmt.Errorf("the token's file: %w", err)
		}
		defer file.Close() //nolint:errcheck // it was read
		from = file
	}
	const most = 1 << 10 // bytes; a token has 62
	raw, err := io.ReadAll(io.LimitReader(from, most))
	if err != nil {
		return "", fmt.Errorf("the token: %w", err)
	}
	token := strings.TrimSpace(string(raw))
	if token == "" {
		return "", &usageError{errors.New("the token is missing: --token-file, or stdin")}
	}
	return token, nil
}

func newPeerDropCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "drop NAME",
		Short: "Keep no more copies with a node",
		Long: `Ends that a node keeps copies. What it has stays there until its keeper removes it (sinso peer held rm): ask them to.
What was deleted here before, it is asked once more to delete; what it does not confirm in ten seconds is counted, and
nobody asks it again. What is erased here later it is not told. Receipts say so.

--json prints {"name","deletions"}.

EXIT STATUS: 0 done, 1 error, 2 usage, 3 done, but it has not confirmed what it was told to delete, 10 no such node or name`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var gone sinso.ReplicaDropped
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			gone, err = n.DropCopies(cmd.Context(), args[0], actor)
			return err
		}, "DELETE", replicaRoutes+"/"+url.PathEscape(args[0]), nil, &gone)
		if err != nil {
			return err
		}
		if f.json {
			err = printJSON(cmd.OutOrStdout(), gone)
		} else if gone.Deletions > 0 {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s has not confirmed that it deleted %d blocks that were deleted here: ciphertext, without a key if it was erased. Ask its keeper to call sinso peer held rm\n", gone.Name, gone.Deletions)
		}
		if err == nil && gone.Deletions > 0 {
			return &partly{}
		}
		return err
	}
	return cmd
}

func newPeerReplicasCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "replicas",
		Short: "How the copies with other nodes are",
		Long: `Says of each node that keeps copies whether it is healthy, when it last proved a random sample of its blocks, how many
blocks it has proven, how many it is owed, and how many it was told to delete; and how many blocks have fewer proven
copies at healthy peers than are wanted.

--json prints {"copies","blocks","short","peers":[{"name","url","healthy","problem","proven","held","owed","bytes",
"deletions"}]}.

EXIT STATUS: 0 every block has its copies, 1 error, 2 usage, 3 some have not, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		status, err := f.replication(cmd)
		if err != nil {
			return err
		}
		if f.json {
			err = printJSON(cmd.OutOrStdout(), status)
		} else {
			printTable(cmd.OutOrStdout(), "COPIES\t", node.ReplicationLines(&status), func(line string) string { return line })
		}
		if err == nil && status.Short > 0 {
			return &partly{}
		}
		return err
	}
	return cmd
}

// replication asks how the copies are.
func (f *nodeFlags) replication(cmd *cobra.Command) (status sinso.Replication, err error) {
	err = f.here(cmd.Context(), func(n *node.Node) (err error) {
		status, err = n.Replication(cmd.Context())
		return err
	}, "GET", replicaRoutes, nil, &status)
	return status, err
}
