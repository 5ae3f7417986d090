package render

// NativeFrame lets tests draw what Thumbnail does without scaling.
var NativeFrame = nativeFrame

// Deflated compresses b in blocks of size bytes; sum is its Adler-32.
func Deflated(b []byte, size int, sum uint32) []byte {
	var d deflater
	d.begin()
	var out []byte
	for len(b) > 0 {
		n := min(size, len(b))
		d.block(b[:n], n == len(b))
		b = b[n:]
		if len(b) == 0 {
			d.end(sum)
		}
		out = append(out, d.take()...)
	}
	return out
}
