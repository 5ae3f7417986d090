package main

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

const uploadRoutes = "/api/v1/local/uploads"

// errAtStart is that a node which does not run tries nothing.
var errAtStart = fmt.Errorf("the node does not run: at its start it tries again what it could not take in: %w", sinso.ErrUnavailable)

// untaken is a line of `upload ls`.
type untaken struct {
	ID      sinso.UploadID `json:"id"`
	Person  sinso.PersonID `json:"person,omitempty"`
	Size    int64          `json:"size"` // bytes
	Created time.Time      `json:"created"`
	Again   *time.Time     `json:"again,omitempty"` // when it is tried again by itself
	Expires time.Time      `json:"expires"`
}

func newUploadCommand() *cobra.Command {
	return nounCommand("upload", "Uploads that are here whole and could not be taken in yet", newUploadLsCommand(), newUploadRetryCommand())
}

// atStart is what these commands do on a stopped node.
func atStart(*node.Node) error {
	return withHint(errAtStart, "start it with: sinso serve")
}

func newUploadLsCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the uploads that the running node could not take in yet",
		Long: `Lists the uploads that are on the running node whole and could not be taken in yet, such as when its disk was full, with
when each is tried again by itself ("-": when it is asked for, or at the next start). How their owners call them is not
shown.

EXIT STATUS: 0 done, 1 error or the node does not run, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var answer struct {
			Items []untaken `json:"items"`
		}
		if err := f.here(cmd.Context(), atStart, "GET", uploadRoutes, nil, &answer); err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), append([]untaken{}, answer.Items...))
		}
		printTable(cmd.OutOrStdout(), "UPLOAD\tPERSON\tBYTES\tCAME\tAGAIN\tEXPIRES", answer.Items, func(u untaken) string {
			again := "-"
			if u.Again != nil {
				again = u.Again.Format(time.RFC3339)
			}
			return fmt.Sprintf("%s\t%s\t%d\t%s\t%s\t%s", u.ID, u.Person, u.Size, u.Created.Format(time.RFC3339), again, u.Expires.Format(time.RFC3339))
		})
		return nil
	}
	return cmd
}

func newUploadRetryCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "retry UPLOAD",
		Short: "Have the running node try again now to take an upload in",
		Long: `Has the running node try again now to take in an upload that it could not take in before. What became of it is in
sinso upload ls, where it stands again if it fails again, and on its owner's page.

EXIT STATUS: 0 it is tried, 1 error, it has not failed, or the node does not run, 2 usage, 10 no such upload or node`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := f.here(cmd.Context(), atStart, "POST", uploadRoutes+"/"+url.PathEscape(args[0])+"/retry", nil, nil)
		if errors.Is(err, sinso.ErrNotFound) {
			return noSuch("upload", text(args[0]), err)
		}
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), map[string]string{"upload": args[0], "state": string(sinso.UploadWaiting)})
		}
		fmt.Fprintln(cmd.OutOrStdout(), "it is tried again now")
		return nil
	}
	return cmd
}
