import { expect, test } from "vitest";
import { speak } from "../../words/words";
import { outcome } from "./outcome";

test("an import says how many files there were, and what became of any", async () => {
  Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
  await speak("en");
  const none = { bytes: 0, conflicts: 0, duplicates: 0, files: 0, instances: 0, quarantined: 0, reasons: {}, skipped: 0, studies: [] };
  expect(outcome(none)).toEqual(["0 files"]);
  expect(outcome({ ...none, files: 3, instances: 1, skipped: 2 })).toEqual(["3 files", "1 new image", "2 skipped"]);
});
