// Package burnedin finds where text stands in the pixels of a frame, and never
// reads it.
//
// A frame is looked at in cells of 8 × 8 pixels, at full and at half size, for
// bright strokes on dark and dark ones on bright. What is measured of a cell and of
// windows around it tells burned-in text from anatomy: strokes are thin (a top-hat
// leaves nothing else), stand high above noise and clutter, have edges in all
// directions that are as sharp as pixels allow, and nearly one value. Boosted trees
// weigh this: those of the first round judge each cell, those of the second go by
// its neighbours, too, since text goes on in a line. Cells become the boxes of lines.
// Those of the third round look at each cell of a line once more, as a part of it: what
// its connected strokes are like, how far from the line's middle and its ends it is, what
// is beside it along the line and across. So boxes end where the strokes do. Those of the
// fourth judge each line as a whole: how strokes and gaps take turns in it, how even it
// is, how many of its strokes are as large as letters, and what is around it. The larger
// a line is in the frame, the surer it must be, up to a point. What was found at full size is not
// blanked again in the larger boxes of half the size.
//
// The trees are fitted to frames that testdata/planted.py makes: drawn and real
// anatomy, phantoms, grain and curves with text of invented people, and without, and pages
// of words (TestFit writes model_gen.go). Text that is missed leaks a person, what is found wrongly costs
// pixels: what is unsure is found.
package burnedin
