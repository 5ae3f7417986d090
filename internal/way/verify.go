package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// Verification is what a walk back from a token found: each step, and what
// proves it. It needs neither a network nor the node that sold.
type Verification struct {
	Token    sinso.TokenID `json:"token"`
	Order    sinso.Hash    `json:"order"`
	Origin   sinso.Origin  `json:"origin"`
	Steps    []Proven      `json:"steps"`
	Events   int           `json:"events"` // of the institution's log, shown to be in it
	Evidence attest.Report `json:"evidence"`
}

// Proven is one step of a verification.
type Proven struct {
	Piece string `json:"piece"` // what was looked at
	Says  string `json:"says"`  // what it says
	By    string `json:"by"`    // what proves it
}

// Verify walks back from a token that this node bought or sold to the import it
// came from. The error names the piece that failed; what was proven before it is
// in the Verification.
func (w *Way) Verify(ctx context.Context, token sinso.TokenID) (Verification, error) {
	encoded, key, err := w.holding(ctx, token)
	if err != nil {
		return Verification{Token: token}, err
	}
	offer, err := market.Decode(encoded)
	if err != nil {
		return Verification{Token: token}, err
	}
	return w.verifyOffer(ctx, offer, key)
}

// holding finds the offer of a token and the content key of its payload.
func (w *Way) holding(ctx context.Context, token sinso.TokenID) ([]byte, sinso.CEK, error) {
	bought, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.PurchaseByToken(token) })
	switch {
	case err == nil && len(bought.Key.Wrapped) == 0:
		return nil, sinso.CEK{}, fmt.Errorf("way: token %s is not paid for and opened yet: %w", token, sinso.ErrUnavailable)
	case err == nil:
		offer, err := market.Decode(bought.Offer)
		if err != nil {
			return nil, sinso.CEK{}, err
		}
		key, err := w.Keys.Unwrap(ctx, bought.Key, []byte(offer.Payload))
		return bought.Offer, key, err
	case !errors.Is(err, sinso.ErrNotFound):
		return nil, sinso.CEK{}, err
	}
	release, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.ReleaseByToken(token) })
	if err != nil {
		return nil, sinso.CEK{}, fmt.Errorf("way: this node neither bought nor sold token %s: %w", token, err)
	}
	orders, err := w.Orders(ctx, release.Person)
	if err != nil {
		return nil, sinso.CEK{}, err
	}
	for _, order := range orders {
		if order.Release == release.ID {
			key, err := w.sealer.Key(ctx, release.Manifest, release.Keys, release.Custodian())
			return order.Offer, key, err
		}
	}
	return nil, sinso.CEK{}, fmt.Errorf("way: token %s was never offered: %w", token, sinso.ErrNotFound)
}

// verification is one walk.
type verification struct {
	*Way
	offer    sinso.Offer
	key      sinso.CEK
	fields   attest.Fields
	manifest sinso.Manifest
	imports  int // instances, as the import entry says
	found    Verification
}

// verifyOffer checks everything that an offer promises against what is stored
// here: from the signatures of the order to the first entry of the import.
func (w *Way) verifyOffer(ctx context.Context, offer sinso.Offer, key sinso.CEK) (Verification, error) {
	v := &verification{Way: w, offer: offer, key: key, found: Verification{Token: offer.Order.Token, Origin: offer.Origin}}
	steps := append(v.before(), step{"evidence", v.evidence}, step{"import entry", v.imported}, step{"chain", v.owner})
	err := v.walk(ctx, steps)
	return v.found, err
}

// step is one piece of what is verified.
type step struct {
	piece string
	check func(context.Context) (says, by string, err error)
}

// offered are the pieces that an offer shows by itself, before any money moves.
func (v *verification) offered() []step {
	return []step{{"order", v.order}, {"split", v.split}, {"commitment", v.commitment}, {"release entry", v.released}}
}

// before are the pieces that the key and the manifest show, before anything else
// is fetched.
func (v *verification) before() []step {
	return append(v.offered(), step{"manifest", v.openManifest})
}

