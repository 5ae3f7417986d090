import { expect, test } from "vitest";
import { written } from "./name";

test("a name is written in all its ways, without its marks", () => {
  expect(written("Wang^XiaoDong=王^小东")).toBe("Wang XiaoDong · 王 小东");
  expect(written("DOE^JANE^^Dr^")).toBe("DOE JANE Dr");
  expect(written("=王^小东=")).toBe("王 小东");
  expect(written("^^==")).toBe("");
  expect(written("")).toBe("");
});
