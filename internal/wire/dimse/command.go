package dimse

import (
	"context"
	"encoding/binary"
	"strings"
)

// field is the Command Field (0000,0100) (PS3.7 E.1).
type field uint16

const (
	storeRQ  field = 0x0001
	getRQ    field = 0x0010
	findRQ   field = 0x0020
	moveRQ   field = 0x0021
	echoRQ   field = 0x0030
	eventRQ  field = 0x0100
	actionRQ field = 0x0130
	cancelRQ field = 0x0FFF
	response field = 0x8000 // set in the field of each response
)

const (
	noDataSet   = 0x0101   // Command Data Set Type (0000,0800): none follows
	withDataSet = 0x0001   // any other value: one follows
	maxCommand  = 64 << 10 // bytes of a command set; those of this package have about 300
	maxComment  = 64       // characters of Error Comment, VR LO
)

// Elements of the command set that are written or read (PS3.7 E.1). All are of
// group 0000.
const (
	elemLength         = 0x0000
	elemAffectedClass  = 0x0002
	elemRequestedClass = 0x0003
	elemField          = 0x0100
	elemMessageID      = 0x0110
	elemRespondedTo    = 0x0120
	elemDestination    = 0x0600
	elemPriority       = 0x0700
	elemDataSetType    = 0x0800
	elemStatus         = 0x0900
	elemComment        = 0x0902
	elemAffected       = 0x1000
	elemRequested      = 0x1001
	elemEventType      = 0x1002
	elemActionType     = 0x1008
	elemRemaining      = 0x1020
	elemCompleted      = 0x1021
	elemFailed         = 0x1022
	elemWarning        = 0x1023
	elemOriginator     = 0x1030
	elemOriginatorID   = 0x1031
)

// command is a command set (PS3.7 §6.3).
type command struct {
	field            field
	class, instance  string // affected or requested
	messageID        uint16 // of a request; of a response and a cancel, that it belongs to
	hasDataSet       bool
	priority         Priority
	status           Status
	comment          string
	destination      string
	originator       string
	originatorID     uint16
	eventType        uint16 // of N-EVENT-REPORT
	actionType       uint16 // of N-ACTION
	counts           *Counts
	hasRemaining     bool // Number of Remaining Sub-operations is given
	complete, typed  bool // read: a command field; a Command Data Set Type
	statused, numbed bool // read: a status; a message ID

	storing func(context.Context, *Association, *StoreRequest) Status // our C-GET: what takes the objects
}

// isResponse reports whether it answers a request.
func (c *command) isResponse() bool { return c.field&response != 0 }

// parseCommand reads a command set: implicit little endian, whatever the context's
// transfer syntax is (PS3.7 §6.3.1).
func parseCommand(b []byte) (command, error) {
	var c command
	for len(b) > 0 {
		if len(b) < 8 {
			return c, misuse("command: %d bytes are left for an element", len(b))
		}
		group, element := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
		length := binary.LittleEndian.Uint32(b[4:])
		if group != 0 || int64(length) > int64(len(b)-8) {
			return c, misuse("command: element (%04X,%04X): length %d, %d bytes are left", group, element, length, len(b)-8)
		}
		value := b[8 : 8+length]
		if err := c.set(element, value); err != nil {
			return c, err
		}
		b = b[8+length:]
	}
	return c, c.check()
}

// set takes one element.
func (c *command) set(element uint16, value []byte) error {
	switch element {
	case elemAffectedClass, elemRequestedClass:
		c.class = trimUID(value)
	case elemAffected, elemRequested:
		c.instance = printable(value, maxUID)
	case elemDestination:
		c.destination = trimAE(value)
	case elemOriginator:
		c.originator = trimAE(value)
	case elemComment:
		c.comment = printable(value, maxComment)
	case elemField, elemMessageID, elemRespondedTo, elemPriority, elemDataSetType, elemStatus, elemEventType, elemActionType, elemOriginatorID,
		elemRemaining, elemCompleted, elemFailed, elemWarning:
		if len(value) != 2 {
			return misuse("command: element (0000,%04X): length %d, want 2", element, len(value))
		}
		c.setNumber(element, binary.LittleEndian.Uint16(value))
	}
	return nil
}

