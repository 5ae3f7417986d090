package dicom_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// pixels is an image of n frames.
func pixels(rows, columns, samples, allocated, n int, photometric string, e dicom.DataElement) dicom.Dataset {
	var ds dicom.Dataset
	for tag, v := range map[dicom.Tag]int{0x00280002: samples, 0x00280010: rows, 0x00280011: columns, 0x00280100: allocated} {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, uint16(v))})
	}
	ds.SetString(0x00280004, "CS", photometric)
	ds.SetString(0x00280008, "IS", strings.Repeat("0", 8)+string(rune('0'+n)))
	e.Tag = pixelData
	ds.Set(e)
	return ds
}

// TestFramesAreCut finds the frames of native and of compressed pixel data.
func TestFramesAreCut(t *testing.T) {
	t.Parallel()
	offsets := func(v ...uint32) string {
		var b []byte
		for _, o := range v {
			b = binary.LittleEndian.AppendUint32(b, o)
		}
		return string(b)
	}
	fragments := func(list ...string) dicom.DataElement {
		e := dicom.DataElement{VR: "OB"}
		for _, f := range list {
			e.Fragments = append(e.Fragments, []byte(f))
		}
		return e
	}
	native := func(s string) dicom.DataElement { return dicom.DataElement{VR: "OB", Value: []byte(s)} }
	const rle = "1.2.840.10008.1.2.5"
	for title, tt := range map[string]struct {
		syntax string
		ds     dicom.Dataset
		want   []string
	}{
		"8 bits":               {dicom.ExplicitLittleEndian, pixels(2, 2, 1, 8, 2, "MONOCHROME2", native("abcdefgh")), []string{"abcd", "efgh"}},
		"16 bits":              {dicom.ExplicitLittleEndian, pixels(1, 2, 1, 16, 2, "MONOCHROME2", native("abcdefgh")), []string{"abcd", "efgh"}},
		"colour":               {dicom.ExplicitLittleEndian, pixels(1, 1, 3, 8, 2, "RGB", native("abcdef")), []string{"abc", "def"}},
		"shared chrominance":   {dicom.ExplicitLittleEndian, pixels(1, 2, 3, 8, 2, "YBR_FULL_422", native("abcdefgh")), []string{"abcd", "efgh"}},
		"padded":               {dicom.ExplicitLittleEndian, pixels(1, 1, 3, 8, 1, "RGB", native("abc\x00")), []string{"abc"}},
		"bits in whole bytes":  {dicom.ExplicitLittleEndian, pixels(2, 4, 1, 1, 2, "MONOCHROME2", native("\x0F\xF0")), []string{"\x0F", "\xF0"}},
		"bits without a gap":   {dicom.ExplicitLittleEndian, pixels(1, 3, 1, 1, 3, "MONOCHROME2", native("\xAC\x01")), []string{"\x04", "\x05", "\x06"}}, // 100 101 110, lowest first
		"bits over bytes":      {dicom.ExplicitLittleEndian, pixels(1, 9, 1, 1, 2, "MONOCHROME2", native("\xFF\x01\x02\x00")), []string{"\xFF\x01", "\x00\x01"}},
		"one fragment":         {rle, pixels(2, 2, 1, 8, 1, "MONOCHROME2", fragments("", "abcd")), []string{"abcd"}},
		"fragment a frame":     {rle, pixels(2, 2, 1, 8, 2, "MONOCHROME2", fragments("", "ab", "cdef")), []string{"ab", "cdef"}},
		"one frame, fragments": {rle, pixels(2, 2, 1, 8, 1, "MONOCHROME2", fragments("", "ab", "cdef")), []string{"abcdef"}},
		"offset table":         {rle, pixels(2, 2, 1, 8, 2, "MONOCHROME2", fragments(offsets(0, 22), "ab", "cdef", "gh")), []string{"abcdef", "gh"}},
		"table that lies":      {rle, pixels(2, 2, 1, 8, 2, "MONOCHROME2", fragments(offsets(0, 23), "ab", "cdef", "gh")), []string{"abcdefgh"}},
		"table that repeats":   {rle, pixels(2, 2, 1, 8, 2, "MONOCHROME2", fragments(offsets(0, 0), "ab", "cdef")), []string{"ab", "cdef"}},
		"table that goes back": {rle, pixels(2, 2, 1, 8, 3, "MONOCHROME2", fragments(offsets(0, 22, 10), "ab", "cdef", "gh")), []string{"ab", "cdef", "gh"}},
		"no table":             {rle, pixels(2, 2, 1, 8, 2, "MONOCHROME2", fragments("", "ab", "cd", "ef")), []string{"abcdef"}},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			frames, err := mustRead(t, mustEncode(t, tt.syntax, tt.ds)).Frames()
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, len(frames))
			for i, frame := range frames {
				got[i] = string(frame)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			nativeFramesAreThese(t, mustEncode(t, tt.syntax, tt.ds), tt.syntax, tt.want)
		})
	}
}

