// What is drawn over images: overlay planes, segments, contours, another modality.
import type { Shown } from "./pane";
import type { Signal } from "./signal";
import type { Source } from "./stack";

// Layer is one. It is asked about any image that a tile shows, and draws what of it lies there.
export interface Layer {
  readonly changed: Signal; // what is drawn is other than before
  // draw draws over an image. The context's units are the image's pixels, its first one from
  // (0, 0) to (1, 1); thin is one pixel of the screen in them.
  draw(context: CanvasRenderingContext2D, shown: Shown, source: Source, thin: number): void;
  // says names what is drawn over an image, "" for nothing.
  says(shown: Shown, source: Source): string;
  // warns says what should be drawn and cannot be, "" for nothing.
  warns(shown: Shown, source: Source): string;
}
