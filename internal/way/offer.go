package way

import (
	"context"
	"encoding/json"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// A release that is stored goes on the chain, and is offered.

// register mints the person's identity token, if there is none, and the asset token.
func (w *Way) register(ctx context.Context, row sinso.ReleaseRow, actor string) error {
	if err := w.enterIdentity(ctx, row.Person, actor); err != nil {
		return err
	}
	w.step("mint")
	registered, err := register.Enter(ctx, w.Chain, row.ID, row.Asset)
	if err != nil {
		return err
	}
	err = w.recordOne(ctx, sinso.EventAssetRegistered, actor, row.Person, registered)
	return err
}

func (w *Way) enterIdentity(ctx context.Context, id sinso.PersonID, actor string) error {
	person, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonRow, error) { return tx.Person(id) })
	if err != nil || person.Identity != (sinso.TokenID{}) {
		return err
	}
	secret, err := w.Keys.Secret(ctx, sinso.PersonKey(id), identityPurpose)
	if err != nil {
		return fmt.Errorf("way: the person's identity key: %w", err)
	}
	w.step("identity")
	registered, err := register.EnterIdentity(ctx, w.Chain, secret)
	if err != nil {
		return err
	}
	err = w.recordOne(ctx, sinso.EventIdentityRegistered, actor, id, registered)
	return err
}

// offer signs the person's order for a registered release, once.
func (w *Way) offer(ctx context.Context, row sinso.ReleaseRow, actor string) (sinso.Hash, error) {
	hash, err := view(ctx, w, func(tx sinso.MetaTx) (found sinso.Hash, err error) {
		err = tx.Orders(row.Person, func(order sinso.OrderRow) error {
			if order.Release == row.ID {
				found = order.Hash
			}
			return nil
		})
		return found, err
	})
	if err != nil || hash != (sinso.Hash{}) {
		return hash, err
	}
	return w.signOffer(ctx, row, actor, nil)
}

// signOffer signs an offer of a registered release and writes it down.
func (w *Way) signOffer(ctx context.Context, row sinso.ReleaseRow, actor string, on *OfferOptions) (hash sinso.Hash, err error) {
	seller, err := w.creatorSecret(ctx, row)
	if err != nil {
		return hash, err
	}
	key, err := w.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
	if err != nil {
		return hash, err
	}
	proof, err := w.Audit.Prove(ctx, row.Seq)
	if err != nil {
		return hash, fmt.Errorf("way: prove release %s: %w", row.ID, err)
	}
	study, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(row.Study) })
	if err != nil {
		return hash, err
	}
	offer, err := w.composeOffer(row, study.Origin, key, on)
	if err != nil {
		return hash, err
	}
	offer.Proof = proof
	if hash, err = market.Sign(&offer, seller); err != nil {
		return hash, err
	}
	encoded, err := json.Marshal(offer)
	if err != nil {
		return hash, fmt.Errorf("way: offer: %w", err)
	}
	if _, _, err := w.checkOffer(ctx, encoded); err != nil { // what a buyer would refuse is not given out
		return hash, err
	}
	public, err := w.publicBlocks(ctx, row, key)
	if err != nil {
		return hash, err
	}
	err = w.recordOne(ctx, sinso.EventOrdered, actor, row.Person, sinso.Ordered{Release: row.ID, Hash: hash, Offer: encoded, Public: public})
	return hash, err
}

// publicBlocks are all blocks of a release: once it is offered anyone may fetch
// them, and nobody without the key can read them.
func (w *Way) publicBlocks(ctx context.Context, row sinso.ReleaseRow, key sinso.CEK) ([]sinso.CID, error) {
	manifest, err := w.readManifest(ctx, row.Manifest, key)
	if err != nil {
		return nil, err
	}
	var public []sinso.CID
	add := func(cid sinso.CID) error {
		public = append(public, cid)
		return nil
	}
	for _, object := range append(manifest.Objects, *manifest.Evidence) {
		if err := w.vault.Blocks(ctx, object.CID, add); err != nil {
			return nil, err
		}
	}
	return public, w.vault.Blocks(ctx, row.Manifest, add)
}
