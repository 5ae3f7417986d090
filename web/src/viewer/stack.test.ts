import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Dataset } from "./dataset";
import type { Feed } from "./feed";
import { Lru } from "./lru";
import { Stack } from "./stack";

const value = (...Value: unknown[]) => ({ Value });
const frames = 40;
const film: Dataset = {
  "00080018": value("1.2.3"), "00080060": value("XA"), "00280002": value(1), "00280004": value("MONOCHROME2"), "00280008": value(frames), "00280010": value(2), "00280011": value(2),
  "00280100": value(8), "00280101": value(8), "00280102": value(7), "00280103": value(0),
};

// feed has all frames at once.
const feed = {
  frames: async (_: unknown, __: string, numbers: readonly number[], ___: AbortSignal, take: (number: number, coded: { bytes: Uint8Array; photometric: string }) => void) => { for (const n of numbers) take(n, { bytes: new Uint8Array(4), photometric: "" }); },
  files: async function* () { /* none */ },
} as unknown as Feed;

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test("pictures that arrive together are told of together, and the last is told of", async () => {
  const stack = new Stack({ study: "1", series: "2" }, [film], new Lru(1 << 20), "s", feed), seen: number[] = [];
  vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then, 16));
  stack.listen(() => { seen.push(stack.arrived()); });
  await Promise.all(stack.heads.map((_, i) => stack.ask(i)));
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.length).toBeLessThan(5);
  expect(seen.at(-1)).toBe(frames);
  stack.close();
});
