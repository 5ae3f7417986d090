import { expect, test } from "vitest";
import { speak } from "../../words/words";
import { outcome } from "./outcome";

test("an import says how many files there were, and what became of any", async () => {
  Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
  await speak("en");
  const none = { bytes: 0, conflicts: 0, duplicates: 0, files: 0, instances: 0, quarantined: 0, reasons: {}, skipped: 0, studies: [] as string[], moreStudies: 0 };
  expect(outcome(none)).toEqual(["0 files"]);
  expect(outcome({ ...none, files: 3, instances: 1, skipped: 2 })).toEqual(["3 files", "1 new image", "2 skipped"]);
  expect(outcome({ ...none, files: 1, instances: 1, studies: ["s_1"] })).toEqual(["1 file", "1 new image", "in 1 study"]);
  expect(outcome({ ...none, files: 1, instances: 1, studies: ["s_1", "s_2"], moreStudies: 39_998 })).toEqual(["1 file", "1 new image", "in 40,000 studies at most"]);
});
