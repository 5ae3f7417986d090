import { expect, test } from "vitest";
import { cutPlane, hidden, lengthOf, mostMarks, read, type Shown, usual, write } from "./state";

const full: Shown = {
  layers: [{ kind: "bone", level: 250, colour: "#e8dcc0", opacity: 100 }, { kind: "skin", level: -300, colour: "#d8a184", opacity: 35 }],
  triangles: 500_000, pose: { turn: -33.5, rise: 12, zoom: 1.25, centre: [1.5, -2, 300.25] }, cut: { axis: "coronal", at: -12.5, turned: true }, lamp: 40,
  marks: [[[0, 0, 0], [3, 4, 0]], [[-1.25, 2, 3], [4, 5, 6]]],
};

test("what is written is read again, and an address may have it", () => {
  expect(read(write(full))).toEqual(full);
  expect(write(full)).toMatch(/^[\w=&.,-]+$/);
  const [bone] = full.layers;
  if (!bone) throw new Error("there is one");
  const outlined: Shown = { ...full, layers: [bone, { kind: "segment", level: 0, colour: "#86c5a4", opacity: 50, outline: { record: "i_abc234", segment: 12 } }] };
  expect(read(write(outlined))).toEqual(outlined);
  expect(write(outlined)).toMatch(/^[\w=&.,-]+$/);
  const plain: Shown = { ...usual, layers: [bone] };
  expect(read(write(plain))).toEqual(plain);
  expect(write(usual)).toBe("");
});

test.each([
  "", "m=brain,250", "m=bone,1e99,xyz,-5&v=999,-999,1e9&c=1,2&cut=axial,NaN&lamp=x&d=1,2,3,4,5", "m=skin,,</style>,NaN&t=1&v=,,&c=Infinity,0,0&d=a,b,c,d,e,f",
  `d=${"1,2,3,".repeat(5000)}1,2,3`, "m=bone&m=bone&n=bone&v=%E0%A4%A", "m=segment,0,ffffff,50,../../x,1&n=segment,0,ffffff,50,i_a,-1", "m=segment&n=segment,9,,,i_abc,1e9",
])("a link from anybody is bounded: %#", (text) => {
  const shown = read(text);
  for (const { kind, level, colour, opacity } of shown.layers) {
    expect(["bone", "skin", "threshold"]).toContain(kind); // a segment that is none is left out
    expect(colour).toMatch(/^#[\da-f]{6}$/);
    for (const n of [level, opacity]) expect(Number.isInteger(n)).toBe(true);
    expect(Math.abs(level)).toBeLessThanOrEqual(32768);
    expect(opacity).toBeGreaterThanOrEqual(5);
  }
  expect(shown.marks.length).toBeLessThanOrEqual(mostMarks);
  expect(shown.triangles).toBe(200_000);
  expect([shown.pose.turn, shown.pose.rise, shown.pose.zoom, shown.lamp, ...(shown.pose.centre ?? [])].every(Number.isFinite)).toBe(true);
});

test("an address says that a series is shown as a volume, and is bounded", () => {
  const volume: Shown = { ...usual, rendering: { preset: "lung", shift: -120 }, cut: { axis: "axial", at: 3, turned: false } };
  expect(read(write(volume))).toEqual(volume);
  expect(read(write({ ...full, rendering: { preset: "mip", shift: 0 } }))).toEqual({ ...full, rendering: { preset: "mip", shift: 0 } });
  expect(write(volume)).toMatch(/^[\w=&.,-]+$/);
  expect(read("w=bone,1e99").rendering).toEqual({ preset: "bone", shift: 500 });
  expect(read("w=mip,NaN").rendering).toEqual({ preset: "mip", shift: 0 });
  expect(read("w=constructor,1").rendering).toBeUndefined();
});

test("the plane of a cut hides what the cut hides", () => {
  for (const axis of ["axial", "coronal", "sagittal"] as const) {
    for (const turned of [false, true]) {
      const { normal: [x, y, z], at } = cutPlane({ axis, at: 20, turned });
      for (const point of [[30, 30, 30], [-30, -30, -30]] as const) expect(x * point[0] + y * point[1] + z * point[2] < at, `${axis} ${turned}`).toBe(hidden({ axis, at: 20, turned }, point));
    }
  }
});

test("a distance is in millimetres", () => { expect(full.marks.map(lengthOf)[0]).toBe(5); });

test("a cut takes the head, the front or the left away, or if turned the rest", () => {
  const ends = { axial: [0, 0, 1], coronal: [0, -1, 0], sagittal: [1, 0, 0] } as const;
  for (const axis of ["axial", "coronal", "sagittal"] as const) {
    const [x, y, z] = ends[axis];
    expect(hidden({ axis, at: 0, turned: false }, [x, y, z])).toBe(true);
    expect(hidden({ axis, at: 0, turned: false }, [-x, -y, -z])).toBe(false);
    expect(hidden({ axis, at: 0, turned: true }, [-x, -y, -z])).toBe(true);
  }
  expect(hidden(undefined, [0, 0, 1])).toBe(false);
});
