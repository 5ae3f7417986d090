package node

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// TestAWalletPaysForAPurchase from an account that the node does not have: the node pays nothing
// until it is told to, sees the payment on the chain, and takes the purchase to its end; the
// licence is the order's own account's.
func TestAWalletPaysForAPurchase(t *testing.T) {
	t.Parallel()
	d, ctx := newDeal(t), t.Context()
	d.enrich()
	payment, err := d.buyer.PlanPayment(ctx, d.offer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.buyer.Buy(ctx, d.offer, nil); !errors.Is(err, sinso.ErrUnavailable) || d.name() != (sinso.Hash{}) {
		t.Fatalf("unpaid: got %v, trade %s", err, d.name())
	}
	again, err := d.buyer.PlanPayment(ctx, d.offer)
	if err != nil || string(again.Data) != string(payment.Data) {
		t.Fatalf("asked again: %v, or it is another call", err)
	}
	d.pay(payment)
	row, err := d.buyer.Buy(ctx, d.offer, nil)
	if err != nil || row.Step != "released" || row.FillTx.Hash == (sinso.Hash{}) {
		t.Fatalf("got step %q, fill %s, %v", row.Step, row.FillTx.Hash, err)
	}
	licence, err := d.buyer.Chain.Licence(ctx, row.Trade)
	if err != nil || licence.Owner != d.trade().Fill.Buyer {
		t.Errorf("got %+v, %v", licence, err)
	}
	if _, err := d.buyer.PlanPayment(ctx, d.offer); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("of what is paid: got %v", err)
	}
}

// TestASentPaymentIsWaitedFor: while a wallet's payment may come, no other is planned and the node does
// not pay; once it is lost, or was none, another is; and what the wallet says is not believed.
func TestASentPaymentIsWaitedFor(t *testing.T) {
	t.Parallel()
	d, ctx := newDeal(t), t.Context()
	d.enrich()
	if err := d.buyer.NotePayment(ctx, d.order, sinso.Hash{1}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of no purchase: got %v", err)
	}
	payment, err := d.buyer.PlanPayment(ctx, d.offer)
	if err != nil {
		t.Fatal(err)
	}
	d.payment(way.PaymentNone)
	d.noted(sinso.Hash{1})
	d.noted(sinso.Hash{1})
	d.payment(way.PaymentWaits)
	_, again := d.buyer.PlanPayment(ctx, d.offer)
	for what, err := range map[string]error{"planned again": again, "by the node": d.buyer.UnplanPayment(ctx, d.order), "another": d.buyer.NotePayment(ctx, d.order, sinso.Hash{2})} {
		if !errors.Is(err, sinso.ErrExists) {
			t.Errorf("%s, while it may come: got %v, want ErrExists", what, err)
		}
	}
	d.clock.jump(11 * time.Minute)
	d.payment(way.PaymentLost)
	if _, err := d.buyer.PlanPayment(ctx, d.offer); err != nil {
		t.Errorf("planned again, once it is lost: %v", err)
	}
	other, err := d.town.seller.Chain.Fund(ctx, sinso.Address{1}, sinso.NewWei(big.NewInt(1)))
	if err != nil {
		t.Fatal(err)
	}
	d.noted(other.Hash)
	d.payment(way.PaymentFailed) // it is on the chain, and no payment
	d.noted(d.pay(payment))
	d.payment(way.PaymentPaid)
	if _, err := d.buyer.PlanPayment(ctx, d.offer); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("of what is paid: got %v", err)
	}
	if row, err := d.buyer.Buy(ctx, d.offer, nil); err != nil || row.Step != "released" || row.SentTx == (sinso.Hash{}) {
		t.Fatalf("got step %q, sent %s, %v", row.Step, row.SentTx, err)
	}
	d.payment(way.PaymentPaid)
}

func (d *deal) noted(tx sinso.Hash) {
	d.t.Helper()
	if err := d.buyer.NotePayment(d.t.Context(), d.order, tx); err != nil {
		d.t.Fatal(err)
	}
}

// payment wants a state of what a wallet sent.
func (d *deal) payment(want way.PaymentState) {
	d.t.Helper()
	row, err := d.buyer.Purchase(d.t.Context(), d.order)
	if err != nil {
		d.t.Fatal(err)
	}
	if got, err := d.buyer.PaymentState(d.t.Context(), row); err != nil || got != want {
		d.t.Errorf("the payment: got %q, %v; want %q", got, err, want)
	}
}

// TestTheNodePaysWhereNoWalletDid once it is told to, and a payment that comes after it is refused.
func TestTheNodePaysWhereNoWalletDid(t *testing.T) {
	t.Parallel()
	d, ctx := newDeal(t), t.Context()
	d.enrich()
	if _, err := d.buyer.PlanPayment(ctx, d.offer); err != nil {
		t.Fatal(err)
	}
	if err := d.buyer.UnplanPayment(ctx, d.order); err != nil {
		t.Fatal(err)
	}
	if row, err := d.buyer.Buy(ctx, d.offer, nil); err != nil || row.Step != "released" {
		t.Fatalf("got step %q, %v", row.Step, err)
	}
}

// enrich gives the buyer's node money.
func (d *deal) enrich() {
	d.t.Helper()
	status, err := d.buyer.Status(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.town.seller.Chain.Fund(d.t.Context(), status.Account, sinso.NewWei(new(big.Int).Mul(testPrice.Int(), big.NewInt(2)))); err != nil {
		d.t.Fatal(err)
	}
}

// pay sends a payment from a new account.
func (d *deal) pay(payment way.Payment) sinso.Hash {
	d.t.Helper()
	ctx := d.t.Context()
	key, err := crypto.GenerateKey()
	if err != nil {
		d.t.Fatal(err)
	}
	client, err := ethclient.DialContext(ctx, "http://"+d.town.seller.ChainRPC())
	if err != nil {
		d.t.Fatal(err)
	}
	defer client.Close()
	money := new(big.Int).Add(payment.Value.Int(), big.NewInt(1e16))
	if _, err := d.town.seller.Chain.Fund(ctx, sinso.Address(crypto.PubkeyToAddress(key.PublicKey)), sinso.NewWei(money)); err != nil {
		d.t.Fatal(err)
	}
	price, err := client.SuggestGasPrice(ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	to := common.Address(payment.To)
	tx, err := types.SignNewTx(key, types.LatestSignerForChainID(new(big.Int).SetUint64(payment.ChainID)), &types.LegacyTx{
		To: &to, Data: payment.Data, Value: payment.Value.Int(), Gas: 500_000, GasPrice: price,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := client.SendTransaction(ctx, tx); err != nil {
		d.t.Fatal(err)
	}
	receipt, err := bind.WaitMined(ctx, client, tx.Hash())
	if err != nil || receipt.Status != types.ReceiptStatusSuccessful {
		d.t.Fatalf("the payment failed: %v", err)
	}
	return sinso.Hash(tx.Hash())
}
