package serve

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/way"
)

// offers makes an offer of a's study that nobody has bought, and a rich buyer.
func (g *rig) offers(t *testing.T, price string) string {
	t.Helper()
	secret := must[[32]byte](t)(g.way.Account(t.Context()))
	chain := g.way.Chain.(*simulatedChain)
	chain.mu.Lock()
	chain.money[must[sinso.Address](t)(eip712.Address(secret))] = big.NewInt(1e18)
	chain.mu.Unlock()
	asset := g.want(t, 200, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":%q}`, g.study, price))
	return string(g.want(t, 200, "owner", "GET", api+"/orders/"+asset.field(t, "order")+"/offer", "").body)
}

func (g *rig) lookAt(t *testing.T, offer string) offerLook {
	t.Helper()
	got := g.want(t, 200, "buyer", "POST", api+"/offers/look", offer)
	var look offerLook
	if err := json.Unmarshal(got.body, &look); err != nil {
		t.Fatal(err)
	}
	return look
}

// TestALookSaysWhatAnOfferIs: what it is of, for how much, to whom it goes and under
// which terms; and it signs, pays and keeps nothing.
func TestALookSaysWhatAnOfferIs(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	offer := g.offers(t, "1000")
	before := len(must[[]sinso.Event](t)(g.way.History(t.Context(), "", "")))
	look := g.lookAt(t, offer)
	if !look.OK || look.Why != "" || look.Offer == nil || look.Purchase != nil {
		t.Fatalf("got %+v", look)
	}
	o := look.Offer
	if o.Instances != 3 || o.Tier != "T1" || o.Price.String() != "1000" || o.Licence == nil || *o.Licence != (sinso.Terms{}).Full().Licence || o.Terms != market.LicenceText(*o.Licence) || o.Peer != g.url || o.Contracts != g.way.Chain.Contracts() {
		t.Errorf("got %+v", o)
	}
	if len(o.Split) != 1 || o.Split[0].Role != "patient" || o.Split[0].Bps != 10_000 || o.Split[0].Wei.String() != "1000" {
		t.Errorf("got split %+v", o.Split)
	}
	if look.Balance == nil || look.Balance.String() != "1000000000000000000" || look.Gas.Int().Sign() <= 0 {
		t.Errorf("got balance %v, gas %v", look.Balance, look.Gas)
	}
	if after := len(must[[]sinso.Event](t)(g.way.History(t.Context(), "", ""))); after != before {
		t.Errorf("a look wrote %d events", after-before)
	}
	if bought := g.want(t, 200, "buyer", "GET", api+"/purchases", "").items(t); len(bought) != 0 {
		t.Errorf("a look bought %v", bought)
	}
	g.want(t, 200, "buyer", "POST", api+"/purchases", offer)
	if look := g.lookAt(t, offer); !look.OK || look.Purchase == nil || look.Purchase.Step != "released" {
		t.Errorf("of what was bought here: got %+v", look)
	}
}

// TestTermsAreChosen: the offer says them to a buyer, the release to its owner; what is left
// open is as usual, and what is no purpose, use or length is refused before anything is made.
func TestTermsAreChosen(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	ask := func(want int, terms string) answered {
		return g.want(t, want, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"1000","terms":%s}`, g.study, terms))
	}
	for _, terms := range []string{
		`{"licence":{"purpose":"advertising","use":"view","days":1},"offerDays":1}`, `{"licence":{"purpose":"any","use":"resell","days":1},"offerDays":1}`,
		`{"licence":{"purpose":"any","use":"view","days":3651},"offerDays":1}`, `{"licence":{"purpose":"any","use":"view","days":-1},"offerDays":1}`,
		`{"licence":{"purpose":"any","use":"view","days":1},"offerDays":366}`, `{"licence":{"purpose":"any","use":"view","days":1.5},"offerDays":1}`,
	} {
		ask(400, terms)
	}
	made := ask(200, `{"licence":{"purpose":"teaching","use":"view","days":90},"offerDays":0}`)
	want := sinso.Terms{Licence: sinso.Licence{Purpose: sinso.PurposeTeaching, Use: sinso.UseView, Days: 90}, OfferDays: 30}
	var of asset
	if err := json.Unmarshal(made.body, &of); err != nil || of.Terms != want {
		t.Errorf("the release says %+v, %v", of.Terms, err)
	}
	look := g.lookAt(t, string(g.want(t, 200, "owner", "GET", api+"/orders/"+made.field(t, "order")+"/offer", "").body))
	if look.Offer == nil || look.Offer.Licence == nil || *look.Offer.Licence != want.Licence || look.Offer.Terms != market.LicenceText(want.Licence) {
		t.Errorf("the offer says %+v", look.Offer)
	}
}

// TestALookNamesWhatStandsInTheWay of an offer that is none, is not what it says, or
// is over. None of them is paid when it is bought all the same.
func TestALookNamesWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	good := g.offers(t, "1000")
	edit := func(change func(*sinso.Offer)) string {
		var offer sinso.Offer
		if err := json.Unmarshal([]byte(good), &offer); err != nil {
			t.Fatal(err)
		}
		change(&offer)
		return string(must[[]byte](t)(json.Marshal(offer)))
	}
	for name, tt := range map[string]struct {
		offer string
		why   way.Hindrance
	}{
		"another JSON":           {`{"hello":"world"}`, way.HinderedForm},
		"script":                 {strings.Replace(good, `"patient"`, `"<script>alert(1)</script>"`, 1), way.HinderedUnsigned},
		"a later version":        {strings.Replace(good, `"version":2`, `"version":3`, 1), way.HinderedVersion},
		"another chain":          {edit(func(o *sinso.Offer) { o.Contracts.ChainID++ }), way.HinderedContracts},
		"another price":          {edit(func(o *sinso.Offer) { o.Order.Price = sinso.NewWei(big.NewInt(1)); o.Order.Floor = o.Order.Price }), way.HinderedUnsigned},
		"other terms":            {edit(func(o *sinso.Offer) { o.Terms = "all yours" }), way.HinderedUnsigned},
		"no signature":           {edit(func(o *sinso.Offer) { o.Signature[3] ^= 1 }), way.HinderedUnsigned},
		"a seller who is silent": {edit(func(o *sinso.Offer) { o.Peer = "http://127.0.0.1:1" }), way.HinderedSilent},
	} {
		t.Run(name, func(t *testing.T) {
			look := g.lookAt(t, tt.offer)
			if look.OK || look.Why != tt.why || (look.Why == way.HinderedUnsigned) != (look.Piece != "") {
				t.Errorf("got %+v, want %s", look, tt.why)
			}
			if tt.why == way.HinderedSilent {
				return // a node that sells to itself has the payload
			}
			if got := g.do(t, "buyer", "POST", api+"/purchases", tt.offer); got.StatusCode < 400 {
				t.Errorf("it is bought all the same: %d %s", got.StatusCode, got.body)
			}
		})
	}
	g.want(t, 413, "buyer", "POST", api+"/offers/look", `{"a":"`+strings.Repeat("a", market.MaxOffer)+`"}`)
	g.want(t, 400, "buyer", "POST", api+"/offers/look", `{`)
	g.want(t, 400, "buyer", "POST", api+"/offers/look", strings.Repeat(`{"a":`, 40)+"1"+strings.Repeat("}", 40))
	g.standsInTheWay(t, good)
}

// standsInTheWay changes what the chain says of an offer.
func (g *rig) standsInTheWay(t *testing.T, offer string) {
	t.Helper()
	chain := g.way.Chain.(*simulatedChain)
	order := g.lookAt(t, offer).Offer
	say := func(change func()) way.Hindrance {
		chain.mu.Lock()
		change()
		chain.mu.Unlock()
		return g.lookAt(t, offer).Why
	}
	money := chain.money
	for name, tt := range map[string]struct {
		why  way.Hindrance
		does func()
	}{
		"no money": {way.HinderedPoor, func() { chain.money = map[sinso.Address]*big.Int{} }},
		"sold": {way.HinderedSold, func() {
			chain.trades[order.Order] = &sinso.Trade{State: sinso.TradeFilled, Fill: sinso.Fill{Buyer: sinso.Address{9}}}
		}},
		"back":     {way.HinderedWithdrawn, func() { chain.trades[order.Order] = &sinso.Trade{State: sinso.TradeCancelled} }},
		"not hers": {way.HinderedNotOwned, func() { chain.owners[order.Token] = sinso.Address{9} }},
	} {
		if why := say(tt.does); why != tt.why {
			t.Errorf("%s: got %q, want %q", name, why, tt.why)
		}
		say(func() {
			chain.money = money
			delete(chain.trades, order.Order)
			chain.owners[order.Token] = order.Seller
		})
	}
}

// TestWhatWasBoughtIsShownAndHandedOut: the attributes, each object as it can be drawn,
// and all of it as it came; who opened it is in the log.
func TestWhatWasBoughtIsShownAndHandedOut(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	path := api + "/purchases/" + sold.order
	records := g.want(t, 200, "buyer", "GET", path+"/records", "").items(t)
	if len(records) != 3 {
		t.Fatalf("got %d records", len(records))
	}
	pack := g.want(t, 200, "buyer", "GET", path+"/files", "")
	if h := pack.Header; h.Get("Content-Type") != "application/zip" || !strings.Contains(h.Get("Content-Disposition"), `attachment; filename="sinso-`) {
		t.Errorf("got %v", h)
	}
	files := must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(pack.body), int64(len(pack.body))))
	if len(files.File) != 3 || files.File[0].Name != "0001.dcm" {
		t.Fatalf("got %d files, the first is %q", len(files.File), files.File[0].Name)
	}
	for i := range records {
		shown := must[*dicom.File](t)(dicom.Read(g.want(t, 200, "buyer", "GET", fmt.Sprintf("%s/records/%d", path, i+1), "").body))
		if uid := attribute(t, records[i], "00080018"); shown.Syntax().UID != dicom.ExplicitLittleEndian || uid == "" || uid != shown.String(0x00080018) {
			t.Errorf("record %d is %q in its attributes", i+1, uid)
		}
		if attribute(t, records[i], "00120062") != "YES" {
			t.Errorf("record %d does not say that it is a copy", i+1)
		}
	}
	for _, none := range []string{"0", "4", "01", "-1", "x", "9999999999999999999"} {
		g.want(t, 404, "buyer", "GET", path+"/records/"+none, "")
	}
	g.want(t, 404, "buyer", "GET", api+"/purchases/0x"+strings.Repeat("a", 64)+"/files", "")
	opened := map[string]int{}
	for _, e := range must[[]sinso.Event](t)(g.way.History(t.Context(), "", sold.order)) {
		if e.Type == sinso.EventOpened && strings.HasPrefix(e.Actor, "buyer:") {
			var body sinso.Opened
			if err := json.Unmarshal(e.Body, &body); err != nil {
				t.Fatal(err)
			}
			opened[body.Purpose]++
		}
	}
	if opened[way.ForBought] != 4 || opened[way.ForExport] != 1 { // a list, and each record
		t.Errorf("the log has %v", opened)
	}
}

// attribute is the first value of an attribute of a record's DICOM JSON.
func attribute(t *testing.T, record map[string]any, tag string) string {
	t.Helper()
	element, _ := record["attributes"].(map[string]any)[tag].(map[string]any)
	values, _ := element["Value"].([]any)
	if len(values) == 0 {
		return ""
	}
	return fmt.Sprint(values[0])
}

// TestADamagedPurchaseIsNotHandedOutAsWhole: its ZIP file breaks off.
func TestADamagedPurchaseIsNotHandedOutAsWhole(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	var hash sinso.Hash
	if err := hash.UnmarshalText([]byte(sold.order)); err != nil {
		t.Fatal(err)
	}
	row := must[sinso.PurchaseRow](t)(g.way.Purchase(t.Context(), hash))
	bought := must[*way.Bought](t)(g.way.Bought(t.Context(), row, "test", way.ForExport))
	if err := g.way.Blobs.Delete(t.Context(), bought.CID(2)); err != nil {
		t.Fatal(err)
	}
	response, err := g.client.Do(g.request(t, "buyer", "GET", api+"/purchases/"+sold.order+"/files"))
	if err == nil {
		_, err = new(bytes.Buffer).ReadFrom(response.Body)
		_ = response.Body.Close()
	}
	if err == nil {
		t.Error("half of it looks whole")
	}
}

// TestAPurchaseThatWasCutOffGoesOn by its order alone, and nothing of it is shown before.
func TestAPurchaseThatWasCutOffGoesOn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	offer := g.offers(t, "1000")
	order := g.lookAt(t, offer).Offer.Order.String()
	path := api + "/purchases/" + order
	g.want(t, 404, "buyer", "POST", path, "")
	dead := strings.Replace(offer, g.url, "http://127.0.0.1:1", 1)
	g.want(t, 503, "buyer", "POST", api+"/purchases", dead)
	if got := g.want(t, 200, "buyer", "GET", path, ""); got.field(t, "step") != "filled" || !strings.Contains(string(got.body), `"running":false`) {
		t.Errorf("got %s", got.body)
	}
	for _, what := range []string{"/records", "/records/1", "/files"} {
		g.want(t, 503, "buyer", "GET", path+what, "")
	}
	g.want(t, 503, "buyer", "POST", path, "") // by the offer that is kept
	if look := g.lookAt(t, offer); !look.OK || look.Purchase == nil || look.Purchase.Step != "filled" {
		t.Errorf("got %+v", look)
	}
	g.want(t, 200, "buyer", "POST", api+"/purchases", offer)
	if got := g.want(t, 200, "buyer", "POST", path, ""); got.field(t, "step") != "released" {
		t.Errorf("got %s", got.body)
	}
}

