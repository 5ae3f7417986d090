package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

type tokenOptions struct {
	nodeFlags
	role    string
	person  string
	expires time.Duration

	research bool
}

func newTokenCommand() *cobra.Command {
	var o tokenOptions
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a bearer token",
		Long: `Makes a bearer token for the API and the page and prints it, alone, on stdout. It is shown this once; only its
hash is kept. Works on a stopped node, and through its socket on a running one.

Roles: owner (of one person: --person), operator (works the archive; opens no asset, sells nothing), clinician,
buyer, auditor, member. De-identified copies, whose dates may be moved, are not given to a clinician, who might treat
somebody by them, but with --research.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or person`,
		Args: exactArgs(0),
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.role, "role", "", "what the token may do")
	cmd.Flags().StringVar(&o.person, "person", "", "whose owner it is")
	cmd.Flags().DurationVar(&o.expires, "expires", 24*time.Hour, "for how long it is good, such as 12h")
	cmd.Flags().BoolVar(&o.research, "research", false, "it is for research: de-identified copies are shown, and what is stored may be some")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if o.role == "" {
			return &usageError{errors.New("--role is missing")}
		}
		token, err := o.create(cmd.Context())
		if err != nil {
			return err
		}
		if o.json {
			return printJSON(cmd.OutOrStdout(), map[string]string{"token": token})
		}
		fmt.Fprintln(cmd.OutOrStdout(), token)
		return nil
	}
	return nounCommand("token", "Bearer tokens", cmd)
}

func (o *tokenOptions) create(ctx context.Context) (token string, err error) {
	err = o.with(ctx, func(n *node.Node) (err error) {
		create := n.CreateToken
		if o.research {
			create = n.CreateResearchToken
		}
		token, err = create(ctx, sinso.Role(o.role), sinso.PersonID(o.person), o.expires, actor)
		return err
	})
	if errors.Is(err, sinso.ErrInvalid) {
		return "", &usageError{err}
	}
	if !errors.Is(err, sinso.ErrBusy) {
		return token, err
	}
	cfg, err := o.config()
	if err != nil {
		return "", err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return "", err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	var answer struct {
		Token string `json:"token"`
	}
	err = c.Do(ctx, "POST", "/api/v1/local/tokens", map[string]any{
		"role": o.role, "person": o.person, "expires": int64(o.expires / time.Second), "research": o.research,
	}, &answer)
	return answer.Token, err
}
