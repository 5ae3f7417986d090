package jpeg2000

import "sync"

// Decode reads an image: a codestream, or a JP2 file with one. limit is the most
// bytes that Pixels may have. Components on a coarser grid are repeated to the finest
// one's. What stands behind the image is not looked at; its end marker may be missing.
//
// It is ErrCorrupt if data is no JPEG 2000 image or ends before the last packet of
// it; but a tile of the irreversible wavelet may lack packets at its end if its header
// agrees about its length. It is ErrUnsupported if the image is larger than
// limit, or has more than four components, components that differ in precision, more
// than 24 bits, or the code-blocks of Part 15.
func Decode(data []byte, limit int64) (Image, error) {
	data, err := unwrap(data)
	if err != nil {
		return Image{}, err
	}
	h, err := parse(data)
	if err != nil {
		return Image{}, err
	}
	c := newCanvas(h)
	if size := c.size(); size > limit {
		return Image{}, unsupported("an image of %d bytes, %d are allowed", size, limit)
	}
	d := decoder{codestream: h, canvas: c, workers: workerCount()}
	c.image.Lossless = true
	for i := range h.tiles {
		if err := d.tile(i); err != nil {
			return Image{}, err
		}
		h.tiles[i] = tileParts{}
	}
	return c.image, nil
}

// decoder decodes the tiles of an image.
type decoder struct {
	*codestream
	canvas  *canvas
	workers int
	blocks  sync.Pool
}

// tile decodes a tile.
func (d *decoder) tile(index int) error {
	most := 0
	for _, parts := range [][][]byte{d.tiles[index].heads, d.tiles[index].bodies} {
		for _, part := range parts {
			most += len(part)
		}
	}
	t, err := d.newTile(index, most)
	if err != nil {
		return err
	}
	if err := t.read(); err != nil {
		return err
	}
	d.canvas.image.Spare += t.spare
	reversible := true
	for c := range t.parts {
		reversible = reversible && t.parts[c].reversible
		d.canvas.image.Lossless = d.canvas.image.Lossless && t.parts[c].reversible && d.quantisation(&t.params, c).none
	}
	if !t.complete && reversible {
		return corrupt("packets of tile %d are missing", index)
	}
	if t.mct {
		if err := d.checkTransform(t); err != nil {
			return err
		}
		d.canvas.image.MCT = true
	}
	return d.samples(t)
}

// checkTransform looks whether the components fit a transform of colours (T.800 §G.2).
func (d *decoder) checkTransform(t *tile) error {
	if len(t.parts) < 3 {
		return corrupt("a transform of colours for %d components", len(t.parts))
	}
	for _, c := range t.parts[1:3] {
		if c.rect != t.parts[0].rect || c.reversible != t.parts[0].reversible {
			return corrupt("a transform of components that differ")
		}
	}
	return nil
}

// samples decodes the code-blocks of a tile into its samples.
func (d *decoder) samples(t *tile) error {
	whole, parts := make([]plane[int32], len(t.parts)), make([]plane[float32], len(t.parts))
	for c := range t.parts {
		var err error
		if t.parts[c].reversible {
			whole[c], err = synthesised(d, t, c, wholeCells, lift53)
		} else {
			parts[c], err = synthesised(d, t, c, realCells, lift97)
		}
		if err != nil {
			return err
		}
	}
	if t.mct && t.parts[0].reversible {
		untransformRCT(whole[0].cells, whole[1].cells, whole[2].cells)
	} else if t.mct {
		untransformICT(parts[0].cells, parts[1].cells, parts[2].cells)
	}
	for c := range t.parts {
		cells := whole[c].cells
		if !t.parts[c].reversible {
			cells = rounded(parts[c].cells)
		}
		d.canvas.draw(c, t.parts[c].rect, cells)
	}
	return nil
}