func (v *verification) walk(ctx context.Context, steps []step) error {
	for _, step := range steps {
		says, by, err := step.check(ctx)
		if err != nil {
			return fmt.Errorf("verify: %s: %w", step.piece, err)
		}
		v.found.Steps = append(v.found.Steps, Proven{step.piece, says, by})
	}
	return nil
}

func (v *verification) order(context.Context) (string, string, error) {
	hash, err := market.Check(v.offer)
	v.found.Order = hash
	return fmt.Sprintf("order %s sells payload %s under these terms for %s wei", hash, v.offer.Payload, v.offer.Order.Price),
		fmt.Sprintf("the signature of seller %s (EIP-712)", v.offer.Order.Seller), err
}

func (v *verification) split(context.Context) (string, string, error) {
	token, err := register.Check(v.offer.Contracts, v.offer.Asset)
	if err != nil {
		return "", "", err
	}
	if token != v.offer.Order.Token {
		return "", "", fmt.Errorf("the order sells another token than the asset it shows: %w", sinso.ErrCorrupt)
	}
	if len(v.offer.Roles) != len(v.offer.Asset.Split) || v.offer.Roles[0] != rolePatient || slices.ContainsFunc(v.offer.Roles, isNoRole) {
		return "", "", fmt.Errorf("the roles are not those of the split's payees: %w", sinso.ErrCorrupt)
	}
	var shares []string
	for i, share := range v.offer.Asset.Split {
		shares = append(shares, fmt.Sprintf("%s %d bps", v.offer.Roles[i], share.Bps))
	}
	return fmt.Sprintf("token %s is of this creator, this content and this split: %s", token, strings.Join(shares, ", ")), fmt.Sprintf("its ID is their hash, and all %d payees signed it (EIP-712)", len(v.offer.Asset.Split)), nil
}

func (v *verification) commitment(context.Context) (string, string, error) {
	var err error
	if v.fields, err = attest.OpenCommitment(v.offer.Opening, v.offer.Asset.Commitment); err != nil {
		return "", "", err
	}
	switch f := v.fields; {
	case f.Payload != v.offer.Payload:
		err = fmt.Errorf("the token commits to another payload: %w", sinso.ErrCorrupt)
	case f.KeyCommitment != v.offer.Order.KeyCommitment:
		err = fmt.Errorf("the token commits to another key: %w", sinso.ErrCorrupt)
	case f.Origin != v.offer.Origin:
		err = fmt.Errorf("the token commits to another origin: %w", sinso.ErrCorrupt)
	default:
		err = sellable(f.Tier)
	}
	judged := ""
	if mark := v.fields.Quality; mark != (sinso.QualityMark{}) {
		judged = fmt.Sprintf(", quality %d of 100", mark.Score)
	}
	return fmt.Sprintf("the token commits to this payload, its key, tier %s, %d instances, origin %s%s", v.fields.Tier, v.fields.Instances, v.fields.Origin, judged),
		"the salted commitment in the token's ID, opened", err
}

// sellable refuses what no buyer may have a copy of, whatever a seller says.
func sellable(text string) error {
	var tier sinso.Tier
	if err := tier.UnmarshalText([]byte(text)); err != nil || tier.String() != text {
		return fmt.Errorf("the token commits to no tier: %w", sinso.ErrCorrupt)
	}
	if !tier.Sellable() {
		return fmt.Errorf("the token is of tier %s, of which no copies are sold: %w", tier, sinso.ErrDenied)
	}
	return nil
}

// isNoRole reports whether a role is no plain word: it is shown to people.
func isNoRole(role string) bool {
	const longest = 32
	return role == "" || len(role) > longest || strings.ContainsFunc(role, func(r rune) bool {
		return (r < 'a' || r > 'z') && r != '-'
	})
}

