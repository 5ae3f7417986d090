// Laterality: what is left in the patient is on the right of the screen in a picture from
// the feet, however the slices were taken and whatever was computed of them.
import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import { edges, type Vec } from "./geometry";
import { type Head, headsOf } from "./head";
import { decode, readTables, valueOf } from "./pixels";
import { ordered } from "./stack";
import { boxOf, type Direction, type Grid, gridOf, planesOf, reslice, toGrid } from "./volume";

const size = 24, spacing = 2, none = { flip: false, quarters: 0 };

// what is in the patient at a place: a bright ball on the left, a dimmer one in front, a
// dim one at the head.
function inPatient([x, y, z]: Vec): number {
  const near = (cx: number, cy: number, cz: number): boolean => Math.hypot(x - cx, y - cy, z - cz) <= 7;
  return near(14, 0, 0) ? 900 : near(0, -14, 0) ? 600 : near(0, 0, 14) ? 300 : 0;
}

// scanned is a series of slices through the middle of the patient, as a scanner writes it
// whose rows and columns run in two directions.
function scanned(right: Vec, down: Vec, reversed: boolean): { heads: Head[]; pixels: Int16Array[]; grid: Grid } {
  const n: Vec = [right[1] * down[2] - right[2] * down[1], right[2] * down[0] - right[0] * down[2], right[0] * down[1] - right[1] * down[0]];
  const half = ((size - 1) * spacing) / 2, byInstance = new Map<string, Int16Array>();
  const datasets = Array.from({ length: size }, (_, k): Dataset => {
    const at = k * spacing - half;
    const origin = [0, 1, 2].map((a) => (n[a] ?? 0) * at - half * ((right[a] ?? 0) + (down[a] ?? 0))) as unknown as Vec;
    const pixels = new Int16Array(size * size), uid = `1.2.${k}`;
    for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) pixels[r * size + c] = inPatient([0, 1, 2].map((a) => (origin[a] ?? 0) + spacing * (c * (right[a] ?? 0) + r * (down[a] ?? 0))) as unknown as Vec) + 24;
    byInstance.set(uid, pixels);
    const value = (...Value: unknown[]) => ({ Value });
    return {
      "00080018": value(uid), "0020000E": value("1.2"), "00080060": value("CT"), "00200013": value(reversed ? size - k : k + 1), "00280010": value(size), "00280011": value(size),
      "00280100": value(16), "00280101": value(16), "00280102": value(15), "00280103": value(1), "00280004": value("MONOCHROME2"), "00281052": value(-24), "00281053": value(1),
      "00200032": value(...origin), "00200037": value(...right, ...down), "00280030": value(spacing, spacing), "00200052": value("1.2.9"),
    };
  });
  const heads = ordered(datasets.flatMap(headsOf)), grid = gridOf(heads);
  if (typeof grid === "string") throw new Error(grid);
  return { heads, grid, pixels: heads.map((h) => byInstance.get(h.instance) ?? new Int16Array()) };
}

// brightest returns where on the screen a value is: a share of the width and the height.
function where(values: ArrayLike<number>, rows: number, columns: number, sought: number): [number, number] {
  let x = 0, y = 0, count = 0;
  for (let i = 0; i < rows * columns; i++) {
    if (Math.abs((values[i] ?? 0) - sought) > 1) continue;
    x += i % columns;
    y += Math.floor(i / columns);
    count++;
  }
  return [x / count / (columns - 1), y / count / (rows - 1)];
}

const scans: Record<string, [Vec, Vec]> = {
  "axial, on the back": [[1, 0, 0], [0, 1, 0]], "axial, on the belly": [[-1, 0, 0], [0, -1, 0]], "axial, on the right side": [[0, 1, 0], [-1, 0, 0]],
  "axial, on the left side": [[0, -1, 0], [1, 0, 0]], "coronal": [[1, 0, 0], [0, 0, -1]], "coronal from behind": [[-1, 0, 0], [0, 0, -1]], "sagittal": [[0, 1, 0], [0, 0, -1]],
};

