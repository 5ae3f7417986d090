package jpeg_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// streams are small streams of ours and of the Go distribution, of every process.
func streams(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for name, m := range map[string]jpeg.Image{
		"grey 8": texture(19, 21, 1, 8), "colour": texture(17, 18, 3, 8), "grey 12": texture(20, 9, 1, 12), "grey 16": texture(20, 9, 1, 16),
	} {
		stream, err := jpeg.EncodeLossless(m, 4)
		if err != nil {
			t.Fatal(err)
		}
		all["lossless "+name] = stream
		if m.Precision > 12 {
			continue
		}
		if stream, err = jpeg.EncodeBaseline(m, 80); err != nil {
			t.Fatal(err)
		}
		all["lossy "+name] = stream
	}
	files := goImages(t)
	for _, name := range []string{
		"video-005.gray.q50.2x2.progressive.jpeg", "video-001.q50.420.progressive.jpeg", "video-001.restart2.jpeg",
		"video-001.separate.dc.progression.jpeg", "video-001.221212.jpeg", "video-001.q50.410.jpeg",
	} {
		all[name] = files[name]
	}
	return all
}

// TestWhatIsCutOffIsCorrupt cuts streams at every byte of their data, or many: no
// image is returned unless but the end of image lacks.
func TestWhatIsCutOffIsCorrupt(t *testing.T) {
	t.Parallel()
	for name, stream := range streams(t) {
		want := decode(t, stream)
		if stream[len(stream)-1] != 0xD9 {
			t.Fatalf("%s: does not end by an end of image", name)
		}
		step := 1 + len(stream)/300
		for cut := len(stream) - 3; cut > 0; cut -= step {
			if _, err := jpeg.Decode(stream[:cut], 1<<20); !errors.Is(err, sinso.ErrCorrupt) {
				t.Fatalf("%s: cut at %d of %d: got %v", name, cut, len(stream), err)
			}
		}
		for _, cut := range []int{1, 2} {
			if got, err := jpeg.Decode(stream[:len(stream)-cut], 1<<20); err != nil || !same(got, want) {
				t.Errorf("%s: without %d bytes of the end of image: %v", name, cut, err)
			}
		}
	}
}

// TestWhatIsAroundIsIgnored puts bytes around the stream and its markers.
func TestWhatIsAroundIsIgnored(t *testing.T) {
	t.Parallel()
	for name, stream := range streams(t) {
		want := decode(t, stream)
		frame := slices.IndexFunc(stream, func(byte) bool { return false })
		for i := 2; i < len(stream) && frame < 0; i += 2 + int(stream[i+2])<<8 + int(stream[i+3]) {
			if stream[i+1] >= 0xC0 && stream[i+1] <= 0xC3 {
				frame = i
			}
		}
		end := len(stream) - 2
		for what, changed := range map[string][]byte{
			"bytes before":                     slices.Concat([]byte{0, 0xFF, 1, 2}, stream),
			"bytes behind":                     slices.Concat(stream, []byte{0, 0xFF, 0xDA, 7}),
			"fill bytes before the frame":      slices.Insert(slices.Clone(stream), frame, 0xFF, 0xFF, 0xFF),
			"garbage before the frame":         slices.Insert(slices.Clone(stream), frame, 1, 2, 0xFF, 0, 3),
			"fill bytes before the end":        slices.Insert(slices.Clone(stream), end, 0xFF, 0xFF),
			"a restart before the end":         slices.Insert(slices.Clone(stream), end, 0xFF, 0xD3),
			"garbage before the end":           slices.Insert(slices.Clone(stream), end, 0x55, 0x55, 0, 0xFF, 0),
			"a comment and application data":   slices.Insert(slices.Clone(stream), 2, 0xFF, 0xFE, 0, 3, 9, 0xFF, 0xE5, 0, 2),
			"a Huffman table without codes":    slices.Insert(slices.Clone(stream), 2, append([]byte{0xFF, 0xC4, 0, 19, 0x13}, make([]byte, 16)...)...),
			"a number of lines that was known": slices.Insert(slices.Clone(stream), end, 0xFF, 0xDC, 0, 4, byte(want.Rows>>8), byte(want.Rows)),
		} {
			if got, err := jpeg.Decode(changed, 1<<20); err != nil || !same(got, want) {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
		late := slices.Insert(slices.Clone(stream), end, 0xFF, 0xDC, 0, 4, byte(want.Rows>>8), byte(want.Rows))
		late[frame+5], late[frame+6] = 0, 0
		got, err := jpeg.Decode(late, 1<<20)
		if scans := bytes.Count(stream, []byte{0xFF, 0xDA}); scans == 1 && (err != nil || !same(got, want)) {
			t.Errorf("%s: a number of lines that comes later: %v", name, err)
		} else if scans > 1 && !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: a number of lines that comes behind the last of several scans: %v", name, err)
		}
	}
}

// TestLimitIsOfDecodedBytes allows exactly the image, and one byte less.
func TestLimitIsOfDecodedBytes(t *testing.T) {
	t.Parallel()
	for name, stream := range streams(t) {
		size := int64(len(decode(t, stream).Pixels))
		if _, err := jpeg.Decode(stream, size); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := jpeg.Decode(stream, size-1); !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: one byte less: got %v", name, err)
		}
	}
}

