import { expect, test } from "vitest";
import { drawnIn, isFinal, isIn, marksOf, mayRedact } from "./marks";

const box = { x0: 1, y0: 2, x1: 3, y1: 4 };
const opinion = (boxes?: { frame: number; x0: number; y0: number; x1: number; y1: number }[]) => ({ at: "", by: "", decision: "", seq: 0, ...(boxes && { boxes }) });

test("a box of every frame is in each, and one of a frame in that alone", () => {
  expect([0, 7].map((frame) => isIn({ frame: -1 }, frame))).toEqual([true, true]);
  expect([6, 7].map((frame) => isIn({ frame: 7 }, frame))).toEqual([false, true]);
});

test("a sample shows where somebody found a leak; what is held back does not", () => {
  const item = { marks: [], said: [opinion([{ frame: 2, ...box }]), opinion()] };
  expect(marksOf({ ...item, sample: true })).toEqual([{ frame: 2, ...box, by: "person" }]);
  expect(marksOf({ ...item, sample: false })).toEqual([]);
});

test("a box is of the frame that was looked at, unless it is of every one", () => {
  expect(drawnIn(box, 4, 9, false).frame).toBe(4);
  expect(drawnIn(box, 4, 9, true).frame).toBe(-1);
  expect(drawnIn(box, 0, 1, false).frame).toBe(-1);
});

test("what is refused or leaks stays so", () => {
  expect(["refused", "leaking", "open", "approved", "sound"].filter(isFinal)).toEqual(["refused", "leaking"]);
});

test("without a box there is nothing to blank", () => {
  expect(mayRedact({ said: [opinion(), opinion([])] }, [])).toBe(false);
  expect(mayRedact({ said: [] }, [{ frame: -1, ...box }])).toBe(true);
  expect(mayRedact({ said: [opinion([{ frame: -1, ...box }])] }, [])).toBe(true);
});