for (const [name, [right, down]] of Object.entries(scans)) {
  for (const reversed of [false, true]) {
    test(`stack: the letters tell where left, front and head are: ${name}${reversed ? ", numbered backwards" : ""}`, () => {
      const { heads, pixels } = scanned(right, down, reversed);
      for (const [value, letter] of [[900, "L"], [600, "A"], [300, "H"]] as const) {
        const k = pixels.findIndex((p) => p.some((v) => v === value + 24)), best = pixels.reduce((b, p, i) => { const n = p.filter((v) => v === value + 24).length; return n > b.n ? { i, n } : b; }, { i: k, n: 0 }).i;
        const head = heads[best], found = pixels[best];
        if (!head || !found) throw new Error("a slice is missing");
        const of = valueOf(head, readTables(head, new Map())), shown = decode(new Uint8Array(found.buffer), head);
        const [x, y] = where(Float32Array.from(shown.data, of), size, size, value), letters = edges(head.edges.row, head.edges.column, none);
        const to: Record<string, boolean> = { [letters.right]: x > 0.6, [letters.left]: x < 0.4, [letters.bottom]: y > 0.6, [letters.top]: y < 0.4 };
        if (letter in to) expect(to[letter], `${letter} of ${JSON.stringify(letters)}: ${x},${y}`).toBe(true);
      }
    });

    test(`planes: left is on the right, front and head are above: ${name}${reversed ? ", numbered backwards" : ""}`, () => {
      const { grid, pixels } = scanned(right, down, reversed);
      const values = new Int16Array(size ** 3);
      pixels.forEach((p, k) => { values.set(p, k * size * size); });
      const volume = { ...grid, values, outside: 0 };
      const of = (direction: Direction) => {
        const { planes, rows, columns } = planesOf(boxOf(grid), direction, spacing), plane = planes[Math.floor(planes.length / 2)];
        if (!plane) throw new Error("no plane");
        return (value: number) => where(reslice(volume, { plane, rows, columns, samples: size, between: spacing, blend: "max" }), rows, columns, value + 24);
      };
      const axial = of("axial"), coronal = of("coronal"), sagittal = of("sagittal");
      expect(axial(900)[0]).toBeGreaterThan(0.6); // left
      expect(axial(600)[1]).toBeLessThan(0.4); // front
      expect(coronal(900)[0]).toBeGreaterThan(0.6);
      expect(coronal(300)[1]).toBeLessThan(0.4); // head
      expect(sagittal(600)[0]).toBeLessThan(0.4);
      expect(sagittal(300)[1]).toBeLessThan(0.4);
    });
  }
}

test("planes are listed from the head, the front and the right", () => {
  const { grid } = scanned([1, 0, 0], [0, 1, 0], false), box = boxOf(grid);
  const ends = (direction: Direction, axis: number): number[] => { const { planes } = planesOf(box, direction, spacing); return [planes[0]?.origin[axis] ?? 0, planes.at(-1)?.origin[axis] ?? 0]; };
  expect(ends("axial", 2)).toEqual([23, -23]);
  expect(ends("coronal", 1)).toEqual([-23, 23]);
  expect(ends("sagittal", 0)).toEqual([-23, 23]);
});

test("a cut along the slices gives them back, between two the mean", () => {
  const { grid, pixels, heads } = scanned([1, 0, 0], [0, 1, 0], false), values = new Int16Array(size ** 3);
  pixels.forEach((p, k) => { values.set(p, k * size * size); });
  const plane = heads[12]?.plane;
  if (!plane) throw new Error("no plane");
  const cut = { plane, rows: size, columns: size, samples: 1, between: spacing, blend: "mean" as const };
  expect(reslice({ ...grid, values, outside: 0 }, cut)).toEqual(pixels[12]);
  const between = reslice({ ...grid, values, outside: 0 }, { ...cut, plane: { ...plane, origin: [plane.origin[0], plane.origin[1], plane.origin[2] + spacing / 2] } });
  expect(between.every((v, i) => v === Math.round(((pixels[12]?.[i] ?? 0) + (pixels[13]?.[i] ?? 0)) / 2))).toBe(true);
});

test("a tilted gantry shears the grid, and places come back", () => {
  const g: Grid = { size: [4, 4, 4], origin: [5, 6, 7], across: [1, 0, 0], along: [0, 2, 0], step: [0, 0.5, 3] }, { place } = toGrid(g);
  expect(place([5 + 2, 6 + 2 + 1.5, 7 + 9]).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([2, 1, 3]);
});

test("what is no volume is said to be none", () => {
  const { heads } = scanned([1, 0, 0], [0, 1, 0], false);
  expect(gridOf(heads.slice(0, 2))).toBe("few");
  expect(gridOf(heads.filter((_, i) => i !== 7))).toBe("gaps");
  expect(gridOf(heads.map((h, i) => (i === 3 ? { ...h, rows: 5 } : h)))).toBe("sizes");
  expect(gridOf(heads.map((h) => ({ ...h, samples: 3 })))).toBe("colour");
  expect(gridOf(heads.map((h): Head => { const { plane, ...rest } = h; return plane ? rest : h; }))).toBe("planes");
});
