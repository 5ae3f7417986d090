import { expect, test } from "vitest";
import { found } from "./filter";

const all = [
  { path: "(0010,0010)", name: "Patient's Name", action: "replaced", cause: "table" },
  { path: "(0008,0060)", name: "Modality", action: "kept", cause: "table" },
];

test("elements are found by path or name, in any case, and by action", () => {
  expect(found(all, "", "")).toEqual(all);
  expect(found(all, " patient", "")).toEqual([all[0]]);
  expect(found(all, "0008,", "")).toEqual([all[1]]);
  expect(found(all, "", "kept")).toEqual([all[1]]);
  expect(found(all, "patient", "kept")).toEqual([]);
});
