import { expect, test } from "vitest";
import type { UploadView } from "../../api/types";
import { stateOf, troubled } from "./job";

const none = { files: 0, instances: 0, duplicates: 0, conflicts: 0, quarantined: 0, skipped: 0, bytes: 0, studies: [], moreStudies: 0, reasons: {} };
const upload = (state: string, outcome: Partial<typeof none> = {}): UploadView => ({
  id: "u_1", number: 1, batch: "b", name: "a", type: "", research: false, size: 1, offset: 1, state, created: "", expires: "", outcome: { ...none, ...outcome },
});

test("a file stands as the browser says until it is sent, and as the node says from then on", () => {
  expect(stateOf({ phase: "queued" }, undefined)).toBe("queued");
  expect(stateOf({ phase: "sending" }, upload("receiving"))).toBe("sending");
  expect(stateOf({ phase: "failed" }, upload("receiving"))).toBe("unsent");
  expect(stateOf({ phase: "sent" }, undefined)).toBe("waiting");
  expect(stateOf({ phase: "sent" }, upload("waiting"))).toBe("waiting");
  expect(stateOf({ phase: "sent" }, upload("taking"))).toBe("taking");
  expect(stateOf({ phase: "sent" }, upload("asking"))).toBe("asking");
  expect(stateOf({ phase: "sent" }, upload("failed"))).toBe("failed");
});

test("of what became of an archive, the worst is told", () => {
  const became = (outcome: Partial<typeof none>): string => stateOf({ phase: "sent" }, upload("done", outcome));
  expect(became({ files: 1, instances: 1 })).toBe("done");
  expect(became({ files: 1, duplicates: 1 })).toBe("duplicates");
  expect(became({ files: 9, instances: 8, quarantined: 1 })).toBe("quarantined");
  expect(became({ files: 9, instances: 8, conflicts: 1 })).toBe("conflicts");
  expect(became({ files: 2, skipped: 2 })).toBe("skipped");
  expect(became({})).toBe("skipped");
  expect(troubled.has("done") || troubled.has("duplicates")).toBe(false);
});
