// Package rle reads and writes frames of the RLE Lossless transfer syntax,
// 1.2.840.10008.1.2.5 (PS3.5 Annex G): each byte of a sample is a plane of its own,
// the most significant first, packed as PackBits packs.
package rle
