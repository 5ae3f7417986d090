// How much of a picture is drawn at a time, so that a page without a graphics processor
// still answers: nothing is asked for that takes longer than a budget.

// Level is how fine a picture is: its pixels by those of the screen, along a side, and how
// much longer than usual a ray's strides are.
export type Level = { scale: number; stride: number };

export const budget = 60; // ms
const coarsest = 1 / 6, longest = 2;

// A cost is what a pixel takes at usual strides, in ms. At first it is taken to be large:
// the first picture is coarse, and teaches what the next may be.
export const firstCost = 1;

// levelOf is the finest level of a whole picture within the budget.
export function levelOf(cost: number, pixels: number): Level {
  const room = budget / (cost * pixels);
  return room >= 1 ? { scale: 1, stride: 1 } : { scale: Math.max(coarsest, Math.min(1, Math.sqrt(room * longest))), stride: longest };
}

// rowsOf is how many rows of a fine picture are drawn at once.
export const rowsOf = (cost: number, width: number, left: number): number => Math.max(1, Math.min(left, Math.floor(budget / (cost * width))));

// learned is a cost after so many pixels took so long: dearer at once, cheaper by and by.
export function learned(cost: number, ms: number, pixels: number, stride: number): number {
  const seen = (ms * stride) / Math.max(1, pixels);
  return seen > cost ? seen : (cost + 3 * seen) / 4;
}
