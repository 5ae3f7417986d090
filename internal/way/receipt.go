package way

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// ConsentReceipt is what a person has in hand of a consent: whom it lets see what, what for,
// until when, and how it is withdrawn. Members are named as ISO/IEC TS 27560:2023 names
// the elements of a consent receipt (after the Kantara consent receipt 1.1).
type ConsentReceipt struct {
	Schema     string            `json:"schema_version"`
	Record     sinso.ShareID     `json:"record_id"`
	Principal  sinso.PersonID    `json:"pii_principal_id"`
	Processing ReceiptProcessing `json:"pii_processing"`
	Party      ReceiptParty      `json:"party_identification"`
	Events     []ReceiptEvent    `json:"event" nullable:"false"` // oldest first
}

// ReceiptProcessing says what is done with what.
type ReceiptProcessing struct {
	Purpose       sinso.SharePurpose `json:"purpose"`
	PurposeSystem string             `json:"purpose_system"` // of the code
	LawfulBasis   string             `json:"lawful_basis"`
	Information   string             `json:"pii_information"`
	Study         sinso.StudyID      `json:"study"`
	Method        string             `json:"processing_method"`
	Storage       string             `json:"storage_location"`
	From          time.Time          `json:"valid_from"`
	Until         time.Time          `json:"valid_until"` // as consented to; the events say if it ended before
	Recipients    string             `json:"recipient_third_parties"`
	Openings      int                `json:"openings_at_most"`
	Withdrawal    string             `json:"withdrawal_method"`
}

// ReceiptParty is who answers for it.
type ReceiptParty struct {
	Role string `json:"party_role"`
	ID   string `json:"party_id"`            // the institution's Ed25519 key, as in the evidence
	URL  string `json:"party_url,omitempty"` // under which others reach this node
}

// ReceiptEvent is one change of the consent.
type ReceiptEvent struct {
	State string    `json:"event_state"` // "consent given", "shared", "consent withdrawn", "consent expired", "terminated"
	Time  time.Time `json:"event_time"`
}

// SignedReceipt is a receipt with its signature.
type SignedReceipt struct {
	Receipt ConsentReceipt `json:"receipt"` // for people
	// JWS is the same receipt, signed by the institution: a compact JWS (RFC 7515) by
	// EdDSA (RFC 8037), whose payload is the receipt's JSON and whose header has the key.
	JWS string `json:"jws"`
}

const (
	receiptSchema = "ISO/IEC TS 27560:2023 sinso/1"
	actReason     = "urn:oid:2.16.840.1.113883.5.8" // HL7 v3 ActReason
)

// ShareReceipt returns the receipt of a share, as it stands now.
func (w *Way) ShareReceipt(ctx context.Context, id sinso.ShareID) (SignedReceipt, error) {
	row, err := w.Share(ctx, id)
	if err != nil {
		return SignedReceipt{}, err
	}
	key := ed25519.NewKeyFromSeed(w.institution[:])
	defer clear(key)
	receipt := ConsentReceipt{
		Schema: receiptSchema, Record: row.Share, Principal: row.Person,
		Processing: ReceiptProcessing{
			Purpose: row.Purpose, PurposeSystem: actReason, LawfulBasis: "consent",
			Information: "medical images and records of one study", Study: row.Study,
			Method:  "sealed in the person's browser under a secret that is in the link alone; shown to whoever has the link",
			Storage: "ciphertext on this node until the consent ends, then destroyed",
			From:    row.Planned, Until: row.Ends, Openings: row.Limit,
			Recipients: "whoever has the link",
			Withdrawal: "end the share on the page, or DELETE /api/v1/shares/" + string(row.Share) + ": the link opens nothing from then on; what somebody saw or kept before cannot be called back",
		},
		Party:  ReceiptParty{Role: "PII controller", ID: fmt.Sprintf("%x", w.InstitutionKey()), URL: w.peer()},
		Events: receiptEvents(row),
	}
	jws, err := signReceipt(key, receipt)
	return SignedReceipt{receipt, jws}, err
}

func receiptEvents(row sinso.ShareRow) []ReceiptEvent {
	events := []ReceiptEvent{{"consent given", row.Planned}}
	if !row.Made.IsZero() {
		events = append(events, ReceiptEvent{"shared", row.Made})
	}
	if row.State == sinso.ShareIsEnded {
		state := "terminated"
		switch row.Why {
		case sinso.EndWithdrawn:
			state = "consent withdrawn"
		case sinso.EndExpired:
			state = "consent expired"
		case sinso.EndUsed, sinso.EndUnfinished, sinso.EndCorrected:
		}
		events = append(events, ReceiptEvent{state, row.Ended})
	}
	return events
}

// signReceipt writes a compact JWS. What is signed begins with the header in base64url,
// as nothing else that this key signs.
func signReceipt(key ed25519.PrivateKey, receipt ConsentReceipt) (string, error) {
	public, _ := key.Public().(ed25519.PublicKey)
	header, err := json.Marshal(map[string]any{
		"alg": "EdDSA", "typ": "consent-receipt+json",
		"jwk": map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(public)},
	})
	if err != nil {
		return "", fmt.Errorf("way: receipt: %w", err)
	}
	payload, err := json.Marshal(receipt)
	if err != nil {
		return "", fmt.Errorf("way: receipt: %w", err)
	}
	signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(signed))), nil
}
