// Package json reads and writes the DICOM JSON Model (PS3.18 Annex F).
//
// [Encode] and [EncodeDataset] write a data set as a JSON object, [Decode] reads
// one, [Split] takes an array of them apart. [Pick] and [Merge] cut and join
// objects that are kept ready, without looking at their values.
//
// What is read may be hostile: depth, number of elements and memory are bounded by
// the size of the text.
package json
