import { expect, test } from "vitest";
import { text } from "../viewer/dataset";
import { unturned } from "./unturned";

test("letters that turn writing around are left out, and no others", () => {
  expect(unturned("a\u202eb\u2066c\u2069\u200f שלום ‌e\u0301")).toBe("abc שלום ‌e\u0301");
  expect(text({ "0008103E": { Value: ["  \u202eexe.gpj "] } }, "0008103E")).toBe("exe.gpj");
});