func (c *command) setNumber(element, v uint16) {
	switch element {
	case elemField:
		c.field, c.complete = field(v), true
	case elemMessageID, elemRespondedTo:
		c.messageID, c.numbed = v, true
	case elemPriority:
		c.priority = Priority(v)
	case elemDataSetType:
		c.hasDataSet, c.typed = v != noDataSet, true
	case elemStatus:
		c.status, c.statused = Status(v), true
	case elemEventType:
		c.eventType = v
	case elemActionType:
		c.actionType = v
	case elemOriginatorID:
		c.originatorID = v
	default:
		c.setCount(element, int(v))
	}
}

func (c *command) setCount(element uint16, v int) {
	if c.counts == nil {
		c.counts = &Counts{}
	}
	switch element {
	case elemRemaining:
		c.counts.Remaining, c.hasRemaining = v, true
	case elemCompleted:
		c.counts.Completed = v
	case elemFailed:
		c.counts.Failed = v
	case elemWarning:
		c.counts.Warning = v
	}
}

// check refuses a command set without what each has (PS3.7 §6.3, §9.3).
func (c *command) check() error {
	switch {
	case !c.complete || !c.typed || !c.numbed:
		return misuse("command: no command field, message ID or data set type")
	case c.isResponse() && !c.statused:
		return misuse("command: a response without a status")
	case c.class != "" && !validUID(c.class):
		return misuse("command: the SOP class is no UID")
	}
	return nil
}

// encode writes the command set.
func (c *command) encode() []byte {
	w := commandWriter{b: make([]byte, 12, 320)}
	requested := c.field&^response == actionRQ && !c.isResponse()
	w.text(elemAffectedClass, c.class, !requested, 0)
	w.text(elemRequestedClass, c.class, requested, 0)
	w.number(elemField, uint16(c.field), true)
	answers := c.isResponse() || c.field == cancelRQ
	w.number(elemMessageID, c.messageID, !answers)
	w.number(elemRespondedTo, c.messageID, answers)
	w.text(elemDestination, c.destination, true, ' ')
	w.number(elemPriority, uint16(c.priority), c.field == storeRQ || c.field == findRQ || c.field == moveRQ || c.field == getRQ)
	set := uint16(noDataSet)
	if c.hasDataSet {
		set = withDataSet
	}
	w.number(elemDataSetType, set, true)
	w.number(elemStatus, uint16(c.status), c.isResponse())
	w.text(elemComment, c.comment, true, ' ')
	w.text(elemAffected, c.instance, !requested, 0)
	w.text(elemRequested, c.instance, requested, 0)
	w.number(elemEventType, c.eventType, c.field&^response == eventRQ)
	w.number(elemActionType, c.actionType, c.field&^response == actionRQ)
	if n := c.counts; n != nil {
		w.number(elemRemaining, clip(n.Remaining), c.hasRemaining)
		w.number(elemCompleted, clip(n.Completed), true)
		w.number(elemFailed, clip(n.Failed), true)
		w.number(elemWarning, clip(n.Warning), true)
	}
	w.text(elemOriginator, c.originator, true, ' ')
	w.number(elemOriginatorID, c.originatorID, c.originator != "")
	length := w.b[12:]
	copy(w.b, []byte{0, 0, elemLength, elemLength, 4, 0, 0, 0})
	binary.LittleEndian.PutUint32(w.b[8:], uint32(len(length))) //nolint:gosec // some hundred bytes
	return w.b
}

func clip(n int) uint16 { return uint16(min(max(n, 0), 0xFFFF)) }

// commandWriter appends elements.
type commandWriter struct{ b []byte }

func (w *commandWriter) head(element, length int) {
	w.b = append(w.b, 0, 0)
	w.b = binary.LittleEndian.AppendUint16(w.b, uint16(element)) //nolint:gosec // constants
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(length))  //nolint:gosec // 64 at most
}

// number writes a US element if it is to be there.
func (w *commandWriter) number(element int, v uint16, there bool) {
	if there {
		w.head(element, 2)
		w.b = binary.LittleEndian.AppendUint16(w.b, v)
	}
}

// text writes a text element with its padding, if it is to be there and is not empty.
func (w *commandWriter) text(element int, v string, there bool, pad byte) {
	if !there || v == "" {
		return
	}
	w.head(element, len(v)+len(v)%2)
	w.b = append(w.b, v...)
	if len(v)%2 == 1 {
		w.b = append(w.b, pad)
	}
}

// comment returns text that fits an Error Comment.
func comment(text string) string {
	return strings.TrimSpace(printable([]byte(text), maxComment))
}
