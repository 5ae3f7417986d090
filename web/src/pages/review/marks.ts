import type { ReviewBox, ReviewDetail, ReviewMark } from "../../api/types";

const everyFrame = -1; // the frame of a box that is blanked in each

// isIn reports whether a box is in a frame, from 0.
export const isIn = (box: Pick<ReviewBox, "frame">, frame: number): boolean => box.frame === frame || box.frame <= everyFrame;

// marksOf are what is blanked, and in a sample where somebody found a leak: what was
// released has it.
export function marksOf(item: Pick<ReviewDetail, "sample" | "marks" | "said">): ReviewMark[] {
  if (!item.sample) return item.marks;
  return [...item.marks, ...item.said.flatMap(({ boxes }) => boxes ?? []).map((box) => ({ ...box, by: "person" }))];
}

// drawnIn places a box that a person drew: in the frame that was looked at, or in every one.
export function drawnIn<B extends object>(box: B, frame: number, frames: number, every: boolean): B & { frame: number } {
  return { frame: frames === 1 || every ? everyFrame : frame, ...box };
}

const finals: readonly string[] = ["refused", "leaking"];

// isFinal reports whether nobody can decide otherwise any more.
export const isFinal = (state: string): boolean => finals.includes(state);

// mayRedact reports whether there are boxes to be blanked: drawn now, or said before.
export const mayRedact = (item: Pick<ReviewDetail, "said">, drawn: readonly ReviewBox[]): boolean =>
  drawn.length > 0 || item.said.some(({ boxes }) => (boxes?.length ?? 0) > 0);
