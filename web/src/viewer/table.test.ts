import { expect, test } from "vitest";
import type { Measurement, Values } from "./measure";
import { tableOf } from "./table";

const mark = (change: Partial<Measurement>): Measurement => ({ id: "2.25.1", kind: "length", points: [], space: "pixels", reference: "", instance: "1.2.3", frame: 1, series: "1.2", plane: null, ...change });
const lines = (m: Measurement, values?: Values): string[] => tableOf([{ mark: m, values }]).split("\r\n");

test("a row has a cell for each name, numbers as they are and units of what is measured only", () => {
  const [names = "", row = "", end] = lines(mark({}), { length: 12.34567, unit: "mm-detector", valueUnit: "HU" });
  expect(names.startsWith("\ufeffkind,length,short_axis,length_unit,")).toBe(true);
  expect(row).toBe("length,12.34567,,mm-detector,,,,,,,,,,,,1.2,1.2.3,1,,");
  expect(row.split(",").length).toBe(names.split(",").length);
  expect(end).toBe("");
});

test("a region has its statistics, and pixels without spacing their own unit", () => {
  const [, row] = lines(mark({ kind: "ellipse" }), { area: 50, mean: -5, deviation: 1.5, least: -9, most: 2, count: 40, unit: "px", valueUnit: "HU" });
  expect(row).toBe("ellipse,,,,,50,px2,,-5,1.5,-9,2,HU,40,,1.2,1.2.3,1,,");
});

test("a computed plane is no image; what is not finite is left out", () => {
  expect(lines(mark({ instance: "", frame: 0 }), { length: Number.NaN, unit: "mm", valueUnit: "" })[1]).toBe("length,,,mm,,,,,,,,,,,,1.2,,,,");
});

test("words are quoted and never a formula", () => {
  expect(lines(mark({ kind: "text", text: 'a, "b"' }))[1]).toContain(',"a, ""b""",');
  for (const text of ["=1+1", "+1", "-1", "@x", " =1", "\t=1"]) expect(lines(mark({ kind: "text", text }))[1]).toContain(`,'${text},`);
  const foreign = mark({ saved: { document: "1", at: "", by: "=cmd", own: false, values: { unit: "mm", valueUnit: "" }, lines: ["=a", "b"], written: { kind: "length", tracking: "1", label: "", points: [] } } });
  expect(lines(foreign)[1]).toMatch(/,'=a; b,.*,'=cmd,$/);
});
