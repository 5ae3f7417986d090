package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

const peerRoutes = "/api/v1/local/peers"

func newPeerCommand() *cobra.Command {
	return nounCommand("peer", "DICOM peers, and nodes that hold encrypted copies for each other",
		newPeerAddCommand(), newPeerRemoveCommand(), newPeerListCommand(),
		newPeerEchoCommand(), newPeerFindCommand(), newPeerSendCommand(), newPeerPullCommand(),
		newPeerHoldCommand(), newPeerHeldCommand(), newPeerKeepCommand(), newPeerDropCommand(), newPeerReplicasCommand())
}

func newPeerAddCommand() *cobra.Command {
	var f nodeFlags
	var tls, research bool
	cmd := &cobra.Command{
		Use:   "add AET HOST[:PORT]",
		Short: "Let a DICOM peer associate",
		Long: `Lets the application entity AET associate with this node from HOST: an address, a network such as 10.1.0.0/16, or a
name. With a PORT it can also be called: sinso peer echo, find, send and pull, what it asks to be moved, and reports
of storage commitment. Adding it again
changes where it is and what it is for. Works on a stopped node, and through its socket on a running one.

A peer for research (--research) gets de-identified copies, and what it sends may be some. No other peer does:
their dates may be moved, and nobody is to be treated by them.

A peer on another machine needs a certificate too: see dimse-cert, dimse-key and dimse-authorities in sinso config.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(2), //nolint:mnd // AET and HOST
	}
	f.addFlags(cmd)
	cmd.Flags().BoolVar(&tls, "tls", false, "it is called over TLS")
	cmd.Flags().BoolVar(&research, "research", false, "it is for research: de-identified copies go to it and come from it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		row := sinso.AERow{Title: args[0], Host: args[1], TLS: tls, Research: research}
		if host, port, err := net.SplitHostPort(args[1]); err == nil {
			n, err := strconv.ParseUint(port, 10, 16)
			if err != nil || n == 0 {
				return &usageError{fmt.Errorf("the port is no number from 1 to 65535: %w", sinso.ErrInvalid)}
			}
			row.Host, row.Port = host, int(n)
		}
		row.Host = strings.Trim(row.Host, "[]") // of an IPv6 address
		err := f.here(cmd.Context(), func(n *node.Node) error { return n.AddAE(cmd.Context(), row, actor) },
			"POST", peerRoutes, row, &row)
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err == nil && f.json {
			return printJSON(cmd.OutOrStdout(), row)
		}
		return err
	}
	return cmd
}

func newPeerRemoveCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "rm AET",
		Short: "Let a DICOM peer associate no longer",
		Long: `Ends that the application entity AET may associate. An association that stands goes on to its end.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or peer`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var row sinso.AERow
		return f.here(cmd.Context(), func(n *node.Node) error { return n.RemoveAE(cmd.Context(), args[0], actor) },
			"DELETE", peerRoutes+"/"+url.PathEscape(args[0]), nil, &row)
	}
	return cmd
}

func newPeerListCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the DICOM peers, and the nodes that keep copies",
		Long: `Lists the DICOM peers that may associate, and below them the nodes that keep encrypted copies.

--json prints the DICOM peers; for the others, sinso peer replicas --json.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var answer struct {
			Items []sinso.AERow `json:"items"`
		}
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			answer.Items, err = n.AEs(cmd.Context())
			return err
		}, "GET", peerRoutes, nil, &answer)
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), answer.Items)
		}
		printTable(cmd.OutOrStdout(), "AET\tHOST\tPORT\tTLS\tRESEARCH", answer.Items, func(r sinso.AERow) string {
			port := "-"
			if r.Port != 0 {
				port = strconv.Itoa(r.Port)
			}
			return fmt.Sprintf("%s\t%s\t%s\t%t\t%t", r.Title, r.Host, port, r.TLS, r.Research)
		})
		status, err := f.replication(cmd)
		if err == nil && len(status.Peers) > 0 {
			fmt.Fprintln(cmd.OutOrStdout())
			printTable(cmd.OutOrStdout(), "COPIES\tURL\tHEALTHY", status.Peers, func(p sinso.ReplicaStatus) string {
				return fmt.Sprintf("%s\t%s\t%t", p.Name, p.URL, p.Healthy)
			})
		}
		return err
	}
	return cmd
}

// here does something on a stopped node, or asks the running one to, through its
// socket.
func (f *nodeFlags) here(ctx context.Context, do func(*node.Node) error, method, path string, in, out any) error {
	return f.reach(ctx, do, func(c *client.Client) error { return c.Do(ctx, method, path, in, out) })
}

// reach is here, where more than one call is made of the running node.
func (f *nodeFlags) reach(ctx context.Context, do func(*node.Node) error, ask func(*client.Client) error) error {
	opened := false
	err := f.with(ctx, func(n *node.Node) error {
		opened = true
		return do(n)
	})
	if opened || !errors.Is(err, sinso.ErrBusy) { // what is busy on an open node is not a node that runs
		return err
	}
	cfg, err := f.config()
	if err != nil {
		return err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	return ask(c)
}

// follow has the running node do what takes its time, and is told how far it is.
func follow[Progress, Result any](ctx context.Context, c *client.Client, path string, in any, show func(Progress)) (out Result, err error) {
	err = c.Stream(ctx, "POST", path, in, func(line []byte) error {
		var told struct {
			Progress *Progress
			Result   *Result
		}
		if err := json.Unmarshal(line, &told); err != nil {
			return fmt.Errorf("the node's progress cannot be read: %w", sinso.ErrUnavailable)
		}
		if told.Progress != nil {
			show(*told.Progress)
		}
		if told.Result != nil {
			out = *told.Result
		}
		return nil
	})
	return out, err
}
