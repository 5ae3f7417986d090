// Package burnedin finds where text stands in the pixels of a frame, and never
// reads it.
//
// A frame is looked at in cells of 8 × 8 pixels, at full and at half size, for
// bright strokes on dark and dark ones on bright. What is measured of a cell and of
// windows around it tells burned-in text from anatomy: strokes are thin (a top-hat
// leaves nothing else), stand high above noise and clutter, have edges in all
// directions that are as sharp as pixels allow, and nearly one value. Boosted trees
// weigh this: those of the first round judge each cell, those of the second go by
// its neighbours, too, since text goes on in a line. Cells become the boxes of lines,
// which end where the strokes do; those of the third round judge each line as a whole:
// how strokes and gaps take turns in it, how even it is, and what is around it.
//
// The trees are fitted to frames that testdata/planted.py makes: drawn and real
// anatomy, phantoms, grain and curves with text of invented people, and without (TestFit
// writes model_gen.go). Text that is
// missed leaks a person, what is found wrongly costs pixels: what is unsure is found.
package burnedin