// TestWhatIsNotDecodedSaysSo wants the class of each.
func TestWhatIsNotDecodedSaysSo(t *testing.T) {
	t.Parallel()
	grey, err := jpeg.EncodeBaseline(texture(16, 16, 1, 8), 80)
	if err != nil {
		t.Fatal(err)
	}
	lossless, err := jpeg.EncodeLossless(texture(16, 16, 1, 8), 1)
	if err != nil {
		t.Fatal(err)
	}
	replace := func(stream []byte, at string, offset int, v byte) []byte {
		b := slices.Clone(stream)
		i := bytes.Index(b, []byte(at))
		if i < 0 {
			t.Fatalf("no %x", at)
		}
		b[i+offset] = v
		return b
	}
	remove := func(stream []byte, at string) []byte {
		i := bytes.Index(stream, []byte(at))
		if i < 0 {
			t.Fatalf("no %x", at)
		}
		return slices.Concat(stream[:i], stream[i+2+int(stream[i+2])<<8+int(stream[i+3]):])
	}
	_, frame, _ := bytes.Cut(grey, []byte("\xFF\xC0"))
	frame = slices.Concat([]byte("\xFF\xC0"), frame[:11])
	head, scan, _ := bytes.Cut(grey[:len(grey)-2], []byte("\xFF\xDA"))
	scan = slices.Concat([]byte("\xFF\xDA"), scan)
	for name, tt := range map[string]struct {
		stream []byte
		class  error
	}{
		"nothing":                       {nil, sinso.ErrCorrupt},
		"start and end":                 {[]byte{0xFF, 0xD8, 0xFF, 0xD9}, sinso.ErrCorrupt},
		"arithmetic coding":             {replace(grey, "\xFF\xC0", 1, 0xC9), sinso.ErrUnsupported},
		"hierarchical":                  {replace(grey, "\xFF\xC0", 1, 0xC5), sinso.ErrUnsupported},
		"JPEG-LS":                       {replace(grey, "\xFF\xC0", 1, 0xF7), sinso.ErrUnsupported},
		"DCT of 10 bits":                {replace(grey, "\xFF\xC0", 4, 10), sinso.ErrUnsupported},
		"lossless of 17 bits":           {replace(lossless, "\xFF\xC3", 4, 17), sinso.ErrUnsupported},
		"lossless of 2 bits":            {replace(lossless, "\xFF\xC3", 4, 2), sinso.ErrCorrupt},
		"predictor 0":                   {replace(lossless, "\xFF\xDA", 7, 0), sinso.ErrCorrupt},
		"predictor 8":                   {replace(lossless, "\xFF\xDA", 7, 8), sinso.ErrCorrupt},
		"point transform of all bits":   {replace(lossless, "\xFF\xDA", 9, 8), sinso.ErrCorrupt},
		"no columns":                    {replace(grey, "\xFF\xC0", 8, 0), sinso.ErrCorrupt},
		"no rows":                       {replace(grey, "\xFF\xC0", 6, 0), sinso.ErrCorrupt},
		"sampling factor 0":             {replace(grey, "\xFF\xC0", 11, 0x01), sinso.ErrCorrupt},
		"sampling factor 5":             {replace(grey, "\xFF\xC0", 11, 0x15), sinso.ErrCorrupt},
		"another component in the scan": {replace(grey, "\xFF\xDA", 5, 9), sinso.ErrCorrupt},
		"huffman table 3":               {replace(grey, "\xFF\xDA", 6, 0x33), sinso.ErrCorrupt},
		"huffman table 4":               {replace(grey, "\xFF\xDA", 6, 0x44), sinso.ErrCorrupt},
		"no prefix code":                {replace(grey, "\xFF\xC4", 5, 3), sinso.ErrCorrupt},
		"no quantisation table":         {remove(grey, "\xFF\xDB"), sinso.ErrCorrupt},
		"no Huffman table":              {remove(grey, "\xFF\xC4"), sinso.ErrCorrupt},
		"no frame header":               {remove(grey, "\xFF\xC0"), sinso.ErrCorrupt},
		"no scan":                       {head, sinso.ErrCorrupt},
		"two frame headers":             {bytes.Replace(grey, frame, slices.Concat(frame, frame), 1), sinso.ErrCorrupt},
		"a component twice":             {slices.Concat(head, scan, scan, []byte("\xFF\xD9")), sinso.ErrCorrupt},
		"a restart that is not there":   {slices.Insert(slices.Clone(grey), 2, 0xFF, 0xDD, 0, 4, 0, 1), sinso.ErrCorrupt},
		"a restart amidst a row":        {slices.Insert(slices.Clone(lossless), 2, 0xFF, 0xDD, 0, 4, 0, 1), sinso.ErrCorrupt},
	} {
		if _, err := jpeg.Decode(tt.stream, 1<<20); !errors.Is(err, tt.class) {
			t.Errorf("%s: got %v, want %v", name, err, tt.class)
		}
	}
}
