package deface

import "sinso.dev/sinso/internal/stage/deid/deface/headphantom"

type (
	scan  = headphantom.Scan
	stuff = headphantom.Stuff
)

// What heads are scanned by.
var (
	asCT, asT1, asT2, asFLAIR = headphantom.CT(), headphantom.T1(), headphantom.T2(), headphantom.FLAIR()

	axial, headFirst, sagittal, coronal = headphantom.Axial, headphantom.HeadFirst, headphantom.Sagittal, headphantom.Coronal
	tilted, nodded                      = headphantom.Tilted, headphantom.Nodded
)

// measure scans a body.
func measure(m scan, body func(vec) stuff) Volume {
	return Volume(m.Measure(func(p headphantom.Place) stuff { return body(vec(p)) }))
}

// scanned scans a head.
func scanned(m scan, h headphantom.Head) Volume { return Volume(m.Measure(h.At)) }
