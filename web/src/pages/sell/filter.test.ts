import { expect, test } from "vitest";
import type { Series } from "../../api/types";
import { anything, fits, parts, times, when } from "./filter";

const series = (id: string, bodyPart: string, date?: string, time?: string): Series => ({ id, bodyPart, modality: "CT", instances: 1, ...(date && { date }), ...(time && { time }) });
const all = [series("chest", "CHEST", "20240117", "0930"), series("late", "CHEST", "20240118", "0800"), series("head", "HEAD", "20240117"), series("undated", "HEAD")];
const found = (wanted: Partial<typeof anything>): string => all.filter((one) => fits(one, { ...anything, ...wanted })).map((one) => one.id).join();

test("what is wanted is found by part of the body and by time, bounds included", () => {
  expect(found({})).toBe("chest,late,head,undated");
  expect(found({ part: "CHEST" })).toBe("chest,late");
  expect(found({ from: "2024-01-17T09:30", to: "2024-01-17T23:59" })).toBe("chest");
  expect(found({ to: "2024-01-17T09:30" })).toBe("chest,head");
  expect(found({ from: "2024-01-18T08:00" })).toBe("late");
  expect(found({ part: "HEAD", from: "2000-01-01T00:00" })).toBe("head");
});

test("there is only to choose from what differs", () => {
  expect(parts(all)).toEqual(["CHEST", "HEAD"]);
  expect(times(all)).toEqual(["2024-01-17T00:00", "2024-01-18T08:00"]);
  expect(times(all.slice(0, 1))).toBeUndefined();
  expect(when(series("x", "", "2024-1-1"))).toBe("");
});
