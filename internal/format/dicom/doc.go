// Package dicom reads and writes DICOM Part 10 files (PS3.10 §7, PS3.5).
//
// [Read] makes an index of every element over the bytes it is given: tag, VR,
// place, length. Values are not copied and the bytes are never changed, so what
// is stored is what arrived. Every byte may be hostile: each length is checked
// against what is left, depth and number of elements are bounded, and so is what
// a deflated file may unpack to.
//
// [File.Tree] gives a tree that can be edited, [Encode] writes one. Pixel data
// stays as it is: compressed frames are carried and never decoded here.
package dicom

//go:generate go run ./dictgen -facts dict.tsv -out dict_gen.go -names ../../../web/src/viewer/names.json
