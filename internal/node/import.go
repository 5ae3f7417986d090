package node

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"sinso.dev/sinso"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// The way's words, for commands.
type (
	// ImportOptions say on whose behalf an import is done.
	ImportOptions = way.ImportOptions
	// ImportResult counts what became of each file.
	ImportResult = way.ImportResult
	// Said is an answer about a patient of an import.
	Said = way.Said
	// HeldLicence is a licence and what it allows now.
	HeldLicence = way.HeldLicence
	// Elsewhere are purchases on other contracts than a node's.
	Elsewhere = way.Elsewhere
	// PlannedOffer is what an offer would say.
	PlannedOffer = way.PlannedOffer
	// PlannedBuy is what a purchase would be of and under.
	PlannedBuy = way.PlannedBuy
	// Settled is how a purchase stands.
	Settled = way.Settled
	// OfferOptions say how a further offer of a release differs.
	OfferOptions = way.OfferOptions
	// TokenPrice is what an offer in a token costs before it is paid.
	TokenPrice = way.TokenPrice
	// PricedOrder is an order with what its price is in.
	PricedOrder = way.PricedOrder
	// ReleaseOptions say what is made of a study, and for whom.
	ReleaseOptions = way.ReleaseOptions
	// Verification is what a walk back from a token found.
	Verification = way.Verification
	// Rejection is one instance that is not shown.
	Rejection = way.Rejection
)

// What may be said whose the files of a patient are.
const (
	SaidPerson  = way.SaidPerson
	SaidAnother = way.SaidAnother
	SaidKept    = way.SaidKept
	SaidUnknown = way.SaidUnknown
)

// ReasonDeleted is why an operator takes objects out; the others are what a correction
// does not do, in words.
const (
	ReasonDeleted = way.ReasonDeleted
	SaysRejected  = way.SaysRejected
	SaysRestored  = way.SaysRestored
	SaysMerged    = way.SaysMerged
	SaysMoved     = way.SaysMoved
)

// EraseOptions say how something is erased.
type EraseOptions = way.EraseOptions

// ImportPaths imports files, folders and zip files. The node's own folder and key
// file are passed over where they lie in one of paths. ErrNotFound if there is no
// such path, or no such person.
func (n *Node) ImportPaths(ctx context.Context, paths []string, o ImportOptions) (ImportResult, error) {
	if err := n.isPerson(ctx, o.Person); err != nil {
		return ImportResult{}, err
	}
	return n.Import(ctx, n.filesOf(paths), o)
}

// ImportPathsAsking does so, but files nothing while somebody has to be asked whose it is
// ([way.Way.ImportAsking]).
func (n *Node) ImportPathsAsking(ctx context.Context, paths []string, o ImportOptions, said []Said) (ImportResult, []sinso.AskedPatient, error) {
	if err := n.isPerson(ctx, o.Person); err != nil {
		return ImportResult{}, nil, err
	}
	return n.ImportAsking(ctx, n.filesOf(paths), o, said)
}

// isPerson returns ErrNotFound if there is no such person; nobody is fine.
func (n *Node) isPerson(ctx context.Context, id sinso.PersonID) error {
	if id == "" {
		return nil
	}
	return n.HasPerson(ctx, id)
}

// filesOf are the files below paths, without the node's own.
func (n *Node) filesOf(paths []string) way.Source {
	own := n.ownFiles()
	return func(ctx context.Context, fn func(ingest.Found) error) error {
		return n.Walker().Walk(ctx, paths, func(f ingest.Found) error {
			if own(f.Item.Name.Reveal()) { // goes nowhere: it is compared with our own names
				return nil
			}
			return fn(f)
		})
	}
}

// ownFiles tells the node's own files from those to import: a folder that is
// imported may hold the node folder, and the key file, or the passphrase, must not be sealed
// into what it opens.
func (n *Node) ownFiles() func(path string) bool {
	data, key := resolve(n.Config.Data), resolve(n.Config.KeyFile)
	own := []string{key, keyfile.NextFile(key)}
	if n.Config.PassphraseFile != "" {
		own = append(own, resolve(n.Config.PassphraseFile))
	}
	folders := []string{data}
	if _, dir, local := localFolder(n.Config.Blobs); local {
		folders = append(folders, resolve(dir))
	}
	return func(path string) bool {
		path = resolve(path)
		return slices.Contains(own, path) || slices.ContainsFunc(folders, func(dir string) bool {
			return strings.HasPrefix(path, dir+string(filepath.Separator))
		})
	}
}

// resolve returns the path that the links in a path lead to, or the path itself
// where it leads nowhere.
func resolve(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return path
}
