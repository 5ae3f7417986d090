package node

import (
	"context"
	"fmt"
	"strings"

	"sinso.dev/sinso"
)

// Warnings says what does not go on by itself, and what to do about it: none of a healthy node.
func (n *Node) Warnings(ctx context.Context) ([]sinso.Warning, error) {
	all := []sinso.Warning{}
	unread, err := n.UnreadPurchases(ctx)
	if err != nil {
		return nil, err
	}
	switch problem := n.pruneProblem.Load(); {
	case len(unread) > 0:
		all = append(all, sinso.Warning{
			Says: fmt.Sprintf("nothing is pruned: another version of this program wrote %d purchases, and it alone knows what they name (%s is one)", len(unread), unread[0]),
			Do:   "run that version, or a newer one; only room on the disk is lost meanwhile",
		})
	case problem != nil:
		all = append(all, sinso.Warning{
			Says: "what nothing names could not be freed the last time: " + *problem,
			Do:   "it is tried again once a day; sinso check says what is damaged, and sinso check --repair mends it from a backup",
		})
	}
	if ahead := n.witness.ahead(); ahead > 0 {
		all = append(all, sinso.Warning{
			Says: fmt.Sprintf("the clock is %d days ahead of what this node has seen", days(ahead)),
			Do:   "set it right if it is wrong; what must be kept is kept until the node has followed, by a month for each day it runs",
		})
	}
	if n.chain != nil && n.chain.signer != nil {
		all = append(all, signerWarnings(n.chain.signer.Waits())...)
	}
	return all, nil
}

// signerWarnings says what is not signed by the program that keeps the node's account.
func signerWarnings(refused []string, silent bool) (all []sinso.Warning) {
	if silent {
		all = append(all, sinso.Warning{
			Says: "the program that signs for the node's account does not answer",
			Do:   "see to it that it runs and somebody is there; it is asked again within a quarter of an hour",
		})
	}
	if len(refused) > 0 {
		all = append(all, sinso.Warning{
			Says: fmt.Sprintf("the program that signs for the node's account refused %d signatures, or gave others: to %s", len(refused), named(refused)),
			Do:   "look there whether that was meant; it is asked again, after up to a day or at the next start of the node",
		})
	}
	return all
}

// named joins names that are sorted: each once, with how often it is there, and the first few alone.
func named(sorted []string) string {
	const most = 8
	var all []string
	for at := 0; at < len(sorted); {
		same := at + 1
		for same < len(sorted) && sorted[same] == sorted[at] {
			same++
		}
		name := sorted[at]
		if same-at > 1 {
			name += fmt.Sprintf(" (%d times)", same-at)
		}
		all, at = append(all, name), same
	}
	if len(all) > most {
		all = append(all[:most], fmt.Sprintf("%d more", len(all)-most))
	}
	return strings.Join(all, ", ")
}

// WarningLines prints warnings, as [Status.Lines] does.
func WarningLines(warnings []sinso.Warning) (lines []string) {
	for _, w := range warnings {
		lines = append(lines, fmt.Sprintf("WARNING\t%s: %s", w.Says, w.Do))
	}
	return lines
}
