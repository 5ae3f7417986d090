package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// FetchKey asks the seller's node once more for the key of a purchase, and checks
// what it gives: it does for as long as the grant stands. The key itself is kept
// since the purchase.
func (w *Way) FetchKey(ctx context.Context, order sinso.Hash) error {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.Purchase(order) })
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", order, err)
	}
	offer, err := market.Decode(row.Offer)
	if err != nil {
		return err
	}
	seed, err := w.Keys.Unwrap(ctx, row.Secret, order[:])
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", order, err)
	}
	keys, err := market.NewOneOrder(seed)
	if err != nil {
		return err
	}
	request, err := keys.Request(offer.Contracts, order)
	if err != nil {
		return err
	}
	answer, err := w.Peers.Key(ctx, offer.Peer, request)
	if err != nil {
		return err
	}
	opened, err := keys.Open(offer, order, answer)
	if err != nil {
		return err
	}
	if opened.Wrong {
		return fmt.Errorf("way: the seller's node now gives a key that the order did not commit to: %w", sinso.ErrCorrupt)
	}
	return nil
}

// Export opens every object of a purchase and hands it to write, in order: the
// derivatives, then the works of co-creators. name is a path of our own making:
// a name of another node is not a path here.
func (w *Way) Export(ctx context.Context, row sinso.PurchaseRow, write func(name string, plain []byte) error) error {
	if row.Step != stepFetched && row.Step != stepReleased {
		return fmt.Errorf("way: purchase %s is at step %q: nothing of it was fetched and verified yet: %w", row.Order, row.Step, sinso.ErrUnavailable)
	}
	offer, err := market.Decode(row.Offer)
	if err != nil {
		return err
	}
	key, err := w.Keys.Unwrap(ctx, row.Key, []byte(offer.Payload))
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	manifest, err := w.readManifest(ctx, offer.Payload, key)
	if err != nil {
		return err
	}
	if err := w.recordOne(ctx, sinso.EventOpened, "buyer", "", sinso.Opened{What: row.Order.String(), Purpose: "export"}); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, object := range manifest.Objects {
		plain, err := w.open(ctx, object.CID, sinso.CEK(object.Key))
		if err != nil {
			return err
		}
		name := objectName(counts[object.Role])
		if object.Role == roleWork {
			name = "works/" + name
		}
		counts[object.Role]++
		if err := write(name, plain); err != nil {
			return err
		}
	}
	return nil
}
