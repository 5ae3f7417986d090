package codec

import (
	"encoding/binary"
	"math"

	"sinso.dev/sinso/internal/format/dicom"
)

// collector puts frames together as an element of pixel data.
type collector interface {
	add(frame dicom.Frame) error
	element() dicom.DataElement
}

// joined are native frames, one behind the other.
type joined struct {
	t    *transcoder
	data []byte
	bits int64
}

func (j *joined) add(frame dicom.Frame) error {
	if j.data == nil {
		j.data = make([]byte, 0, (frame.Bytes()*int64(j.t.count)+1)&^1)
	}
	if frame.Allocated != 1 {
		j.data = append(j.data, frame.Data...)
		return nil
	}
	count := int64(frame.Rows) * int64(frame.Columns)
	for i := range count { // no gap between frames of single bits, PS3.5 §8.1.1
		if j.bits%8 == 0 {
			j.data = append(j.data, 0)
		}
		j.data[j.bits/8] |= frame.Data[i/8] >> (i % 8) & 1 << (j.bits % 8)
		j.bits++
	}
	return nil
}

func (j *joined) element() dicom.DataElement {
	return dicom.DataElement{Tag: tagPixelData, VR: pixelVR(j.t.written), Value: j.data}
}

// fragments are encoded frames, a fragment each.
type fragments struct {
	t   *transcoder
	all [][]byte
}

func (p *fragments) add(frame dicom.Frame) error {
	data, err := EncodeFrame(p.t.syntax, frame)
	if err != nil {
		return err
	}
	if len(data)%2 == 1 {
		data = append(data, 0)
	}
	p.all = append(p.all, data)
	return nil
}

// element returns the fragments behind a Basic Offset Table, which is empty where
// its 32 bits do not reach (PS3.5 §A.4).
func (p *fragments) element() dicom.DataElement {
	table := make([]byte, 0, 4*len(p.all))
	at := 0
	for _, data := range p.all {
		if at > math.MaxUint32 {
			table = nil
			break
		}
		table = binary.LittleEndian.AppendUint32(table, uint32(at))
		at += 8 + len(data)
	}
	return dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: append([][]byte{table}, p.all...)}
}
