package jpeg

import "bytes"

// ToRGB returns an image whose three components, Y, Cb and Cr, were made R, G and B
// by the inverse of JFIF 1.02 §7 in the integers of the IJG's library. It converts
// whatever Transform says, since in DICOM the Photometric Interpretation decides,
// leaves m as it is, and returns it if it has not three components.
func (m Image) ToRGB() Image {
	if m.Samples != 3 {
		return m
	}
	m.Pixels = bytes.Clone(m.Pixels)
	YCbCrToRGB(m.Pixels, m.Precision)
	m.Transform = ColorRGB
	return m
}
