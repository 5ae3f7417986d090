package render

import "encoding/binary"

const (
	lows  = 0x7F7F7F7F7F7F7F7F
	highs = 0x8080808080808080
)

// filter appends a row as PNG filter Average has it: each byte less the mean of
// those on its left and above, which halves their noise (PNG §9.2). above is zeros
// for the first row; pixel is the bytes from one to the next. Eight bytes are done
// at once: their carries are kept apart.
func filter(dst, line, above []byte, pixel int) []byte {
	dst = append(dst, filterAverage)
	start := len(dst)
	dst = append(dst, line...)
	out := dst[start:]
	for i := range min(pixel, len(line)) {
		out[i] = line[i] - above[i]>>1
	}
	i := pixel
	for ; i+8 <= len(line); i += 8 {
		left, up := binary.LittleEndian.Uint64(line[i-pixel:]), binary.LittleEndian.Uint64(above[i:])
		mean := left&up + (left^up)>>1&lows
		v := binary.LittleEndian.Uint64(line[i:])
		binary.LittleEndian.PutUint64(out[i:], (v|highs-mean&lows)^(v^^mean)&highs)
	}
	for ; i < len(line); i++ {
		out[i] = line[i] - byte((int(line[i-pixel])+int(above[i]))/2) //nolint:gosec // the mean of bytes
	}
	return dst
}