// slowFill is a chain that pays an order when it is told to.
type slowFill struct {
	sinso.Chain
	reached, goOn chan struct{}
}

// Fill implements [sinso.Chain].
func (c slowFill) Fill(ctx context.Context, deal sinso.Deal, signature []byte, payer [32]byte) (sinso.Tx, error) {
	close(c.reached)
	select {
	case <-c.goOn:
		return c.Chain.Fill(ctx, deal, signature, payer)
	case <-ctx.Done():
		return sinso.Tx{}, ctx.Err()
	}
}

// TestAPurchaseGoesOnWhenItsCallerHasGone: money that is on its way is not left there
// because a page was closed, and a page that comes back sees that it is being worked on.
func TestAPurchaseGoesOnWhenItsCallerHasGone(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	offer := g.offers(t, "1000")
	chain := slowFill{g.way.Chain, make(chan struct{}), make(chan struct{})}
	g.way.Chain = chain
	ctx, leave := context.WithCancel(t.Context())
	request := must[*http.Request](t)(http.NewRequestWithContext(ctx, "POST", g.url+api+"/purchases", strings.NewReader(offer)))
	request.Header.Set("Authorization", "Bearer "+g.token["buyer"])
	request.Header.Set("Content-Type", jsonType)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if response, err := g.client.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-chain.reached
	leave()
	<-gone
	g.leftAlone(t)
	bought := func() string {
		return string(g.want(t, 200, "buyer", "GET", api+"/purchases", "").body)
	}
	if got := bought(); !strings.Contains(got, `"step":"funded","running":true`) {
		t.Errorf("got %s", got)
	}
	close(chain.goOn)
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(bought(), `"step":"released","running":false`); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not go on: %s", bought())
		}
	}
}
