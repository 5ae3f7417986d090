package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

// collectAt is when garbage is collected, in percent of what is alive: a node keeps
// little alive and moves much through, and some 30 MB more save a tenth of its work.
const collectAt = 250

// onDisk is how many goroutines may wait for the disk without taking a processor from
// the others: the runtime leaves it to a thread in a system call until it notices. A
// twelfth more objects a second are taken in with it, on two cores.
const onDisk = 2

// served is what `serve --json` prints once it listens.
type served struct {
	URL   string `json:"url"`
	DIMSE string `json:"dimse,omitempty"` // where DICOM associations are taken
	RPC   string `json:"rpc,omitempty"`   // of the embedded chain
}

func newServeCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the node: the page, the API, the gateway for buyers",
		Long: `Runs the node on its folder until it is told to end: the page at /, the API at /api/v1 (described by
/api/openapi.json), blocks of what was offered at /ipfs. Listens on loopback unless told otherwise. What was
cut off goes on from where it stood. The log goes to stderr, as JSON, and says nothing that identifies anyone.

EXIT STATUS: 0 ended by Ctrl-C or SIGTERM, 1 error, 2 usage, 10 no such node, 11 the node is running, 13 damaged`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.cfg.Listen, "listen", "", "where HTTP is served (SINSO_LISTEN; default 127.0.0.1:8480)")
	flags.StringVar(&f.cfg.URL, "url", "", "how other nodes reach this one (SINSO_URL; default: where it listens)")
	flags.StringVar(&f.cfg.ChainListen, "chain-listen", "", `where the embedded chain serves JSON-RPC, or "none" (SINSO_CHAIN_LISTEN; default 127.0.0.1:8545)`)
	flags.StringVar(&f.cfg.DIMSEListen, "dimse-listen", "", `where DICOM associations are taken, or "none" (SINSO_DIMSE_LISTEN; default 127.0.0.1:11112)`)
	flags.StringVar(&f.cfg.AETitle, "aet", "", "the node's AE title (SINSO_AET; default SINSO)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(collectAt)
		}
		if os.Getenv("GOMAXPROCS") == "" {
			runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + onDisk)
		}
		cfg, err := f.config()
		if err != nil {
			return err
		}
		n, err := node.Open(ctx, cfg, node.Options{Log: slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil)), Passphrase: f.asks()})
		if err != nil && ctx.Err() != nil {
			return nil //nolint:nilerr // it was told to end before it was up
		}
		if err != nil {
			return explainOpen(cfg, err)
		}
		listener, err := n.Listen(ctx)
		if err != nil {
			return errors.Join(err, n.Close())
		}
		at := served{URL: n.Config.URL, DIMSE: n.DIMSEAddr, RPC: n.ChainRPC()}
		if f.json {
			err = printJSON(cmd.OutOrStdout(), at)
		} else {
			fmt.Fprintf(cmd.OutOrStdout(), "the page: %s/\nsign in with a token of: sinso token create --role owner --person ID --data %s\n", at.URL, cfg.Data)
		}
		return errors.Join(err, n.Serve(ctx, listener), n.Close())
	}
	return cmd
}
