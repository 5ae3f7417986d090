package dimse

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
)

// pduType is the first byte of a PDU (PS3.8 §9.3.1).
type pduType uint8

const (
	pduAssociateRQ pduType = 1
	pduAssociateAC pduType = 2
	pduAssociateRJ pduType = 3
	pduData        pduType = 4
	pduReleaseRQ   pduType = 5
	pduReleaseRP   pduType = 6
	pduAbort       pduType = 7
)

const (
	pduHeaderBytes = 6       // type, reserved, length
	pdvHeaderBytes = 6       // length, context, control
	maxAssociate   = 1 << 19 // bytes of an A-ASSOCIATE-RQ or AC: 128 contexts of 60 syntaxes
	shortPDU       = 4       // bytes of an A-ASSOCIATE-RJ, A-RELEASE or A-ABORT (PS3.8 §9.3.4 and following)
	minPDU         = 4 << 10
	maxPDU         = 1 << 20
	minPeerPDU     = 128 // a peer that takes less wants more headers than data
)

// Items in A-ASSOCIATE PDUs (PS3.8 §9.3.2, Annex D; PS3.7 Annex D).
const (
	itemApplication    = 0x10
	itemContextRQ      = 0x20
	itemContextAC      = 0x21
	itemAbstract       = 0x30
	itemTransfer       = 0x40
	itemUserInfo       = 0x50
	itemMaxLength      = 0x51
	itemClassUID       = 0x52
	itemAsyncOps       = 0x53
	itemRole           = 0x54
	itemVersionName    = 0x55
	itemExtended       = 0x56
	itemCommonExtended = 0x57
	itemIdentityRQ     = 0x58
	itemIdentityAC     = 0x59
)

// eachItem calls fn with the type and the value of each item in b: a byte of type, a
// reserved one, 16 bits of length, the value.
func eachItem(b []byte, fn func(kind byte, value []byte) error) error {
	for len(b) > 0 {
		if len(b) < 4 {
			return invalid("association: %d bytes are left for the header of an item", len(b))
		}
		length := int(binary.BigEndian.Uint16(b[2:]))
		if length > len(b)-4 {
			return invalid("association: an item of type %02XH says %d bytes, %d are left", b[0], length, len(b)-4)
		}
		if err := fn(b[0], b[4:4+length]); err != nil {
			return err
		}
		b = b[4+length:]
	}
	return nil
}

// items writes items; what is too long for their 16 bits of length is an error at
// the end.
type items struct {
	b   []byte
	err error
}

// item writes one whose value fn appends.
func (w *items) item(kind byte, fn func()) {
	w.b = append(w.b, kind, 0, 0, 0)
	at := len(w.b)
	fn()
	length := len(w.b) - at
	if length > 0xFFFF && w.err == nil {
		w.err = fmt.Errorf("dimse: association: an item of type %02XH would have %d bytes: %w", kind, length, sinso.ErrInvalid)
	}
	binary.BigEndian.PutUint16(w.b[at-2:], uint16(length)) //nolint:gosec // checked above
}

// bytes writes one with this value.
func (w *items) bytes(kind byte, value []byte) {
	w.item(kind, func() { w.b = append(w.b, value...) })
}

// text writes one with this value.
func (w *items) text(kind byte, value string) { w.bytes(kind, []byte(value)) }

func (w *items) uint16(v int) { w.b = binary.BigEndian.AppendUint16(w.b, uint16(v)) } //nolint:gosec // lengths, checked by item

// pdu returns a PDU with this body.
func pdu(kind pduType, body []byte) []byte {
	b := make([]byte, pduHeaderBytes, pduHeaderBytes+len(body))
	b[0] = byte(kind)
	binary.BigEndian.PutUint32(b[2:], uint32(len(body))) //nolint:gosec // at most some 100 kB
	return append(b, body...)
}

// rejectPDU is an A-ASSOCIATE-RJ (PS3.8 §9.3.4).
func rejectPDU(r *Rejection) []byte {
	result := byte(1)
	if r.Transient {
		result = 2
	}
	return pdu(pduAssociateRJ, []byte{0, result, r.Source, r.Reason})
}

// parseReject reads the body of an A-ASSOCIATE-RJ.
func parseReject(b []byte) (*Rejection, error) {
	if len(b) != shortPDU {
		return nil, invalid("association: a rejection of %d bytes", len(b))
	}
	return &Rejection{Transient: b[1] == 2, Source: b[2], Reason: b[3]}, nil
}

// abortPDU is an A-ABORT (PS3.8 §9.3.8).
func abortPDU(a *Abort) []byte {
	body := make([]byte, shortPDU)
	if a.Provider {
		body[2], body[3] = 2, a.Reason
	}
	return pdu(pduAbort, body)
}

// parseAbort reads the body of an A-ABORT. Its length was checked.
func parseAbort(b []byte) *Abort { return &Abort{Provider: b[2] == 2, Reason: b[3]} }

// releasePDU is an A-RELEASE-RQ or RP (PS3.8 §9.3.6, §9.3.7).
func releasePDU(kind pduType) []byte { return pdu(kind, make([]byte, shortPDU)) }