// entry checks one entry of the institution's log and counts it.
func (v *verification) entry(piece string, proof sinso.Proof, want sinso.EventType) (attest.Entry, error) {
	if len(v.offer.Institution) != len(v.institution) {
		return attest.Entry{}, fmt.Errorf("the institution's key has a wrong length: %w", sinso.ErrCorrupt)
	}
	entry, err := attest.OpenEntry(piece, proof, [32]byte(v.offer.Institution))
	switch {
	case err != nil:
		return entry, err
	case entry.Type != want:
		return entry, fmt.Errorf("the entry is %q, not %q: %w", entry.Type, want, sinso.ErrCorrupt)
	case entry.Origin != v.offer.Origin:
		return entry, fmt.Errorf("the entry is of origin %q, the offer says %q: %w", entry.Origin, v.offer.Origin, sinso.ErrCorrupt)
	}
	v.found.Events++
	return entry, nil
}

func (v *verification) released(context.Context) (string, string, error) {
	entry, err := v.entry("release entry", v.offer.Proof, sinso.EventReleased)
	if err != nil {
		return "", "", err
	}
	var public publicRelease
	if err := json.Unmarshal(entry.Public, &public); err != nil || public.Commitment != v.offer.Asset.Commitment {
		return "", "", fmt.Errorf("the entry is of another release: %w", sinso.ErrCorrupt)
	}
	return fmt.Sprintf("the release is entry %d of the institution's log", v.offer.Proof.Index),
		"its place in the log, under a checkpoint that the institution signed", nil
}

func (v *verification) openManifest(ctx context.Context) (says, by string, err error) {
	if err := v.fields.Opens(v.key); err != nil {
		return "", "", err
	}
	if v.manifest, err = v.readManifest(ctx, v.offer.Payload, v.key); err != nil {
		return "", "", err
	}
	derivatives, works := v.objects(roleDerivative), v.objects(roleWork)
	if len(derivatives)+len(works) != len(v.manifest.Objects) || len(derivatives) != int(v.fields.Instances) || len(works) > sinso.MaxShares {
		return "", "", fmt.Errorf("it holds other objects than the token commits to: %w", sinso.ErrCorrupt)
	}
	if err := v.fields.Judged(v.manifest.Quality); err != nil {
		return "", "", err
	}
	return fmt.Sprintf("payload %s opens and lists %d objects", v.offer.Payload, len(v.manifest.Objects)),
		"the hash of each of its blocks, and the seal under the committed key", nil
}

// objects of the manifest with one role, in order.
func (v *verification) objects(role string) []sinso.ManifestObject {
	var of []sinso.ManifestObject
	for _, object := range v.manifest.Objects {
		if object.Role == role {
			of = append(of, object)
		}
	}
	return of
}

func (v *verification) evidence(ctx context.Context) (string, string, error) {
	encoded, err := v.open(ctx, v.manifest.Evidence.CID, sinso.CEK(v.manifest.Evidence.Key))
	if err != nil {
		return "", "", err
	}
	bundle, err := attest.Decode(encoded)
	if err != nil {
		return "", "", err
	}
	if bundle.Signed.Hash() != v.fields.Evidence {
		return "", "", fmt.Errorf("the token commits to another statement of the institution: %w", sinso.ErrCorrupt)
	}
	derivatives, works := v.objects(roleDerivative), v.objects(roleWork)
	if len(works) != len(bundle.Works) {
		return "", "", fmt.Errorf("the manifest holds %d works, the evidence %d: %w", len(works), len(bundle.Works), sinso.ErrCorrupt)
	}
	read := func(objects []sinso.ManifestObject) func(int) ([]byte, error) {
		return func(i int) ([]byte, error) {
			if i >= len(objects) {
				return nil, fmt.Errorf("object %d is not in the manifest: %w", i, sinso.ErrCorrupt)
			}
			plain, err := v.open(ctx, objects[i].CID, sinso.CEK(objects[i].Key))
			if err == nil && int64(len(plain)) != objects[i].Size {
				err = fmt.Errorf("it has %d bytes, the manifest says %d: %w", len(plain), objects[i].Size, sinso.ErrCorrupt)
			}
			return plain, err
		}
	}
	report, err := bundle.Verify(ctx, attest.Sources{
		Contracts: v.offer.Contracts, Institution: [32]byte(v.offer.Institution),
		Derivative: read(derivatives), Work: read(works), Proof: v.importProof,
	})
	if err != nil {
		return "", "", err
	}
	if report.Origin != v.offer.Origin || report.Profile != v.fields.Profile {
		return "", "", fmt.Errorf("the statement is of another origin or profile than the token: %w", sinso.ErrCorrupt)
	}
	if err := v.worked(report.Works); err != nil {
		return "", "", err
	}
	v.found.Evidence = report
	return says(report), fmt.Sprintf("the statement signed by institution key ed25519:%x, and a salted hash of every element and frame", v.offer.Institution), nil
}

