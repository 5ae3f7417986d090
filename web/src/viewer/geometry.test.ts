import { expect, test } from "vitest";
import { axisOf, crossing, edges, letters, onScreen, opposite, planeOf, toImage, toPatient, type Vec } from "./geometry";

test("letters name what a direction mostly points to", () => {
  const cases: [Vec, string][] = [[[1, 0, 0], "L"], [[-1, 0, 0], "R"], [[0, 1, 0], "P"], [[0, -1, 0], "A"], [[0, 0, 1], "H"], [[0, 0, -1], "F"],
    [[0.9, 0.43, 0], "LP"], [[-0.3, 0.1, -0.95], "FRP"], [[1, 0.01, -0.01], "L"]];
  for (const [direction, want] of cases) expect(letters(direction)).toBe(want);
  expect(opposite("FRP")).toBe("HLA");
});

// Image Orientation (Patient) of an axial slice in each Patient Position (PS3.3
// C.7.3.1.1.2), as scanners write it: the picture is always of somebody on their back seen
// from the feet, or turned as they lie.
test("an axial image shows the patient's left where its orientation says", () => {
  const cases: Record<string, [number[], string, string]> = {
    HFS: [[1, 0, 0, 0, 1, 0], "L", "A"], HFP: [[-1, 0, 0, 0, -1, 0], "R", "P"],
    FFS: [[1, 0, 0, 0, 1, 0], "L", "A"], FFP: [[-1, 0, 0, 0, -1, 0], "R", "P"],
    HFDR: [[0, 1, 0, -1, 0, 0], "P", "L"], HFDL: [[0, -1, 0, 1, 0, 0], "A", "R"],
  };
  for (const [position, [orientation, right, top]] of Object.entries(cases)) {
    const plane = planeOf([0, 0, 0], orientation, [1, 1]);
    if (!plane) throw new Error(position);
    const found = edges(letters(plane.right), letters(plane.down), { flip: false, quarters: 0 });
    expect([found.right, found.top], position).toEqual([right, top]);
    expect([found.left, found.bottom], position).toEqual([opposite(right), opposite(top)]);
  }
});

test("letters go with the picture when it is turned and mirrored", () => {
  const at = (flip: boolean, quarters: number): string => { const e = edges("L", "P", { flip, quarters }); return e.left + e.top + e.right + e.bottom; };
  expect(at(false, 0)).toBe("RALP");
  expect(at(false, 1)).toBe("PRAL"); // clockwise: the left edge goes to the top
  expect(at(false, 2)).toBe("LPRA");
  expect(at(false, 3)).toBe("ALPR");
  expect(at(true, 0)).toBe("LARP");
  expect(at(true, 1)).toBe("PLAR");
  for (let q = -4; q < 8; q++) {
    const { right, down } = onScreen({ flip: true, quarters: q });
    expect(right[0] * down[0] + right[1] * down[1] === 0, `${q} quarters`).toBe(true);
  }
});

test("a place goes to the patient and back", () => {
  const plane = planeOf([-100, 20, 7.5], [0.8, 0.6, 0, 0, 0, -1], [0.5, 0.7]);
  if (!plane) throw new Error("it is a plane");
  const p = toPatient(plane, 10, 20);
  expect(p[0]).toBeCloseTo(-100 + 10 * 0.7 * 0.8, 9); // columns are Pixel Spacing's second number apart
  expect(p[2]).toBeCloseTo(7.5 - 20 * 0.5, 9);
  const back = toImage(plane, p);
  expect([back.column, back.row, back.off].map((v) => Math.round(v * 1e9) / 1e9 + 0)).toEqual([10, 20, 0]);
  expect(axisOf(plane)).toBe("oblique");
});

test("what is no plane is none", () => {
  expect(planeOf([0, 0], [1, 0, 0, 0, 1, 0], [1, 1])).toBeUndefined();
  expect(planeOf([0, 0, 0], [1, 0, 0, 1, 0, 0], [1, 1])).toBeUndefined();
  expect(planeOf([0, 0, 0], [1, 0, 0, 0, 1, 0], [0, 1])).toBeUndefined();
  expect(planeOf([0, 0, 0], [0, 0, 0, 0, 0, 0], [1, 1])).toBeUndefined();
});

test("a slice crosses another where both are", () => {
  const axial = planeOf([-50, -50, 10], [1, 0, 0, 0, 1, 0], [1, 1]), coronal = planeOf([-50, 5, 60], [1, 0, 0, 0, 0, -1], [2, 1]);
  if (!axial || !coronal) throw new Error("they are planes");
  const line = crossing(axial, 101, 101, coronal);
  expect(line?.map(({ row }) => row)).toEqual([25, 25]); // z = 10 is 50 mm below the top, 2 mm a row
  expect(line?.map(({ column }) => column).sort((a, b) => a - b)).toEqual([-0.5, 100.5]);
  expect(crossing(axial, 101, 101, axial)).toBeUndefined();
  expect(crossing({ ...axial, origin: [-50, 6, 10] }, 10, 10, coronal)).toBeUndefined(); // it ends before
});
