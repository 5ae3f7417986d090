import { expect, test } from "vitest";
import { speak, word } from "../../words/words";
import { refused } from "./refused";

test("a file that cannot be read is not told of as a copy that cannot be made", async () => {
  Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
  await speak("en");
  expect(refused("unreadable")).toBe("cannot be read");
  expect(word("reason", "unreadable")).toContain("written again");
  expect(refused("empty")).toBe("empty file");
  expect(refused("newer-than-the-page")).toBe("newer-than-the-page");
});
