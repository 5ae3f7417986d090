package way

import (
	"context"
	"fmt"
	"time"

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
	keys, err := w.oneOrder(ctx, row)
	if err != nil {
		return err
	}
	request, err := w.keyRequest(ctx, keys, offer, order, row.Trade)
	if err != nil {
		return err
	}
	answer, err := w.Peers.Key(ctx, offer.Peer, request)
	if err != nil {
		return err
	}
	opened, err := keys.Open(offer, row.Trade, answer)
	if err != nil {
		return err
	}
	if opened.Wrong {
		return fmt.Errorf("way: the seller's node now gives a key that the order did not commit to: %w", sinso.ErrCorrupt)
	}
	return nil
}

// IsOver reports whether the days of use that a purchase's licence names are over.
func IsOver(row sinso.PurchaseRow, now time.Time) bool {
	return !row.UseEnds.IsZero() && !now.Before(row.UseEnds)
}

// What a purchase is opened for, as it is written down.
const (
	ForExport = "export"      // to hand it out as files
	ForBought = "bought-view" // to show it
)

// Bought is what a purchase brought: the objects of its manifest, in order.
type Bought struct {
	way     *Way
	order   sinso.Hash
	objects []sinso.ManifestObject
	names   []string
}

// Bought reads what a purchase brought, and writes down that actor opened it. It is
// ErrUnavailable before all of it was fetched and verified, and ErrDenied once the days of
// its licence are over.
func (w *Way) Bought(ctx context.Context, row sinso.PurchaseRow, actor, purpose string) (*Bought, error) {
	if row.Step != stepFetched && row.Step != stepReleased {
		return nil, fmt.Errorf("way: purchase %s is at step %q: nothing of it was fetched and verified yet: %w", row.Order, row.Step, sinso.ErrUnavailable)
	}
	if IsOver(row, w.Clock.Now()) {
		return nil, fmt.Errorf("way: the days of use of purchase %s were over on %s: by its terms it is opened no more, and what was exported is to be destroyed: %w",
			row.Order, row.UseEnds.Format(time.DateOnly), sinso.ErrDenied)
	}
	offer, err := market.Kept(row.Offer)
	if err != nil {
		return nil, err
	}
	key, err := w.Keys.Unwrap(ctx, row.Key, []byte(offer.Payload))
	if err != nil {
		return nil, fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	manifest, err := w.readManifest(ctx, offer.Payload, key)
	if err != nil {
		return nil, err
	}
	if err := w.recordOne(ctx, sinso.EventOpened, actor, "", sinso.Opened{What: row.Order.String(), Purpose: purpose}); err != nil {
		return nil, err
	}
	b := &Bought{way: w, order: row.Order, objects: manifest.Objects}
	counts := map[string]int{}
	for _, object := range manifest.Objects {
		name := objectName(counts[object.Role])
		if object.Role == roleWork {
			name = "works/" + name
		}
		counts[object.Role]++
		b.names = append(b.names, name)
	}
	return b, nil
}

// Len is how many objects there are.
func (b *Bought) Len() int { return len(b.objects) }

// Name is a path of our own making for object n, from 0: a name of another node is
// not a path here.
func (b *Bought) Name(n int) string { return b.names[n] }

// Size is how many bytes object n has.
func (b *Bought) Size(n int) int64 { return b.objects[n].Size }

// CID names object n as it is sealed.
func (b *Bought) CID(n int) sinso.CID { return b.objects[n].CID }

// IsWork reports whether object n is the work of a co-creator.
func (b *Bought) IsWork(n int) bool { return b.objects[n].Role == roleWork }

// Open returns the plain bytes of object n.
func (b *Bought) Open(ctx context.Context, n int) ([]byte, error) {
	plain, err := b.way.open(ctx, b.objects[n].CID, sinso.CEK(b.objects[n].Key))
	if err != nil {
		return nil, fmt.Errorf("way: object %d of purchase %s: %w", n+1, b.order, err)
	}
	return plain, nil
}

// Export opens every object of a purchase and hands it to write, in order: the
// derivatives, then the works of co-creators.
func (w *Way) Export(ctx context.Context, row sinso.PurchaseRow, write func(name string, plain []byte) error) error {
	bought, err := w.Bought(ctx, row, "buyer", ForExport)
	if err != nil {
		return err
	}
	for n := range bought.Len() {
		plain, err := bought.Open(ctx, n)
		if err != nil {
			return err
		}
		if err := write(bought.Name(n), plain); err != nil {
			return err
		}
	}
	return nil
}