// TestExtendedOffsetTableIsUsed cuts frames by 64-bit offsets.
func TestExtendedOffsetTableIsUsed(t *testing.T) {
	t.Parallel()
	ds := pixels(2, 2, 1, 8, 2, "MONOCHROME2", dicom.DataElement{VR: "OB", Fragments: [][]byte{{}, []byte("ab"), []byte("cd"), []byte("ef")}})
	table := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 0), 10)
	ds.Set(dicom.DataElement{Tag: 0x7FE00001, VR: "OV", Value: table})
	frames, err := mustRead(t, mustEncode(t, "1.2.840.10008.1.2.4.90", ds)).Frames()
	if err != nil || len(frames) != 2 || string(frames[0]) != "ab" || string(frames[1]) != "cdef" {
		t.Errorf("got %q, %v", frames, err)
	}
}

// TestFramesRefuses asks for frames that are not there.
func TestFramesRefuses(t *testing.T) {
	t.Parallel()
	native := dicom.DataElement{VR: "OB", Value: []byte("abcd")}
	many := pixels(1, 1, 1, 8, 1, "MONOCHROME2", native)
	many.SetString(0x00280008, "IS", "2000000000")
	without := pixels(2, 2, 1, 8, 1, "MONOCHROME2", native)
	without.Remove(pixelData)
	for title, tt := range map[string]struct {
		syntax string
		ds     dicom.Dataset
		class  error
	}{
		"more frames than bytes": {dicom.ExplicitLittleEndian, pixels(2, 2, 1, 8, 2, "MONOCHROME2", native), sinso.ErrCorrupt},
		"no rows":                {dicom.ExplicitLittleEndian, pixels(0, 2, 1, 8, 1, "MONOCHROME2", native), sinso.ErrCorrupt},
		"12 bits allocated":      {dicom.ExplicitLittleEndian, pixels(2, 2, 1, 12, 1, "MONOCHROME2", native), sinso.ErrCorrupt},
		"too many frames":        {dicom.ExplicitLittleEndian, many, sinso.ErrUnsupported},
		"no pixel data":          {dicom.ExplicitLittleEndian, without, sinso.ErrNotFound},
		"no fragment":            {"1.2.840.10008.1.2.5", pixels(2, 2, 1, 8, 1, "MONOCHROME2", dicom.DataElement{VR: "OB", Fragments: [][]byte{{}}}), sinso.ErrCorrupt},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if frames, err := mustRead(t, mustEncode(t, tt.syntax, tt.ds)).Frames(); !errors.Is(err, tt.class) {
				t.Errorf("got %d frames, %v; want %v", len(frames), err, tt.class)
			}
			if tt.syntax != dicom.ExplicitLittleEndian {
				return
			}
			f, err := dicom.ReadHeader(mustEncode(t, tt.syntax, tt.ds))
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := f.NativeFrame(0); !errors.Is(err, tt.class) {
				t.Errorf("by the header: got %v, want %v", err, tt.class)
			}
		})
	}
	f := mustRead(t, mustEncode(t, dicom.ExplicitLittleEndian, pixels(2, 2, 1, 8, 1, "MONOCHROME2", native)))
	if b, err := f.PixelBytes(); err != nil || string(b) != "abcd" {
		t.Errorf("got %q, %v", b, err)
	}
	f = mustRead(t, mustEncode(t, "1.2.840.10008.1.2.5", pixels(2, 2, 1, 8, 1, "MONOCHROME2", dicom.DataElement{VR: "OB", Fragments: [][]byte{{}, {1, 2}}})))
	if _, err := f.PixelBytes(); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("compressed: got %v", err)
	}
}

// nativeFramesAreThese finds each frame by the header alone; those that it does not find
// are compressed, or share bytes.
func nativeFramesAreThese(t *testing.T, whole []byte, syntax string, want []string) {
	t.Helper()
	file, err := dicom.ReadHeader(whole)
	if err != nil {
		t.Fatal(err)
	}
	for i, frame := range want {
		offset, length, err := file.NativeFrame(i)
		allocated, _ := file.Int(0x00280100)
		if errors.Is(err, sinso.ErrUnsupported) && (syntax != dicom.ExplicitLittleEndian || allocated == 1) {
			return
		}
		if err != nil || string(whole[offset:offset+length]) != frame {
			t.Errorf("by the header: frame %d is %d bytes at %d, %v, want %q", i, length, offset, err, frame)
		}
	}
	for _, i := range []int{-1, len(want)} {
		if _, _, err := file.NativeFrame(i); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("by the header: frame %d: got %v, want not found", i, err)
		}
	}
}