// worked checks the roles of the split: whoever shares with the patient does so for
// a work in the release, which they signed, and in the role that the institution
// says.
func (v *verification) worked(works []attest.WorkReport) error {
	for i, share := range v.offer.Asset.Split[1:] {
		if !slices.ContainsFunc(works, func(w attest.WorkReport) bool { return w.Signer == share.Payee && w.Role == v.offer.Roles[i+1] }) {
			return fmt.Errorf("payee %d of the split shares as %q, and signed no such work: %w", i+2, v.offer.Roles[i+1], sinso.ErrCorrupt)
		}
	}
	return nil
}

// says is what evidence shows, in one sentence.
func says(r attest.Report) string {
	return fmt.Sprintf("%d of %d frames and %d elements exactly as the institution signed; %d withheld, %d changed as declared, %d added as declared",
		r.FramesSigned, r.Frames, r.Elements, r.Withheld, r.Changed, r.Added)
}

// importProof is called for each audit proof in the evidence.
func (v *verification) importProof(name string, proof sinso.Proof) error {
	if name != proofOfImport {
		return fmt.Errorf("the evidence rests on an entry %q that this version does not know: %w", name, sinso.ErrUnsupported)
	}
	entry, err := v.entry("import entry", proof, sinso.EventImported)
	if err != nil {
		return err
	}
	var public publicImport
	if err := json.Unmarshal(entry.Public, &public); err != nil {
		return fmt.Errorf("the import entry is of another form: %w", sinso.ErrCorrupt)
	}
	v.imports = public.Instances
	return nil
}

func (v *verification) imported(context.Context) (string, string, error) {
	if v.imports != v.found.Evidence.Instances {
		return "", "", fmt.Errorf("the import was of %d instances, the evidence is of %d: %w", v.imports, v.found.Evidence.Instances, sinso.ErrCorrupt)
	}
	for _, name := range v.found.Evidence.Audit {
		if name == proofOfImport {
			return fmt.Sprintf("the study came in with origin %s: %s", v.offer.Origin, originSays[v.offer.Origin]),
				"the import's place in the institution's log, under a checkpoint that it signed", nil
		}
	}
	return "", "", fmt.Errorf("the evidence does not show the import: %w", sinso.ErrCorrupt)
}

// originSays says in words what an origin class is worth.
var originSays = map[sinso.Origin]string{
	sinso.OriginDevice:      "the device's key signed it",
	sinso.OriginInstitution: "an institution's key signed it",
	sinso.OriginGateway:     "a node's gateway received it from a device it knows",
	sinso.OriginSelf:        "somebody handed in files and says what they are",
}

// owner asks the chain, if there is one to ask. All before this stands without it.
func (v *verification) owner(ctx context.Context) (string, string, error) {
	if v.Chain == nil {
		return "not asked; all of the above stands without it", "nothing", nil
	}
	owner, err := v.Chain.Owner(ctx, v.offer.Order.Token)
	if errors.Is(err, sinso.ErrUnavailable) {
		return "does not answer now; all of the above stands without it", "nothing", nil
	}
	if err != nil {
		return "", "", err
	}
	return fmt.Sprintf("the token exists and belongs to %s", owner), "the chain's answer", nil
}
