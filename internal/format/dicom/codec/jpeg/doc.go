// Package jpeg reads and writes the JPEG streams (ITU-T T.81) of DICOM frames
// (PS3.5 §8.2.1): baseline, extended sequential and progressive DCT of 8 and 12
// bits, and lossless (process 14) of 2 to 16 bits, all with Huffman coding.
//
// Components come out as they were coded. What the stream says of their colours is
// in [Image.Transform]; Photometric Interpretation, which decides in DICOM, is the
// caller's matter.
package jpeg
