package dicom

import (
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// element takes one element with all that stands in it, and returns where the
// next begins.
func (r *reader) element(h *head, end int, m mode, depth int) (int, error) {
	if h.length == undefined {
		return r.open(h, end, m, depth)
	}
	r.fit(h, end)
	switch {
	case int(h.length) > end-h.start:
		return 0, r.short(h.tag, int(h.length), end-h.start, end)
	case h.code == codeSQ:
		return r.sequence(h, h.start+int(h.length), m, depth, false)
	case h.code == codeUN && h.length >= headerBytes:
		if order, ok := r.itemAt(h.start, m); ok {
			return r.try(h, end, mode{big: order}, m, depth)
		}
	}
	return r.value(h, end, m, depth)
}

// open takes an element that does not say its length: a sequence, or encapsulated
// pixel data. UN is a sequence (PS3.5 §6.2.2), and so is an element of which
// nothing is known.
func (r *reader) open(h *head, end int, m mode, depth int) (int, error) {
	if h.code == codeSQ || h.code == codeUN {
		if order, ok := r.itemAt(h.start, m); ok && h.code == codeUN {
			m = mode{big: order}
		}
		return r.sequence(h, end, m, depth, true)
	}
	if h.code == codeOB || h.code == codeOW || !h.silent {
		return r.fragments(h, end, m, depth)
	}
	return 0, broken(h.tag, "a value has no length")
}

// itemAt reports whether an item begins at at, and in which byte order. What is in
// a UN is little endian even in a big endian data set (PS3.5 §6.2.2).
func (r *reader) itemAt(at int, m mode) (big, ok bool) {
	if r.size-at < headerBytes {
		return m.big, false
	}
	b := r.at(at, headerBytes)
	if tagAt(b, false) == tagItem {
		return false, true
	}
	return true, m.big && tagAt(b, true) == tagItem
}

// try takes a value of unknown kind that begins like a sequence: as one if all of
// it can be read so, else as bytes. inner is the byte order of the items; whether
// they are explicit is seen in each.
func (r *reader) try(h *head, end int, inner, outer mode, depth int) (int, error) {
	mark, kept, lenient := r.n, r.from.mark(), r.lenient
	r.lenient = false // bytes that only begin like items are not items that are cut off
	at, err := r.sequence(h, h.start+int(h.length), inner, depth, false)
	r.lenient = lenient
	var damage *readError
	if !errors.As(err, &damage) {
		return at, err
	}
	r.n = mark
	if !r.counting {
		r.index = r.index[:mark]
	}
	r.from.back(kept)
	return r.value(h, end, outer, depth)
}

// sequence takes the items of a sequence. It ends at end, or, if it is open, at its
// delimiter before end.
func (r *reader) sequence(h *head, end int, m mode, depth int, open bool) (int, error) {
	if depth == maxDepth {
		return 0, fmt.Errorf("dicom: sequences are nested more than %d deep: %w", maxDepth, sinso.ErrUnsupported)
	}
	e := entry(h, m, KindSequence, depth)
	e.vr = codeSQ
	r.place(&e)
	i, err := r.push(&e)
	if err != nil {
		return 0, err
	}
	at := h.start
	for open || at < end {
		item, err := r.itemHead(h, at, end, m)
		if r.stops(err) {
			r.closeAt(i, at)
			return end, nil
		}
		if err != nil {
			return 0, err
		}
		if item.tag == tagSequenceEnd {
			if !open && item.start != end {
				return 0, broken(h.tag, "a sequence ends before its length does")
			}
			r.closeAt(i, at)
			return item.start, nil
		}
		if at, err = r.item(&item, end, m, depth+1); err != nil {
			return 0, err
		}
	}
	r.closeAt(i, end)
	return end, nil
}

// itemHead reads the header of an item of h, or the delimiter behind the last one.
func (r *reader) itemHead(h *head, at, end int, m mode) (head, error) {
	if end-at < headerBytes {
		return head{}, r.short(h.tag, headerBytes, end-at, end)
	}
	if err := r.failed(); err != nil {
		return head{}, err
	}
	b := r.at(at, headerBytes)
	item := head{tag: tagAt(b, m.big), length: m.uint32(b[4:]), start: at + headerBytes}
	if item.tag != tagItem && item.tag != tagSequenceEnd {
		return head{}, broken(h.tag, "something else stands where an item should begin")
	}
	return item, nil
}

// item takes one item of a sequence.
func (r *reader) item(h *head, end int, m mode, depth int) (int, error) {
	e := entry(h, m, KindItem, depth)
	e.vr = codeUN
	r.place(&e)
	i, err := r.push(&e)
	if err != nil {
		return 0, err
	}
	open := h.length == undefined
	if !open {
		r.fit(h, end)
		if int(h.length) > end-h.start {
			return 0, r.short(h.tag, int(h.length), end-h.start, end)
		}
		end = h.start + int(h.length)
	}
	at := h.start
	m = r.inItem(at, end, m)
	for open || at < end {
		inner, err := r.head(at, end, m)
		if r.stops(err) {
			r.closeAt(i, at)
			return end, nil
		}
		if err != nil {
			return 0, err
		}
		if inner.tag.Group() == groupDelimiters {
			if inner.tag != tagItemEnd || !open && at+headerBytes != end {
				return 0, broken(inner.tag, "an item ends where it should not")
			}
			r.closeAt(i, at)
			return at + headerBytes, nil
		}
		if at, err = r.element(&inner, end, m, depth); err != nil {
			return 0, err
		}
	}
	r.closeAt(i, end)
	return end, nil
}

// fragments takes encapsulated pixel data (PS3.5 A.4): items of bytes up to the
// delimiter.
func (r *reader) fragments(h *head, end int, m mode, depth int) (int, error) {
	e := entry(h, m, KindFragments, depth)
	r.place(&e)
	i, err := r.push(&e)
	if err != nil {
		return 0, err
	}
	at := h.start
	for {
		item, err := r.itemHead(h, at, end, m)
		if r.stops(err) {
			r.closeAt(i, at)
			return end, nil
		}
		if err != nil {
			return 0, err
		}
		if item.tag == tagSequenceEnd {
			r.closeAt(i, at)
			return item.start, nil
		}
		if item.length == undefined {
			return 0, broken(h.tag, "a fragment has no length")
		}
		item.code = codeOB
		if at, err = r.fragment(&item, end, m, depth+1); err != nil {
			return 0, err
		}
	}
}

func (r *reader) fragment(h *head, end int, m mode, depth int) (int, error) {
	r.fit(h, end)
	if int(h.length) > end-h.start {
		return 0, r.short(h.tag, int(h.length), end-h.start, end)
	}
	if r.from != nil { // its places are nobody's to read, and there may be a million
		return h.start + int(h.length), nil
	}
	e := entry(h, m, KindFragment, depth)
	e.Length = h.length
	_, err := r.push(&e)
	return h.start + int(h.length), err
}
