import { expect, test } from "vitest";
import type { Study } from "../../api/types";
import { anything, found, modalitiesOf } from "./find";

const study = (id: string, date: string | undefined, description: string, ...modalities: string[]): Study =>
  ({ id, description, modalities, ...(date ? { date } : {}) }) as unknown as Study;
const all = [study("1", "20240105", "Head, plain", "CT"), study("2", undefined, "Old disc", "MR", "SEG"), study("3", "20230105", "Head", "MR"), study("4", "20250105", "Abdomen", "US")];
const ids = (wanted: Partial<typeof anything>): string => found(all, { ...anything, ...wanted }, (one) => `${one.description} ${one.date} ${one.modalities.join(" ")}`).map(({ id }) => id).join("");

test("studies are found by each word anywhere, by modality, and put in order", () => {
  expect(ids({})).toBe("1234");
  expect(ids({ words: " HEAD  mr " })).toBe("3");
  expect(ids({ words: "head 2024" })).toBe("1");
  expect(ids({ words: "knee" })).toBe("");
  expect(ids({ modality: "MR" })).toBe("23");
  expect(ids({ order: "newest" })).toBe("4132"); // without a date last
  expect(ids({ order: "oldest" })).toBe("3142");
  expect(ids({ order: "name" })).toBe("4312");
  expect(modalitiesOf(all)).toEqual(["CT", "MR", "SEG", "US"]);
  expect(all.map(({ id }) => id).join("")).toBe("1234"); // the list itself stays as it is
});
