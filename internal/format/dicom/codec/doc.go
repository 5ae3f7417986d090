// Package codec turns the frames of any transfer syntax into native ones and back,
// and whole objects from one transfer syntax into another.
//
// The codecs themselves are in the packages below. Here is what DICOM adds to them:
// which one a transfer syntax means, how a decoded sample lies in its cell, what
// becomes of colours, and what the attributes of an object must say afterwards
// (PS3.5 §8.2, PS3.3 C.7.6.3 and C.7.6.1.1.5).
package codec
