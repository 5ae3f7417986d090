package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
	wire "sinso.dev/sinso/internal/wire/held"
)

// traded is what a sale left behind.
type traded struct {
	release, order, token, cid string
	offer, request             string // bodies
}

// trade sells the study of a to this node's own buyer, over HTTP.
func (g *rig) sale(t *testing.T) traded {
	t.Helper()
	asset := g.want(t, 200, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"1000"}`, g.study))
	sold := traded{
		release: asset.field(t, "id"), order: asset.field(t, "order"), token: asset.field(t, "token"), cid: asset.field(t, "manifest"),
	}
	sold.offer = string(g.want(t, 200, "owner", "GET", api+"/orders/"+sold.order+"/offer", "").body)
	bought := g.want(t, 200, "buyer", "POST", api+"/purchases", sold.offer)
	if step := bought.field(t, "step"); step != "released" {
		t.Fatalf("the purchase ended at %q", step)
	}
	sold.request = g.keyRequest(t, sold.order)
	return sold
}

// keyRequest is the buyer's signed request for the key of an order.
func (g *rig) keyRequest(t *testing.T, order string) string {
	t.Helper()
	var hash sinso.Hash
	if err := hash.UnmarshalText([]byte(order)); err != nil {
		t.Fatal(err)
	}
	row := must[sinso.PurchaseRow](t)(g.way.Purchase(t.Context(), hash))
	seed := must[sinso.CEK](t)(g.way.Keys.Unwrap(t.Context(), row.Secret, hash[:]))
	keys := must[*market.OneOrder](t)(market.NewOneOrder(seed))
	request := must[sinso.KeyRequest](t)(keys.Request(g.way.Chain.Contracts(), hash, row.Trade))
	return string(must[[]byte](t)(json.Marshal(request)))
}

// row is what one route must answer to whom.
type row struct {
	route   string // method and pattern
	path    string // the pattern filled, of a thing of person a
	missing string // the same of a thing that is not there
	body    string
	headers []string
	right   string // a role that may, "" for anybody
	wrong   int    // what the owner of another person gets: 404 if not given
	worker  int    // what the operator gets: 200 if not given
	status  int    // of the right role: 200 if not given
	own     bool   // it is about the caller's own: every role may
	local   int    // what the keeper gets: as the right role if not given
}

func (g *rig) rows(t *testing.T, sold traded) []row {
	t.Helper()
	nobody := "p_" + strings.Repeat("a", 26)
	record := string(must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))[0].ID)
	foreign := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.other))[0].ID
	study := api + "/studies/" + string(g.study)
	noStudy, noRecord := api+"/studies/s_"+strings.Repeat("a", 26), api+"/records/i_"+strings.Repeat("a", 26)
	noHash := "0x" + strings.Repeat("a", 64)
	of := func(path string) (string, string) { return path + "?person=" + string(g.a), path + "?person=" + nobody }
	studies, noStudies := of(api + "/studies")
	assets, noAssets := of(api + "/assets")
	localAssets, noLocalAssets := of(api + "/local/assets")
	localOrders, noLocalOrders := of(api + "/local/orders")
	orders, noOrders := of(api + "/orders")
	grants, noGrants := of(api + "/grants")
	imports, noImports := of(api + "/imports")
	audit, noAudit := of(api + "/audit")
	asks, noAsks := of(api + "/asks")
	noAsk := api + "/asks/r_" + strings.Repeat("a", 26)
	toOwner := api + "/asks/" + g.ask(t, "other", g.other, g.a)
	series := must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), g.study))[0].ID
	returned, noReturned := of(api + "/returned")
	reviews, noReviews := of(api + "/reviews")
	item, noItem := api+"/reviews/"+string(g.doubt(t)), api+"/reviews/v_"+strings.Repeat("a", 26)
	shares, noShares := of(api + "/shares")
	fresh, up, live := toShow(t, "fresh", []byte("a")), toShow(t, "up", []byte("b")), toShow(t, "live", []byte("c"))
	g.bring(t, up, week(), 0)
	g.share(t, live, week(), 0)
	visit := []string{"Authorization", live.proof()}
	inside := []string{"Authorization", live.proof() + "." + g.want(t, 200, "", "GET", live.link(), "", visit...).field(t, "opening")}
	noShare := api + "/shares/l_" + strings.Repeat("a", 26)
	dicom := []string{"Content-Type", "application/dicom"}
	at := []string{"Origin", g.site, "Host", strings.TrimPrefix(g.site, "http://")}
	mine, noCredential := api+"/credentials/"+g.passkey(t, "owner").id, api+"/credentials/k_"+strings.Repeat("a", 26)
	noSession := api + "/sessions/l_" + strings.Repeat("a", 26)
	const page, denied, yes, missing = "owner", 403, 200, 404
	shape := study + "/series/" + string(series) + "/model"
	noShape := noStudy + "/series/e_" + strings.Repeat("a", 26) + "/model"
	begin := []string{"Tus-Resumable", "1.0.0", "Upload-Length", "4"}
	goOn := []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", tusChunk}
	upload, noUpload := g.want(t, 201, "owner", "POST", tusPath, "", begin...).Header.Get("Location"), tusPath+"u_"+strings.Repeat("a", 26)
	heldBlock := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte("held")), Data: []byte("held")}
	held1 := must[[]byte](t)(wire.Encode([]sinso.Block{heldBlock}))
	const noPeer = 501 // the rig calls nobody
	const noFace = 404 // what it sold has none: TestFacesAreDrawnForWhoMayOpenThem
	return []row{
		{route: "GET /api/v1/session", right: page, wrong: yes, own: true},
		{route: "GET /api/v1/sessions", right: page, wrong: yes, own: true},
		{route: "POST /api/v1/session/passkey/challenge", headers: at, wrong: yes},
		{route: "POST /api/v1/session/passkey", body: `{"id":"AA==","client":"e30="}`, headers: at, wrong: denied, status: denied},
		{route: "POST /api/v1/session/phrase/challenge", headers: at, wrong: yes},
		{route: "POST /api/v1/session/phrase", body: `{"nonce":"n"}`, headers: at, wrong: denied, status: denied},
		{route: "POST /api/v1/session/wallet/challenge", body: fmt.Sprintf(`{"chainId":1,"address":%q}`, sinso.Address{1}), headers: at, wrong: yes},
		{route: "POST /api/v1/session/wallet", body: `{"message":""}`, headers: at, wrong: 400, status: 400},
		{route: "GET /api/v1/credentials", right: page, wrong: yes, own: true},
		{route: "POST /api/v1/credentials/passkey/challenge", headers: at, right: page, wrong: yes, own: true, local: denied},
		{route: "POST /api/v1/credentials/passkey", body: `{"client":"e30="}`, headers: at, right: page, wrong: denied, own: true, status: denied},
		{route: "POST /api/v1/credentials/phrase/challenge", headers: at, right: page, wrong: yes, own: true, local: denied},
		{route: "POST /api/v1/credentials/phrase", body: `{"nonce":"n"}`, headers: at, right: page, wrong: denied, own: true, status: denied},
		{route: "POST /api/v1/credentials/wallet/challenge", body: fmt.Sprintf(`{"chainId":1,"address":%q}`, sinso.Address{1}), headers: at, right: page, wrong: yes, own: true, local: denied},
		{route: "POST /api/v1/credentials/wallet", body: `{"message":""}`, headers: at, right: page, wrong: 400, own: true, status: 400, local: denied},
		{route: "GET /api/v1/credentials/{credential}", path: mine, missing: noCredential, right: page, worker: missing},
		{route: "POST /api/v1/credentials/{credential}", path: mine, missing: noCredential, body: `{"label":"laptop"}`, right: page, worker: missing},
		{route: "DELETE /api/v1/sessions/{session}", path: noSession, missing: noSession, right: page, worker: missing, own: true, status: missing},
		{route: "POST /api/v1/session", body: fmt.Sprintf(`{"token":%q}`, g.token["owner"]), headers: []string{"Origin", g.url}, wrong: yes},
		{route: "GET /api/v1/persons", right: page, wrong: yes},
		{route: "GET /api/v1/studies", path: studies, missing: noStudies, right: page},
		{route: "GET /api/v1/studies/{study}", path: study, missing: noStudy, right: page},
		{route: "GET /api/v1/studies/{study}/records", path: study + "/records", missing: noStudy + "/records", right: page},
		{route: "GET /api/v1/studies/{study}/thumbnail", path: study + "/thumbnail", missing: noStudy + "/thumbnail", right: page, worker: denied},
		{route: "GET /api/v1/studies/{study}/way", path: study + "/way", missing: noStudy + "/way", right: page, worker: denied},
		{route: "GET /api/v1/studies/{study}/quality", path: study + "/quality", missing: noStudy + "/quality", right: page, worker: denied},
		{route: "GET /api/v1/studies/{study}/risk", path: study + "/risk", missing: noStudy + "/risk", right: page, worker: denied},
		{route: "POST /api/v1/studies/{study}/reports", path: study + "/reports", missing: noStudy + "/reports", body: `{"marks":[]}`, right: page, worker: denied},
		{route: "POST /api/v1/studies/{study}/keyimages", path: study + "/keyimages", missing: noStudy + "/keyimages", body: fmt.Sprintf(`{"images":[{"image":%q}]}`, g.imaged(t, g.study)), right: page, worker: denied},
		{route: "GET /api/v1/records/{record}", path: api + "/records/" + record, missing: noRecord, right: page},
		{route: "GET /api/v1/records/{record}/file", path: api + "/records/" + record + "/file", missing: noRecord + "/file", right: page, worker: denied},
		{route: "GET /api/v1/records/{record}/thumbnail", path: api + "/records/" + record + "/thumbnail?size=64", missing: noRecord + "/thumbnail", right: page, worker: denied},
		{route: "GET /api/v1/records/{record}/preview", path: api + "/records/" + record + "/preview", missing: noRecord + "/preview", right: page, worker: denied},
		{route: "GET /api/v1/records/{record}/preview/picture", path: api + "/records/" + record + "/preview/picture?side=after", missing: noRecord + "/preview/picture?side=after", right: page, worker: denied},
		{route: "POST /api/v1/imports", path: imports, missing: noImports, body: string(drawn(t, 9, 1)[0]), headers: dicom, right: page},
		{route: "GET /api/v1/quarantine", right: "operator", wrong: denied},
		{route: "POST /api/v1/quarantine/{cid}/retry", path: api + "/quarantine/" + sold.cid + "/retry", body: "{}", right: "operator", wrong: denied, status: 404},
		{route: "GET /api/v1/returned", path: returned, missing: noReturned, right: page, worker: denied},
		{route: "GET /api/v1/audit", path: audit, missing: noAudit, right: page, worker: denied},
		{route: "GET /api/v1/assets", path: assets, missing: noAssets, right: page},
		{route: "POST /api/v1/assets", body: fmt.Sprintf(`{"study":%q,"priceWei":"1"}`, g.study), right: page, worker: denied},
		{route: "GET /api/v1/assets/{release}", path: api + "/assets/" + sold.release, missing: api + "/assets/r_" + strings.Repeat("a", 26), right: page},
		{route: "DELETE /api/v1/assets/{release}", path: api + "/assets/" + sold.release, missing: api + "/assets/r_" + strings.Repeat("a", 26), right: page, worker: denied, status: 409}, // it is registered
		{route: "POST /api/v1/assets/{release}/mint", path: api + "/assets/" + sold.release + "/mint", missing: api + "/assets/r_" + strings.Repeat("a", 26) + "/mint", body: `{"dryRun":false}`, right: page, worker: denied},
		{route: "POST /api/v1/assets/{release}/version", path: api + "/assets/" + sold.release + "/version", missing: api + "/assets/r_" + strings.Repeat("a", 26) + "/version", body: `{"dryRun":true}`, right: page, worker: denied, status: 503},
		{route: "GET /api/v1/assets/{release}/quality", path: api + "/assets/" + sold.release + "/quality", missing: api + "/assets/r_" + strings.Repeat("a", 26) + "/quality", right: page},
		{route: "POST /api/v1/assets/{release}/faces", path: api + "/assets/" + sold.release + "/faces", missing: api + "/assets/r_" + strings.Repeat("a", 26) + "/faces", body: `{"series":"e_"}`, right: page, worker: denied, status: noFace},
		{route: "GET /api/v1/asks", path: asks, missing: noAsks, right: page, worker: denied},
		{route: "POST /api/v1/asks/{release}", path: toOwner, missing: noAsk, body: `{"accept":false}`, right: page, worker: denied},
		{route: "GET /api/v1/orders", path: orders, missing: noOrders, right: page},
		{route: "POST /api/v1/orders", body: fmt.Sprintf(`{"release":%q,"priceWei":"1","dryRun":true}`, sold.release), right: page, worker: denied},
		{route: "GET /api/v1/orders/{order}", path: api + "/orders/" + sold.order, missing: api + "/orders/" + noHash, right: page},
		{route: "GET /api/v1/orders/{order}/offer", path: api + "/orders/" + sold.order + "/offer", missing: api + "/orders/" + noHash + "/offer", right: page},
		{route: "GET /api/v1/orders/{order}/licence", path: api + "/orders/" + sold.order + "/licence", missing: api + "/orders/" + noHash + "/licence", right: page},
		{route: "POST /api/v1/orders/{order}/key", path: api + "/orders/" + sold.order + "/key", body: sold.request, wrong: yes},
		{route: "GET /api/v1/grants", path: grants, missing: noGrants, right: page},
		{route: "GET /api/v1/licences", right: "buyer", wrong: denied, worker: denied, status: 503}, // the rig's chain does no deeds
		{route: "GET /api/v1/licences/{licence}", path: api + "/licences/" + noHash, right: "buyer", wrong: denied, worker: denied, status: 503},
		{route: "POST /api/v1/licences/{licence}/pass", path: api + "/licences/" + noHash + "/pass", body: `{"to":"0x0000000000000000000000000000000000000001"}`, right: "buyer", wrong: denied, worker: denied, status: 503},
		{route: "GET /api/v1/purchases", right: "buyer", wrong: denied, worker: denied},
		{route: "POST /api/v1/purchases", body: sold.offer, right: "buyer", wrong: denied, worker: denied},
		{route: "GET /api/v1/purchases/{order}", path: api + "/purchases/" + sold.order, right: "buyer", wrong: denied, worker: denied},
		{route: "POST /api/v1/purchases/{order}", path: api + "/purchases/" + sold.order, right: "buyer", wrong: denied, worker: denied},
		{route: "POST /api/v1/requests/{request}/purchases", path: api + "/requests/" + noHash + "/purchases", body: sold.offer, right: "buyer", wrong: denied, worker: denied, status: 503}, // the rig's chain does no deeds
		{route: "POST /api/v1/payments", body: sold.offer, right: "buyer", wrong: denied, worker: denied, status: 409},                                                                       // it is paid
		{route: "POST /api/v1/purchases/{order}/payment", path: api + "/purchases/" + sold.order + "/payment", right: "buyer", wrong: denied, worker: denied, status: 409},                   // the same
		{route: "GET /api/v1/purchases/{order}/payment", path: api + "/purchases/" + sold.order + "/payment", right: "buyer", wrong: denied, worker: denied},
		{route: "POST /api/v1/purchases/{order}/payment/sent", path: api + "/purchases/" + sold.order + "/payment/sent", body: `{"tx":"` + sold.order + `"}`, right: "buyer", wrong: denied, worker: denied, status: 409}, // it is paid
		{route: "DELETE /api/v1/purchases/{order}/payment", path: api + "/purchases/" + sold.order + "/payment", right: "buyer", wrong: denied, worker: denied},
		{route: "GET /api/v1/purchases/{order}/licence", path: api + "/purchases/" + sold.order + "/licence", right: "buyer", wrong: denied, worker: denied},
		{route: "GET /api/v1/purchases/{order}/records", path: api + "/purchases/" + sold.order + "/records", right: "buyer", wrong: denied, worker: denied},
		{route: "GET /api/v1/purchases/{order}/records/{number}", path: api + "/purchases/" + sold.order + "/records/1", right: "buyer", wrong: denied, worker: denied},
		{route: "GET /api/v1/purchases/{order}/files", path: api + "/purchases/" + sold.order + "/files", right: "buyer", wrong: denied, worker: denied},
		{route: "POST /api/v1/offers/look", body: sold.offer, right: "buyer", wrong: denied, worker: denied},
		{route: "GET /api/v1/tokens/{token}/verification", path: api + "/tokens/" + sold.token + "/verification", missing: api + "/tokens/" + noHash + "/verification", right: page},
		{route: "GET /api/v1/studies/{study}/series/{series}/model", path: shape + "?kind=skin", missing: noShape, right: page, worker: denied},
		{route: "GET /api/v1/studies/{study}/series/{series}/segmentations", path: strings.TrimSuffix(shape, "/model") + "/segmentations", missing: strings.TrimSuffix(noShape, "/model") + "/segmentations", right: page, worker: denied},
		{route: "GET /api/v1/studies/{study}/series/{series}/model/measure", path: shape + "/measure?kind=skin", missing: noShape + "/measure", right: page, worker: denied},
		{route: "GET /api/v1/reviews", path: reviews, missing: noReviews, right: page, worker: denied},
		{route: "GET /api/v1/reviews/estimate", right: "clinician", wrong: denied, worker: denied},
		{route: "GET /api/v1/reviews/{review}", path: item, missing: noItem, right: page, worker: denied},
		{route: "GET /api/v1/reviews/{review}/picture", path: item + "/picture?of=after", missing: noItem + "/picture?of=after", right: page, worker: denied},
		{route: "POST /api/v1/reviews/{review}/decisions", path: item + "/decisions", missing: noItem + "/decisions", body: `{"decision":"approve"}`, right: page, worker: denied},
		{route: "GET /api/v1/templates", right: "clinician", wrong: denied},
		{route: "POST /api/v1/templates", body: someTemplate, right: "clinician", wrong: denied},
		{route: "GET /api/v1/templates/export", right: "clinician", wrong: denied},
		{route: "POST /api/v1/templates/import", body: g.templateFile(t), right: "clinician", wrong: denied},
		{route: "DELETE /api/v1/templates/{template}", path: api + "/templates/" + g.template(t), right: "clinician", wrong: denied},
		{route: "GET /api/v1/shares", path: shares, missing: noShares, right: page, worker: denied},
		{route: "POST /api/v1/shares", body: fresh.plan(g.study, week(), 0), right: page, worker: denied},
		{route: "PUT /api/v1/shares/{share}/parts/{part}", path: up.path() + "/parts/0", missing: noShare + "/parts/0", body: string(up.parts[0]), right: page, worker: denied, status: 204},
		{route: "HEAD /api/v1/shares/{share}/parts/{part}", path: up.path() + "/parts/1", missing: noShare + "/parts/1", right: page, worker: denied, status: 204},
		{route: "POST /api/v1/shares/{share}/complete", path: up.path() + "/complete", missing: noShare + "/complete", right: page, worker: denied},
		{route: "GET /api/v1/shares/{share}/receipt", path: up.path() + "/receipt", missing: noShare + "/receipt", right: page, worker: denied},
		{route: "DELETE /api/v1/shares/{share}", path: up.path(), missing: noShare, right: page, worker: denied},
		{route: "GET /api/v1/shared/{share}", path: live.link(), headers: visit, wrong: yes},
		{route: "GET /api/v1/shared/{share}/parts/{part}", path: live.link() + "/parts/0", headers: inside, wrong: yes},
		{route: "GET /api/v1/uploads", right: page, wrong: yes},
		{route: "GET /api/v1/uploads/summary", right: page, wrong: yes},
		{route: "GET /api/v1/uploads/patients", right: page, wrong: yes},
		{route: "POST /api/v1/uploads/patients", body: fmt.Sprintf(`{"patient":%q,"as":"unknown"}`, g.asking(t)), right: page, worker: 404, local: 404},
		{route: "GET /api/v1/uploads/patients/{patient}/thumbnail", path: api + "/uploads/patients/" + g.askingPicture(t) + "/thumbnail", missing: api + "/uploads/patients/q_nothing/thumbnail", right: page, worker: denied, local: 404},
		{route: "OPTIONS /api/v1/uploads", right: page, wrong: 204, status: 204},
		{route: "OPTIONS /api/v1/uploads/", right: page, wrong: 204, status: 204},
		{route: "POST /api/v1/uploads", headers: begin, right: page, wrong: 201, status: 201},
		{route: "POST /api/v1/uploads/", headers: begin, right: page, wrong: 201, status: 201},
		{route: "GET /api/v1/room", right: page, wrong: yes},
		{route: "GET /api/v1/uploads/{upload}", path: upload, missing: noUpload, right: page, worker: 404, local: 404},
		{route: "HEAD /api/v1/uploads/{upload}", path: upload, missing: noUpload, right: page, worker: 404, local: 404},
		{route: "PATCH /api/v1/uploads/{upload}", path: upload, missing: noUpload, headers: goOn, right: page, worker: 404, local: 404, status: 204},
		{route: "POST /api/v1/uploads/{upload}/retry", path: upload + "/retry", missing: noUpload + "/retry", right: page, worker: 404, local: 404, status: 409},                                                                                               // it has not failed
		{route: "POST /api/v1/local/uploads/{upload}/retry", path: api + "/local/uploads/" + strings.TrimPrefix(upload, tusPath) + "/retry", missing: api + "/local/uploads/" + strings.TrimPrefix(noUpload, tusPath) + "/retry", right: "local", status: 409}, // it is not whole
		{route: "DELETE /api/v1/uploads/{upload}", path: upload, missing: noUpload, headers: goOn, right: page, worker: 404, local: 404, status: 204},
		{route: "GET /api/v1/local/swarm", right: "local", status: 404}, // the rig is in none
		{route: "POST /api/v1/local/tokens", body: `{"role":"buyer","expires":60}`, right: "local"},
		{route: "POST /api/v1/local/imports", body: fmt.Sprintf(`{"paths":[%q]}`, t.TempDir()), right: "local"},
		{route: "GET /api/v1/local/uploads", right: "local"},
		{route: "POST /api/v1/local/keys/shares", body: `{"threshold":2,"guardians":[]}`, right: "local", status: noPeer}, // the rig has no root key
		{route: "GET /api/v1/local/peers", right: "local"},
		{route: "POST /api/v1/local/peers", body: `{"title":"SCANNER","host":"127.0.0.1"}`, right: "local"},
		{route: "POST /api/v1/local/peers/{aet}/echo", path: api + "/local/peers/SCANNER/echo", body: `{}`, right: "local", status: noPeer},
		{route: "POST /api/v1/local/peers/{aet}/find", path: api + "/local/peers/SCANNER/find", body: `{"level":"study"}`, right: "local", status: noPeer},
		{route: "POST /api/v1/local/peers/{aet}/send", path: api + "/local/peers/SCANNER/send", body: fmt.Sprintf(`{"ids":[%q]}`, g.study), right: "local", status: noPeer},
		{route: "POST /api/v1/local/peers/{aet}/pull", path: api + "/local/peers/SCANNER/pull", body: `{"studies":["1.2.3"]}`, right: "local", status: noPeer},
		{route: "DELETE /api/v1/local/peers/{aet}", path: api + "/local/peers/SCANNER", missing: api + "/local/peers/NOBODY", right: "local"},
		{route: "GET /api/v1/local/warnings", right: "local"},
		{route: "GET /api/v1/acts", right: page, wrong: yes, own: true},
		{route: "POST /api/v1/acts/{noun}/{verb}", path: api + "/acts/dac/delegate", body: `{"given":{}}`, right: page, wrong: denied, own: true, status: denied},
		{route: "GET /api/v1/local/assets", path: localAssets, missing: noLocalAssets, right: "local"},
		{route: "POST /api/v1/local/assets", body: fmt.Sprintf(`{"study":%q,"priceWei":"1000","terms":{}}`, g.study), right: "local"},
		{route: "POST /api/v1/local/assets/{release}/mint", path: api + "/local/assets/" + sold.release + "/mint", missing: api + "/local/assets/r_" + strings.Repeat("a", 26) + "/mint", body: `{"dryRun":false}`, right: "local"},                    // it is there
		{route: "POST /api/v1/local/assets/{release}/trace", path: api + "/local/assets/" + sold.release + "/trace", missing: api + "/local/assets/r_" + strings.Repeat("a", 26) + "/trace", body: `{"uid":"1.2.3"}`, right: "local", status: missing}, // it has no such UID
		{route: "GET /api/v1/local/orders", path: localOrders, missing: noLocalOrders, right: "local"},
		{route: "POST /api/v1/local/purchases", body: fmt.Sprintf(`{"offer":%s}`, sold.offer), right: "local"}, // it is bought
		{route: "POST /api/v1/local/purchases/{order}/key", path: api + "/local/purchases/" + sold.order + "/key", missing: api + "/local/purchases/" + noHash + "/key", right: "local"},
		{route: "POST /api/v1/local/requests/{request}/answers", path: api + "/local/requests/" + noHash + "/answers", body: fmt.Sprintf(`{"release":%q}`, sold.release), right: "local", status: 503}, // the rig's chain does no deeds
		{route: "POST /api/v1/local/orders", body: fmt.Sprintf(`{"release":%q,"priceWei":"1","dryRun":true}`, sold.release), right: "local"},
		{route: "POST /api/v1/local/orders/{order}/cancel", path: api + "/local/orders/" + sold.order + "/cancel", missing: api + "/local/orders/" + noHash + "/cancel", body: `{"dryRun":true}`, right: "local", status: 403}, // it is sold
		{route: "POST /api/v1/local/acts/{noun}/{verb}", path: api + "/local/acts/dac/delegate", missing: api + "/local/acts/dac/none", body: `{"given":{},"dryRun":true}`, right: "local", status: 503},                       // the rig's chain does none
		{route: "GET /api/v1/local/chain", right: "local", status: 404},                                                                                                                                                        // the rig has none
		{route: "GET /api/v1/local/replicas", right: "local", status: noPeer},
		{route: "POST /api/v1/local/replicas", body: `{"name":"clinic","url":"https://clinic.example","token":"sinso_a"}`, right: "local", status: noPeer},
		{route: "DELETE /api/v1/local/replicas/{name}", path: api + "/local/replicas/clinic", right: "local", status: noPeer},
		{route: "GET /api/v1/local/held", right: "local"},
		{route: "POST /api/v1/local/held", body: `{"name":"clinic","quotaBytes":1048576}`, right: "local"},
		{route: "DELETE /api/v1/local/held/{name}", path: api + "/local/held/clinic", right: "local"},
		{route: "GET /api/v1/held/blocks", right: "guest"},
		{route: "POST /api/v1/held/blocks", body: string(held1), right: "guest"},
		{route: "GET /api/v1/held/blocks/{cid}", path: api + "/held/blocks/" + string(heldBlock.CID), right: "guest"},
		{route: "POST /api/v1/held/presence", body: fmt.Sprintf(`{"cids":[%q]}`, heldBlock.CID), right: "guest"},
		{route: "POST /api/v1/held/proofs", body: fmt.Sprintf(`{"nonce":"AAAAAAAAAAAAAAAAAAAAAA==","cids":[%q]}`, heldBlock.CID), right: "guest"},
		{route: "PUT /api/v1/held/names/{name}", path: api + "/held/names/a", body: fmt.Sprintf(`{"cid":%q}`, heldBlock.CID), right: "guest"},
		{route: "GET /api/v1/held/names/{name}", path: api + "/held/names/a", right: "guest"},
		{route: "POST /api/v1/held/deletions", body: fmt.Sprintf(`{"cids":[%q]}`, heldBlock.CID), right: "guest"},
		{route: "POST /api/v1/held/reclaims", right: "guest"},
		{route: "GET /healthz", wrong: yes},
		{route: "GET /readyz", wrong: yes},
		{route: "GET /api/openapi.json", wrong: yes},
		{route: "GET /ipfs/{cid}", path: "/ipfs/" + sold.cid + "?format=raw", wrong: yes},
		{route: "GET /ipfs/{cid}", path: "/ipfs/" + sold.cid + "?format=car", wrong: yes},
		{route: "HEAD /ipfs/{cid}", path: "/ipfs/" + sold.cid + "?format=raw", wrong: yes},
		{route: "GET /*", path: "/", wrong: yes},
		{route: "HEAD /*", path: "/", wrong: yes},
		// Last: what ends something.
		{route: "DELETE /api/v1/credentials/{credential}", path: mine, missing: noCredential, right: page, worker: missing, status: 204, local: missing},
		{route: "GET /api/v1/local/rejections", right: "local"},
		{route: "POST /api/v1/local/rejections", body: fmt.Sprintf(`{"study":%q}`, g.other), right: "local"},
		{route: "POST /api/v1/local/restorations", body: fmt.Sprintf(`{"instances":[%q]}`, foreign), right: "local"},
		{route: "POST /api/v1/local/moves", body: fmt.Sprintf(`{"study":%q,"person":%q}`, g.other, g.a), right: "local"},
		{route: "POST /api/v1/local/merges", body: fmt.Sprintf(`{"from":%q,"into":%q}`, g.b, g.a), right: "local"},
		{route: "DELETE /api/v1/orders/{order}", path: api + "/orders/" + sold.order, missing: api + "/orders/" + noHash, right: page, worker: denied, status: denied}, // its only copy is sold
		{route: "DELETE /api/v1/grants/{order}", path: api + "/grants/" + sold.order, missing: api + "/grants/" + noHash, right: page, worker: denied},
		{route: "GET /api/v1/local/erasures", right: "local"},
		{route: "GET /api/v1/local/holds", right: "local"},
		{route: "POST /api/v1/local/holds", body: fmt.Sprintf(`{"what":%q,"reason":"court"}`, g.study), right: "local"},
		{route: "DELETE /api/v1/local/holds/{what}", path: api + "/local/holds/" + string(g.study), missing: api + "/local/holds/s_none", right: "local"},
		{route: "POST /api/v1/local/backups", body: `{"to":"pack:/none"}`, right: "local", status: 501},
		{route: "POST /api/v1/local/prunes", body: `{}`, right: "local"},
		{route: "POST /api/v1/studies/{study}/erasure", path: study + "/erasure", missing: noStudy + "/erasure", body: `{"leaveMoney":true}`, right: page, worker: denied, local: missing},
		{route: "DELETE /api/v1/sessions", right: page, wrong: yes, own: true},
		{route: "DELETE /api/v1/session", headers: []string{"Origin", g.url}, right: page, wrong: 204, worker: 204, status: 204, own: true, local: denied},
		{route: "POST /api/v1/local/erasures", body: fmt.Sprintf(`{"id":%q}`, g.other), right: "local"},
	}
}

// TestEveryRouteAsksWhoAndWhose holds each route of the door against the rule
// book: nobody without a token, nothing of another person, no deed beyond a role.
// A route without a row fails.
func TestEveryRouteAsksWhoAndWhose(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	rows := g.rows(t, g.sale(t))
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row.route] = true
		t.Run(row.route, func(t *testing.T) { g.check(t, row) })
	}
	for _, route := range routesOf(t, g.Server) {
		if !seen[route] {
			t.Errorf("route %s has no row in the table", route)
		}
		delete(seen, route)
	}
	if len(seen) > 0 {
		t.Errorf("rows without a route: %v", seen)
	}
}

func routesOf(t *testing.T, s *Server) []string {
	t.Helper()
	var routes []string
	router := s.router(true)
	err := chi.Walk(router, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, method+" "+pattern)
		return nil
	})
	if err != nil || len(routes) == 0 {
		t.Fatalf("%d routes, %v", len(routes), err)
	}
	return routes
}

func (g *rig) check(t *testing.T, row row) {
	method, pattern, _ := strings.Cut(row.route, " ")
	if row.path == "" {
		row.path = pattern
	}
	ask := func(role, path string, want int) answered {
		t.Helper()
		got := g.do(t, role, method, path, row.body, row.headers...)
		if got.StatusCode != want {
			t.Errorf("%s as %q: got %d %.200s, want %d", method, role, got.StatusCode, got.body, want)
		}
		if want >= 400 && method != "HEAD" && got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("as %q: the refusal is %q, no problem", role, got.Header.Get("Content-Type"))
		}
		return got
	}
	// stranger is one whose token another door knows: who shows many such is slowed down.
	stranger := func(role string) {
		t.Helper()
		if got := g.do(t, role, method, row.path, row.body, row.headers...); got.StatusCode != 401 && got.StatusCode != 429 {
			t.Errorf("%s as %q: got %d %.200s, want 401 or 429", method, role, got.StatusCode, got.body)
		}
	}
	or := func(status, otherwise int) int {
		if status == 0 {
			return otherwise
		}
		return status
	}
	right := or(row.status, 200)
	if row.right == "local" { // elsewhere there is no such route
		for _, role := range []string{"", "owner", "operator", "auditor"} {
			ask(role, row.path, 404)
		}
		ask("local", row.path, right)
		return
	}
	if row.right == "guest" { // nobody else's token is known there
		ask("", row.path, 401)
		for _, role := range []string{"owner", "operator", "member"} {
			stranger(role)
		}
		ask("local", row.path, 404)
		ask("guest", row.path, right)
		return
	}
	if row.right != "" {
		ask("", row.path, 401)
		stranger("guest")
		ask("member", row.path, map[bool]int{true: right, false: g.member(row)}[row.own])
	}
	foreign := ask("other", row.path, or(row.wrong, 404))
	if row.missing != "" {
		missing := ask("owner", row.missing, 404)
		if string(missing.body) != string(foreign.body) {
			t.Errorf("what is another's and what is not there are told apart:\n%s%s", foreign.body, missing.body)
		}
	}
	ask("operator", row.path, or(row.worker, right))
	ask(row.right, row.path, right)
	if row.right != "" {
		ask("local", row.path, or(row.local, right))
	}
}

// member is what a token without rights on this node's data gets.
func (g *rig) member(row row) int {
	for _, deed := range []string{"purchases", "payments", "licences", "offers/", "quarantine", "templates"} {
		if strings.Contains(row.route, deed) {
			return 403
		}
	}
	return 404
}

// TestBodiesAreDescribedWhole: the describer does not look into an embedded struct that
// is not exported, so a body has none.
func TestBodiesAreDescribedWhole(t *testing.T) {
	t.Parallel()
	for _, rt := range newRig(t).routes() {
		for _, body := range []reflect.Type{rt.in, rt.out} {
			if body == nil || body.Kind() != reflect.Struct {
				continue
			}
			for _, field := range reflect.VisibleFields(body) {
				if field.Anonymous && !field.IsExported() {
					t.Errorf("%s: %s embeds %s", rt.name, body, field.Name)
				}
			}
		}
	}
}

// TestDescriptionHasEveryRoute reads the OpenAPI description as a client's
// generator does: every route is in it, and every reference leads somewhere.
func TestDescriptionHasEveryRoute(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	raw := g.want(t, 200, "", "GET", openAPI, "").body
	var doc struct {
		OpenAPI    string `json:"openapi"`
		Paths      map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(raw, &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Fatalf("openapi %q, %v", doc.OpenAPI, err)
	}
	for _, route := range routesOf(t, g.Server) {
		method, pattern, _ := strings.Cut(route, " ")
		if pattern == pagePattern {
			continue // files
		}
		if doc.Paths[pattern][strings.ToLower(method)] == nil {
			t.Errorf("%s is not described", route)
		}
	}
	for i, part := range strings.Split(string(raw), `"$ref":"`+schemas)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if doc.Components.Schemas[name] == nil {
			t.Errorf("reference %d leads to no schema %q", i, name)
		}
	}
	if bad := []string{"unpkg", "cdn", "http://", "https://"}; slices.ContainsFunc(bad, func(s string) bool { return strings.Contains(string(raw), s) }) {
		t.Errorf("the description names another host")
	}
}
