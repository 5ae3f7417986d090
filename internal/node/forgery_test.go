package node

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/stage/vault"
	"sinso.dev/sinso/internal/way"
)

// forgery is a release that a seller made up from a true one: it signs what a seller
// signs, and has no hand in what the institution signed, unless it signs again.
type forgery struct {
	*deal
	objects  [][]byte // plain: the derivatives, then the works
	bundle   attest.Bundle
	manifest func(*sinso.Manifest) // changes it before it is sealed
	fields   attest.Fields         // all but payload, evidence and key commitment
	quality  *sinso.Quality        // that the manifest holds
	event    sinso.Event           // that the log shows as the release
	roles    []string
	blocks   []sinso.Block
}

// opened is a plain object of the seller's.
func (d *deal) opened(root sinso.CID, key sinso.CEK) []byte {
	d.t.Helper()
	envelope, err := vault.New(d.town.seller.Blobs).Get(d.t.Context(), root)
	if err == nil {
		envelope, err = seal.Open(key, envelope)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return envelope
}

// forge starts from the true release.
func (d *deal) forge() *forgery {
	d.t.Helper()
	f := &forgery{deal: d, manifest: func(*sinso.Manifest) {}, roles: slices.Clone(d.row.Roles)}
	var manifest sinso.Manifest
	if err := json.Unmarshal(d.opened(d.row.Manifest, d.key), &manifest); err != nil {
		d.t.Fatal(err)
	}
	f.quality = manifest.Quality
	for _, object := range manifest.Objects {
		f.objects = append(f.objects, d.opened(object.CID, sinso.CEK(object.Key)))
	}
	var err error
	if f.bundle, err = attest.Decode(d.opened(manifest.Evidence.CID, sinso.CEK(manifest.Evidence.Key))); err != nil {
		d.t.Fatal(err)
	}
	if f.fields, err = attest.OpenCommitment(d.row.Opening, d.row.Asset.Commitment); err != nil {
		d.t.Fatal(err)
	}
	f.event = sinso.Event{Type: sinso.EventReleased, Origin: f.fields.Origin}
	return f
}

// signAgain lets the institution sign the bundle as it now is: a hostile one.
func (f *forgery) signAgain(works []attest.Work, proofs []attest.NamedProof) {
	f.t.Helper()
	seed, err := f.town.seller.keys.Secret(f.t.Context(), sinso.KeyInstitution, way.SigningPurpose)
	if err == nil {
		f.bundle, err = attest.NewBundle(attest.Release{
			Origin: f.fields.Origin, Profile: f.fields.Profile, Nonce: [32]byte{4},
			Evidence: f.bundle.Evidence, Withheld: f.bundle.Withheld, Works: works, Proofs: proofs,
		}, seed)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *forgery) sealed(plain []byte) sinso.ManifestObject {
	f.t.Helper()
	sealed, key, err := seal.New(f.town.seller.keys, rand.Reader).SealFor(f.t.Context(), f.secret, sinso.NewHashed(plain))
	if err != nil {
		f.t.Fatal(err)
	}
	f.blocks = append(f.blocks, sealed.Blocks...)
	return sinso.ManifestObject{Role: "derivative", CID: sealed.CID, Size: int64(len(plain)), Key: key[:]}
}

// proven logs the event in a log under the institution's key.
func (f *forgery) proven() sinso.Proof {
	f.t.Helper()
	ctx := f.t.Context()
	journal, err := pack.Open(f.t.TempDir(), pack.Options{})
	if err != nil {
		f.t.Fatal(err)
	}
	defer journal.Close() //nolint:errcheck // it is a test's
	seed, err := f.town.seller.keys.Secret(ctx, sinso.KeyInstitution, way.SigningPurpose)
	if err != nil {
		f.t.Fatal(err)
	}
	log, err := tlog.Open(ctx, journal, tlog.Config{Key: [32]byte{1}, Keys: f.town.seller.keys, Sign: seed, Rand: rand.Reader, Clock: f.clock})
	if err == nil {
		_, err = log.Append(ctx, nil, sinso.Event{Type: sinso.EventOpened, Body: []byte("{}")}, f.event)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	proof, err := log.Prove(ctx, 1)
	if err != nil {
		f.t.Fatal(err)
	}
	return proof
}

// offered seals and signs all of it again, as a seller can, and returns the offer
// and the key.
func (f *forgery) offered() (sinso.Offer, sinso.CEK) {
	f.t.Helper()
	ctx, n := f.t.Context(), f.town.seller
	check := func(err error) {
		f.t.Helper()
		if err != nil {
			f.t.Fatal(err)
		}
	}
	manifest := sinso.Manifest{Version: sinso.ManifestVersion, Quality: f.quality}
	for i, plain := range f.objects {
		object := f.sealed(plain)
		if i >= len(f.objects)-1 {
			object.Role = "work"
		}
		manifest.Objects = append(manifest.Objects, object)
	}
	encoded, err := f.bundle.Encode()
	check(err)
	evidence := f.sealed(encoded)
	manifest.Evidence = &evidence
	f.manifest(&manifest)
	plain, err := json.Marshal(manifest)
	check(err)
	object := f.sealed(plain)
	key := sinso.CEK(object.Key)
	f.fields.Payload = object.CID
	if f.fields.Evidence == f.trueEvidence() {
		f.fields.Evidence = f.bundle.Signed.Hash()
	}
	commitment, opening, err := attest.Commit(f.secret, f.fields, key)
	check(err)
	author, err := n.keys.Secret(ctx, sinso.PersonKey(f.row.Author.Person), "author")
	check(err)
	asset, err := register.Compose(n.Chain.Contracts(), commitment, f.seller, register.Party{Secret: author, Bps: f.row.Author.Bps})
	check(err)
	token, err := register.Check(n.Chain.Contracts(), asset)
	check(err)
	if f.event.Public == nil {
		f.event.Public = []byte(`{"commitment":"` + commitment.String() + `"}`)
	}
	order, err := market.NewOrder(asset.Creator, token, testPrice, object.CID, key, sinso.Terms{}.Full(), f.clock.Now())
	check(err)
	offer := sinso.Offer{
		Version: market.OfferVersion, Order: order, Asset: asset, Roles: f.roles, Payload: object.CID, Contracts: n.Chain.Contracts(),
		Institution: n.InstitutionKey(), Origin: f.fields.Origin, Opening: opening, Proof: f.proven(), Peer: n.Config.URL, Terms: market.LicenceText(sinso.Terms{}.Full().Licence),
	}
	_, err = market.Sign(&offer, f.seller)
	check(err)
	return offer, key
}

func (f *forgery) trueEvidence() sinso.Hash {
	fields, err := attest.OpenCommitment(f.row.Opening, f.row.Asset.Commitment)
	if err != nil {
		f.t.Fatal(err)
	}
	return fields.Evidence
}

// held puts an offer and its blocks into the buyer's node as a finished purchase,
// and verifies it.
func (f *forgery) held(offer sinso.Offer, key sinso.CEK) (Verification, error) {
	f.t.Helper()
	ctx, n := f.t.Context(), f.buyer
	encoded, err := json.Marshal(offer)
	if err != nil {
		f.t.Fatal(err)
	}
	hash, err := market.OrderHash(offer.Contracts, offer.Order)
	if err != nil {
		f.t.Fatal(err)
	}
	wrapped, err := n.keys.Wrap(ctx, sinso.KeyNode, key, []byte(offer.Payload))
	if err != nil {
		f.t.Fatal(err)
	}
	if err := n.pack.Put(ctx, f.blocks...); err != nil {
		f.t.Fatal(err)
	}
	if err := n.meta.Tx(ctx, func(tx sinso.MetaTx) error {
		return tx.SavePurchase(sinso.PurchaseRow{Order: hash, Token: offer.Order.Token, Step: "released", Offer: encoded, Key: wrapped})
	}); err != nil {
		f.t.Fatal(err)
	}
	return n.Verify(ctx, offer.Order.Token)
}

// forgeries are all the ways to change a release, with the piece that tells.
func forgeries(other *forgery) map[string]struct {
	change func(*forgery)
	piece  string
} {
	type way = struct {
		change func(*forgery)
		piece  string
	}
	flip := func(b []byte, at int) { b[(at+len(b))%len(b)] ^= 1 }
	object := func(change func([]sinso.ManifestObject)) func(*forgery) {
		return func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) { change(m.Objects) }
		}
	}
	ways := map[string]way{
		"statement":           {func(f *forgery) { flip(f.bundle.Signed.Statement, 40) }, "evidence: attest: statement signature"},
		"statement signature": {func(f *forgery) { flip(f.bundle.Signed.Signature[:], 9) }, "evidence: attest: statement signature"},
		"root":                {func(f *forgery) { flip(f.bundle.Evidence[1].Root[:], 0) }, "evidence: attest: instance 1: root"},
		"record":              {func(f *forgery) { flip(f.bundle.Evidence[2].SHA256[:], 3) }, "evidence: attest: instance 2: file"},
		"order of instances":  {func(f *forgery) { f.bundle.Evidence[0].Index = 7 }, "evidence: attest: instance 0: index"},
		"fewer instances":     {func(f *forgery) { f.bundle.Evidence = f.bundle.Evidence[:2] }, "evidence: attest: instances"},
		"withheld instance": {func(f *forgery) {
			f.bundle.Withheld = append(f.bundle.Withheld, attest.WithheldInstance{Index: 3})
		}, "evidence: attest: withheld instances"},
		"work's hash":      {func(f *forgery) { flip(f.bundle.Works[0].SHA256[:], 3) }, "evidence: attest: work 0: file"},
		"work's signature": {func(f *forgery) { flip(f.bundle.Works[0].Signature, 20) }, "evidence: attest: work 0: signature"},
		"work's signer":    {func(f *forgery) { flip(f.bundle.Works[0].Signer[:], 2) }, "evidence: attest: work 0: signature"},
		"work's role":      {func(f *forgery) { f.bundle.Works[0].Role = "reader" }, "evidence: attest: work 0: entry"},
		"import leaf":      {func(f *forgery) { flip(f.bundle.Proofs[0].Leaf, 5) }, "evidence: attest: audit proof of the import: leaf"},
		"import path":      {func(f *forgery) { flip(f.bundle.Proofs[0].Path, 5) }, "evidence: attest: audit proof of the import"},
		"import index":     {func(f *forgery) { f.bundle.Proofs[0].Index++ }, "evidence: attest: audit proof of the import"},
		"import checkpoint": {func(f *forgery) {
			f.bundle.Proofs[0].Checkpoint += "\n"
		}, "evidence: attest: audit proof of the import"},
		"no import":                   {func(f *forgery) { f.bundle.Proofs = nil }, "evidence: attest: audit proofs"},
		"evidence of another release": {func(f *forgery) { f.bundle = other.bundle }, "evidence: "},
		"statement of another":        {func(f *forgery) { f.fields.Evidence = sinso.Hash{1} }, "evidence: the token commits to another statement"},
		"tier T3":                     {func(f *forgery) { f.fields.Tier = "T3" }, "commitment: the token is of tier T3"},
		"no tier":                     {func(f *forgery) { f.fields.Tier = "T9" }, "commitment: the token commits to no tier"},
		"profile":                     {func(f *forgery) { flip(f.fields.Profile[:], 0) }, "evidence: the statement is of another origin or profile"},
		"more instances":              {func(f *forgery) { f.fields.Instances++ }, "manifest: it holds other objects"},
		"origin": {func(f *forgery) {
			f.fields.Origin, f.event.Origin = sinso.OriginDevice, sinso.OriginDevice
		}, "evidence: attest: audit proof of the import"},
		"origin of the entry":  {func(f *forgery) { f.event.Origin = sinso.OriginDevice }, "release entry: the entry is of origin"},
		"another entry":        {func(f *forgery) { f.event.Type = sinso.EventImported }, "release entry: the entry is"},
		"entry of another":     {func(f *forgery) { f.event.Public = []byte(`{"commitment":"0x00"}`) }, "release entry: the entry is of another release"},
		"role of a payee":      {func(f *forgery) { f.roles[1] = "reader" }, "evidence: payee 2 of the split shares as"},
		"a file twice":         {object(func(o []sinso.ManifestObject) { o[1] = o[0] }), "evidence: attest: instance 1"},
		"files turned":         {object(func(o []sinso.ManifestObject) { o[0], o[2] = o[2], o[0] }), "evidence: attest: instance 0"},
		"a foreign role":       {object(func(o []sinso.ManifestObject) { o[0].Role = "original" }), "manifest: it holds other objects"},
		"a work as derivative": {object(func(o []sinso.ManifestObject) { o[3].Role = "derivative" }), "manifest: it holds other objects"},
		"no key":               {object(func(o []sinso.ManifestObject) { o[0].Key = nil }), "manifest: way: the manifest names an object wrongly"},
		"another key":          {object(func(o []sinso.ManifestObject) { flip(o[0].Key, 0) }), "evidence: attest: instance 0: file"},
		"no CID":               {object(func(o []sinso.ManifestObject) { o[0].CID = "../../etc" }), "manifest: way: the manifest names an object wrongly"},
		"below nothing":        {object(func(o []sinso.ManifestObject) { o[0].Size = -1 }), "manifest: way: the manifest names an object of -1 bytes"},
		"endless":              {object(func(o []sinso.ManifestObject) { o[0].Size = 1 << 62 }), "manifest: way: the manifest names an object of"},
		"another size":         {object(func(o []sinso.ManifestObject) { o[0].Size++ }), "evidence: attest: instance 0: file"},
		"one object more": {func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) { m.Objects = append(m.Objects, m.Objects[0]) }
		}, "manifest: it holds other objects"},
		"no quality":     {func(f *forgery) { f.quality = nil }, "manifest: attest: quality"},
		"better quality": {func(f *forgery) { f.quality.Parts[3].Score++ }, "manifest: attest: quality"},
		"no finding":     {func(f *forgery) { f.quality.Parts[3].Findings = nil }, "manifest: attest: quality"},
		"better mark":    {func(f *forgery) { f.fields.Quality.Score++ }, "manifest: attest: quality"},
		"no mark":        {func(f *forgery) { f.fields.Quality = sinso.QualityMark{} }, "manifest: attest: quality"},
		"no evidence":    {func(f *forgery) { f.manifest = func(m *sinso.Manifest) { m.Evidence = nil } }, "manifest: way: the manifest holds no evidence"},
		"other version":  {func(f *forgery) { f.manifest = func(m *sinso.Manifest) { m.Version = 9 } }, "manifest: way: manifest version 9"},
		"signed by another": {func(f *forgery) {
			work, err := attest.SignWork(f.town.seller.Chain.Contracts(), [32]byte{8}, "doctor", f.objects[3])
			if err != nil {
				f.t.Fatal(err)
			}
			f.signAgain([]attest.Work{work}, f.bundle.Proofs)
		}, `evidence: payee 2 of the split shares as "doctor"`},
		"rests on another entry": {func(f *forgery) {
			proof, err := f.town.seller.audit.Prove(f.t.Context(), 0)
			if err != nil {
				f.t.Fatal(err)
			}
			named, err := attest.NewNamedProof("import", proof)
			if err != nil {
				f.t.Fatal(err)
			}
			f.signAgain(f.bundle.Works, []attest.NamedProof{named})
		}, "evidence: attest: audit proof of the import"},
		"one instance left out": {func(f *forgery) {
			f.objects, f.bundle.Evidence, f.fields.Instances = slices.Delete(f.objects, 2, 3), f.bundle.Evidence[:2], 2
			f.signAgain(f.bundle.Works, f.bundle.Proofs)
		}, "import entry: the import was of 3 instances, the evidence is of 2"},
	}
	for _, at := range []int{0, 131, 140, 400, 700, -1} { // preamble, meta, elements, pixels
		ways[fmt.Sprintf("derivative, byte %d", at)] = way{func(f *forgery) { flip(f.objects[1], at) }, "evidence: attest: instance 1"}
		ways[fmt.Sprintf("work, byte %d", at)] = way{func(f *forgery) { flip(f.objects[3], at) }, "evidence: attest: work 0: file"}
	}
	for at := 0; at < 600; at += 37 {
		ways[fmt.Sprintf("leaves, byte %d", at)] = way{func(f *forgery) { flip(f.bundle.Evidence[0].Leaves, at) }, "evidence: attest: instance 0"}
	}
	return ways
}

