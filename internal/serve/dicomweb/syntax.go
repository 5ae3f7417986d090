package dicomweb

import (
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// defaultSyntax is the transfer syntax of a media type of compressed frames that
// does not name one (PS3.18 Tables 8.7.3-2 and 8.7.3-5).
var defaultSyntax = map[string]string{
	"image/jpeg":      "1.2.840.10008.1.2.4.70",
	"image/jls":       "1.2.840.10008.1.2.4.80",
	"image/jp2":       "1.2.840.10008.1.2.4.90",
	"image/jpx":       "1.2.840.10008.1.2.4.92",
	"image/jphc":      "1.2.840.10008.1.2.4.201",
	"image/jxl":       "1.2.840.10008.1.2.4.110",
	"image/dicom-rle": "1.2.840.10008.1.2.5",
	"video/mpeg":      "1.2.840.10008.1.2.4.100",
	"video/mp4":       "1.2.840.10008.1.2.4.102",
	"video/H265":      "1.2.840.10008.1.2.4.107",
}

// mediaOf returns the media type of the frames of a transfer syntax (PS3.18 Tables
// 8.7.3-2 and 8.7.3-5).
func mediaOf(syntax string) string {
	number, ok := strings.CutPrefix(syntax, "1.2.840.10008.1.2.4.")
	if !ok {
		if syntax == defaultSyntax["image/dicom-rle"] {
			return "image/dicom-rle"
		}
		return octetType
	}
	for media, numbers := range map[string][]string{
		"image/jpeg": {"50", "51", "57", "70"}, "image/jls": {"80", "81"}, "image/jp2": {"90", "91"}, "image/jpx": {"92", "93"},
		"image/jxl": {"110", "111", "112"}, "image/jphc": {"201", "202", "203"},
		"video/mpeg": {"100", "100.1", "101", "101.1"}, "video/mp4": {"102", "102.1", "103", "103.1", "104", "104.1", "105", "105.1", "106", "106.1"}, "video/H265": {"107", "108"},
	} {
		if slices.Contains(numbers, number) {
			return media
		}
	}
	return octetType
}

// goal is how DICOM objects are to be given out: as stored, or in one of some
// transfer syntaxes, the best first.
type goal struct {
	asStored bool
	syntaxes []string
}

// goalOf collects the transfer syntaxes of the wishes that ask for the same kind of
// answer.
func goalOf(wishes []wish, same func(wish) bool) goal {
	var g goal
	for _, w := range wishes {
		if !same(w) {
			continue
		}
		switch w.syntax {
		case "*":
			g.asStored = true
		case "":
			g.syntaxes = append(g.syntaxes, dicom.ExplicitLittleEndian)
		default:
			g.syntaxes = append(g.syntaxes, w.syntax)
		}
	}
	return g
}

// takes reports whether what is stored is given out as it is.
func (g goal) takes(syntax string) bool { return g.asStored || slices.Contains(g.syntaxes, syntax) }

// convert returns an object in the form that is wanted: itself, or written anew.
func (c *call) convert(plain []byte, row sinso.InstanceRow, g goal) ([]byte, string, error) {
	if g.takes(row.Syntax) {
		return plain, row.Syntax, nil
	}
	file, err := dicom.Read(plain)
	if err != nil {
		return nil, "", damaged(row, err)
	}
	for _, syntax := range g.syntaxes {
		out, err := codec.Transcode(file, syntax)
		if err == nil {
			return out, syntax, nil
		}
		if !unsupported(err) {
			return nil, "", damaged(row, err)
		}
	}
	return nil, "", notConvertible()
}

func notConvertible() error {
	return notAcceptable("this cannot be given out in a transfer syntax that is accepted; transfer-syntax=* gives it out as it is")
}

// damaged is what the archive itself gave us and cannot be read.
func damaged(row sinso.InstanceRow, err error) error {
	return fmt.Errorf("dicomweb: instance %s: %w", row.ID, err)
}
