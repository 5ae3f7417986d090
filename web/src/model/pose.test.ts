import { expect, test } from "vitest";
import { cross, dot, letters, opposite } from "../viewer/geometry";
import { basisOf, frameOf, fromSide, moved, place, pointAt, type Pose, type Side, sideOf, sides, start, turned } from "./pose";

const box = { low: [-100, -50, -200], high: [100, 50, 0] } as const;

test.each<[Side, string, string]>([["A", "L", "H"], ["P", "R", "H"], ["L", "P", "H"], ["R", "A", "H"], ["H", "R", "A"], ["F", "L", "A"]])("from %s, %s is at the right and %s at the top", (side, right, top) => {
  const basis = basisOf(fromSide(start, side));
  expect([letters(basis.near), letters(basis.right), letters(basis.up)]).toEqual([side, right, top]);
});

test("no view is a mirror image", () => {
  for (let turn = -180; turn <= 180; turn += 15) {
    for (let rise = -90; rise <= 90; rise += 15) {
      const { right, up, near } = basisOf({ turn, rise });
      expect(dot(cross(right, up), near)).toBeCloseTo(1, 12);
    }
  }
});

test("who goes to the patient's left sees that side", () => {
  expect(letters(basisOf(turned(start, 45, 0)).near)).toMatch(/^(LA|AL)$/);
  expect(letters(basisOf(turned(start, 0, 30)).near)).toBe("AH");
  expect(opposite(letters(basisOf(turned(start, 20, 0)).right))).toBe("RA");
});

test("a turn of whole circles is none, and nobody goes over the head", () => {
  expect(turned({ ...start, turn: 170 }, 20, 0).turn).toBe(-170);
  expect(turned(start, 720, 0).turn).toBe(0);
  expect(turned(start, 0, 500).rise).toBe(90);
  for (const side of sides) expect(sideOf(fromSide(start, side))).toBe(side);
  expect(sideOf(turned(start, 1, 0))).toBeUndefined();
});

test("a point on the patient's left is at the right of the screen, from the front", () => {
  const frame = frameOf(start, box, [400, 300]);
  const [x, y] = place(frame, [90, 0, -20]);
  expect(x).toBeGreaterThan(200);
  expect(y).toBeLessThan(150);
  expect(place(frameOf(fromSide(start, "P"), box, [400, 300]), [90, 0, -20])[0]).toBeLessThan(200);
});

test("what is moved lies where the hand took it", () => {
  const pose: Pose = { turn: 33, rise: -20, zoom: 2 }, frame = frameOf(pose, box, [400, 300]), point = pointAt(frame, 120, 90);
  expect(place(frame, point)).toEqual([expect.closeTo(120), expect.closeTo(90)]);
  expect(place(frameOf(moved(pose, frame, 30, -12), box, [400, 300]), point)).toEqual([expect.closeTo(150), expect.closeTo(78)]);
});