// TestVerifyNamesTheForgedPiece changes one piece of a release at a time, and seals
// and signs again all that a seller seals and signs, so that not only the outermost
// seal tells. Verify refuses each, and names the piece; what was not changed passes.
func TestVerifyNamesTheForgedPiece(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	row, err := d.town.seller.Release(t.Context(), d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice, Author: d.row.Author, Accepted: true})
	if err != nil {
		t.Fatal(err)
	}
	d.know(row.ID)
	other := d.forge()
	releases, err := d.town.seller.Releases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	d.know(releases[0].ID)
	d.buyer.Chain = nil
	same := d.forge()
	if found, err := same.held(same.offered()); err != nil || len(found.Steps) != 8 {
		t.Fatalf("what was not forged: %d steps, %v", len(found.Steps), err)
	}
	for name, forged := range forgeries(other) {
		f := d.forge()
		forged.change(f)
		_, err := f.held(f.offered())
		if err == nil || !strings.HasPrefix(err.Error(), "verify: "+forged.piece) {
			t.Errorf("%s: got %v, want %q", name, err, forged.piece)
		}
	}
}

// TestForgedContentIsNotPaid takes a forged release the whole way, minted and with
// the right key: the buyer takes it, finds what is wrong, and lets no money go.
func TestForgedContentIsNotPaid(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	for name, change := range map[string]func(*forgery){
		"other pixels": func(f *forgery) { f.objects[0][len(f.objects[0])-1] ^= 1 },
		"endless": func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) { m.Objects[0].Size = 1 << 62 }
		},
		"a small size for a large object": func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) {
				large := f.sealed(make([]byte, 8<<20))
				m.Objects[0].CID, m.Objects[0].Key = large.CID, large.Key
			}
		},
	} {
		f := d.forge()
		change(f)
		offer, key := f.offered()
		if _, err := register.Enter(t.Context(), d.town.seller.Chain, "r", offer.Asset); err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(offer)
		if err != nil {
			t.Fatal(err)
		}
		d.offer = encoded
		if d.order, err = market.OrderHash(offer.Contracts, offer.Order); err != nil {
			t.Fatal(err)
		}
		blocks := map[sinso.CID][]byte{}
		for _, block := range f.blocks {
			blocks[block.CID] = block.Data
		}
		var read atomic.Int64
		d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(key), nil }
		d.peers.fetch = func(cid sinso.CID) ([]byte, error) {
			read.Add(int64(len(blocks[cid])))
			return blocks[cid], nil
		}
		account, err := d.buyer.Status(t.Context())
		if err == nil {
			_, err = d.town.seller.Chain.Fund(t.Context(), account.Account, sinso.NewWei(new(big.Int).Mul(testPrice.Int(), big.NewInt(2))))
		}
		if err != nil {
			t.Fatal(err)
		}
		row, err := d.buyer.Buy(t.Context(), encoded, nil)
		if err == nil || row.Step != "delivered" || !strings.Contains(err.Error(), "not confirm") && !strings.Contains(err.Error(), "are allowed") {
			t.Errorf("%s: step %q, %v", name, row.Step, err)
		}
		if read.Load() > 1<<20 {
			t.Errorf("%s: %d bytes were read", name, read.Load())
		}
		d.wantUnpaid()
	}
}

// TestVerifyNeedsNobody verifies a purchase when the seller's node is gone and there
// is no chain to ask.
func TestVerifyNeedsNobody(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	row := d.wantBought()
	cfg := d.buyer.Config
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(d.dir, "seller")); err != nil {
		t.Fatal(err)
	}
	cfg.Chain, cfg.Contracts = "none", ""
	n, err := Open(t.Context(), cfg, Options{Clock: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close() //nolint:errcheck // it is a test's
	found, err := n.Verify(t.Context(), row.Token)
	if err != nil || len(found.Steps) != 8 || found.Events != 2 || found.Evidence.Released != 3 {
		t.Errorf("%d steps, %d entries, %d instances, %v", len(found.Steps), found.Events, found.Evidence.Released, err)
	}
}
