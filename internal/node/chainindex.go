package node

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	chainindex "sinso.dev/sinso/internal/chain/index"
)

// chainIndexFile is the encrypted index of what the contracts tell on the chain.
const chainIndexFile = "chain-index"

// confirmations make a block final on a chain that calls none so: two epochs of
// Ethereum, after which its own blocks are.
const confirmations = 64

// openChainIndex opens the index of what the contracts tell. It is made again from
// the chain if it is damaged.
func (n *Node) openChainIndex(ctx context.Context, chain *evm.Chain, o Options) error {
	key, err := n.keys.Secret(ctx, sinso.KeyNode, "chain index")
	if err != nil {
		return err
	}
	start, err := n.Config.chainStart()
	if err != nil {
		return err
	}
	if n.indexed, err = withChildren(ctx, chain, chain.Places()); err != nil {
		return err
	}
	n.catalogue, err = chainindex.Open(ctx, chainindex.Config{
		Path: filepath.Join(n.Config.Data, chainIndexFile), Key: key, Source: chain, ChainID: chain.Contracts().ChainID,
		Places: n.indexed, Start: start, Confirmations: confirmations, Clock: o.Clock,
	})
	if err != nil {
		return err
	}
	n.closers = append(n.closers, n.catalogue.Close)
	return nil
}

// madeByOthers are contracts that another makes for itself: no record names them, and licences and royalties are
// told of there.
var madeByOthers = []struct{ name, by, method string }{{"Licences", "Exchange", "licences"}, {"Royalties", "Assets", "royalties"}}

// withChildren adds to places what the contracts there made for themselves.
func withChildren(ctx context.Context, deeds sinso.Deeds, places map[string]sinso.Address) (map[string]sinso.Address, error) {
	all := maps.Clone(places)
	for _, child := range madeByOthers {
		if places[child.by] == (sinso.Address{}) {
			continue
		}
		var at sinso.Address
		if err := deeds.Ask(ctx, sinso.Call{Contract: child.by, Method: child.method}, &at); err != nil {
			return nil, fmt.Errorf("node: where %s stands: %w", child.name, err)
		}
		all[child.name] = at
	}
	return all, nil
}

// place tells the index of a deployment that was recorded. What others made is known since the node was opened,
// where those are the same; else the next start finds it.
func (n *Node) place(contracts map[string]sinso.Address) {
	if n.catalogue == nil {
		return
	}
	all := maps.Clone(contracts)
	for _, child := range madeByOthers {
		if at, ok := n.indexed[child.name]; ok && contracts[child.by] == n.indexed[child.by] {
			all[child.name] = at
		}
	}
	n.catalogue.Place(all)
}

// followChain takes in the chain until ctx ends.
func (n *Node) followChain(ctx context.Context) {
	last := ""
	n.catalogue.Follow(ctx, func(err error) {
		switch {
		case err == nil:
			n.log.InfoContext(ctx, "the index of the chain goes on")
			last = ""
		case err.Error() != last:
			n.log.WarnContext(ctx, "the index of the chain does not go on; nothing is skipped, and it is tried again", slog.String("error", err.Error()))
			last = err.Error()
		}
	})
}

// Catalogue returns what the contracts told on the chain, nil without a chain.
func (n *Node) Catalogue() sinso.Catalogue {
	if n.catalogue == nil {
		return nil
	}
	return n.catalogue
}

// ChainIndex says how far the index of the chain is: ErrNotFound without a chain.
func (n *Node) ChainIndex(ctx context.Context) (sinso.IndexState, error) {
	if n.catalogue == nil {
		return sinso.IndexState{}, fmt.Errorf("node: there is no chain: %w", sinso.ErrNotFound)
	}
	return n.catalogue.State(ctx)
}

// chainStart reads ChainStart.
func (c Config) chainStart() (uint64, error) {
	start, err := strconv.ParseUint(c.ChainStart, 10, 40)
	if err != nil {
		return 0, fmt.Errorf("config: chain-start: want a block's number, not %q: %w", c.ChainStart, sinso.ErrInvalid)
	}
	return start, nil
}

// ChainLines prints how far the index of the chain is, as [Status.Lines] does.
func ChainLines(s *sinso.IndexState) []string {
	if s == nil {
		return nil
	}
	line := fmt.Sprintf("chain index\tat block %d of %d, final up to %d; %d events, %d assets", s.Block, s.Newest, s.Final, s.Events, s.Assets)
	if s.Problem != "" {
		line += "; DOES NOT GO ON: " + s.Problem
	}
	return []string{line}
}
