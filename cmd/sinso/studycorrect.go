package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newStudyRmCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "rm STUDY",
		Short: "Take a study out of what is shown",
		Long: `Takes all instances of a study out: no query finds them and no retrieval gives them. Their sealed bytes stay, until
retention is decided; sinso record restore shows them again. Copies of it that are for sale are recalled.
Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or study`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id := sinso.StudyID(args[0])
		return f.correct(cmd, correction{0, node.SaysRejected}, func(ctx context.Context, n *node.Node) error {
			if _, err := n.Study(ctx, id); err != nil {
				return err
			}
			rows, err := n.Instances(ctx, id)
			if err != nil {
				return err
			}
			ids := make([]sinso.InstanceID, len(rows))
			for i, row := range rows {
				ids[i] = row.ID
			}
			return n.Reject(ctx, ids, node.ReasonDeleted, actor)
		}, rejectionRoutes, map[string]any{"study": id})
	}
	return cmd
}

func newStudyMoveCommand() *cobra.Command {
	var f nodeFlags
	var person string
	cmd := &cobra.Command{
		Use:   "move STUDY --person PERSON",
		Short: "File a study under another person",
		Long: `Files a study under another person: it came under the wrong one. Its keys are wrapped to that person, and the key of the
one before opens nothing of it here any more. Copies of it that are for sale are recalled. The objects stay as they
came, and so does the name in them. Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, study or person, 12 the person was erased`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&person, "person", "", "whose it is")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if person == "" {
			return &usageError{errors.New("--person says whose the study is")}
		}
		study, into := sinso.StudyID(args[0]), sinso.PersonID(person)
		return f.correct(cmd, correction{0, node.SaysMoved}, func(ctx context.Context, n *node.Node) error {
			return n.Move(ctx, study, into, actor)
		}, "/api/v1/local/moves", map[string]any{"study": study, "person": into})
	}
	return cmd
}
