// What the tiles show when presses follow each other faster than their answers.
import { beforeEach, expect, test, vi } from "vitest";
import type { Series } from "../api/types";
import { type Block, Cuts } from "./cuts";
import type { Dataset } from "./dataset";
import { Desk } from "./desk";
import type { Feed } from "./feed";
import { Lru } from "./lru";
import { Mpr } from "./mpr";
import type { Tone } from "./pixels";
import { Shelf } from "./shelf";
import { Stack } from "./stack";
import { gridOf } from "./volume";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}) }); });

const value = (...Value: unknown[]) => ({ Value });
const never: Feed = {
  metadata: () => new Promise(() => { /* nothing is asked */ }), frames: () => new Promise(() => { /* no frame comes */ }),
  files: async function* () { /* none */ }, bulkData: () => new Promise(() => { /* none */ }), bulkBlob: () => new Promise(() => { /* none */ }), header: () => Promise.resolve(undefined), picture: () => "",
};

// stackOf is a series of three axial slices.
function stackOf(id: string): Stack {
  const slices = [0, 1, 2].map((k): Dataset => ({
    "00080018": value(`${id}.${k}`), "00200013": value(k), "00280010": value(4), "00280011": value(4), "00280100": value(16), "00280101": value(16), "00280004": value("MONOCHROME2"),
    "00280030": value(1, 1), "00200032": value(0, 0, k), "00200037": value(1, 0, 0, 0, 1, 0),
  }));
  return new Stack({ study: "1", series: id }, slices, new Lru(1 << 20), id, never);
}

// later is a promise that the test ends.
function later<T>() {
  let resolve: (value: T) => void = () => {}, reject: (error: unknown) => void = () => {};
  const done = new Promise<T>((yes, no) => { resolve = yes; reject = no; });
  return { done, resolve, reject };
}

const series = (id: string): Series => ({ id, uid: id, modality: "CT", instances: 3 }) as Series;

// shelved is a desk whose series come when the test says.
function shelved() {
  const desk = new Desk(), answers = new Map<string, ReturnType<typeof later<Stack>>>();
  const shelf = new Shelf(desk, ({ id }) => {
    const answer = later<Stack>();
    answers.set(id, answer);
    return answer.done;
  });
  const answer = (id: string): void => { answers.get(id)?.resolve(stackOf(id)); };
  return { desk, shelf, answer, answers };
}

test("a tile shows the series of the last click, whichever answer comes last", async () => {
  const { desk, shelf, answer } = shelved();
  const first = shelf.show(series("a"), 0), second = shelf.show(series("b"), 0), beside = shelf.show(series("c"), 1);
  answer("b");
  answer("c");
  await Promise.all([second, beside]);
  answer("a");
  await first;
  expect(desk.panes.map(({ source }) => source?.id)).toEqual(["b", "c", undefined, undefined]);
});

test("a click on what is here already is not undone by an answer that was waited for", async () => {
  const { desk, shelf, answer } = shelved();
  const opened = shelf.show(series("a"), 0);
  answer("a");
  await opened;
  const slow = shelf.show(series("b"), 0);
  await shelf.show(series("a"), 0);
  answer("b");
  await slow;
  expect(desk.panes[0]?.source?.id).toBe("a");
});

test("the failure of a series that is not wanted any more is none", async () => {
  const { shelf, answers, answer } = shelved();
  const first = shelf.show(series("a"), 0), second = shelf.show(series("b"), 0);
  answers.get("a")?.reject(new Error("cut off"));
  await expect(first).resolves.toBeUndefined();
  answers.get("b")?.reject(new Error("cut off"));
  await expect(second).rejects.toThrow("cut off");
  const left = shelf.show(series("c"), 0);
  shelf.close();
  answer("c");
  await left;
  expect([shelf.asked(0), shelf.of("c")]).toEqual([false, undefined]);
});

// planes is a desk with series a and b side by side, and blocks that come when the test says.
function planes() {
  const desk = new Desk(), asked: { stack: Stack; signal: AbortSignal; closed: () => number; come: () => void; fail: () => void }[] = [];
  desk.set({ layout: "1x2" });
  const [a, b] = [stackOf("a"), stackOf("b")];
  desk.panes[0]?.show(a);
  desk.panes[1]?.show(b);
  const mpr = new Mpr(desk, (stack, signal) => {
    const answer = later<Block>(), grid = gridOf(stack.heads), close = vi.fn();
    const block = { grid, head: stack.heads[0], cut: () => new Promise(() => { /* no cut comes */ }), close } as unknown as Block;
    asked.push({ stack, signal, closed: () => close.mock.calls.length, come: () => { answer.resolve(block); }, fail: () => { answer.reject(new Error("cut off")); } });
    return answer.done;
  });
  const sources = (): (string | undefined)[] => desk.panes.map(({ source }) => source?.id);
  return { desk, mpr, asked, sources, b };
}

test("the planes are those of the active tile's series, and leave no cut behind", async () => {
  const { desk, mpr, asked, sources } = planes();
  desk.set({ active: 1 });
  const laid = mpr.toggle();
  expect(mpr.state).toBe("coming");
  asked[0]?.come();
  await laid;
  expect([mpr.state, desk.layout, ...sources()]).toEqual(["on", "2x2", "b/axial", "b/coronal", "b/sagittal", "b"]);
  desk.panes[3]?.go(2);
  await mpr.toggle();
  expect([mpr.state, desk.layout, desk.active, asked[0]?.closed()]).toEqual(["off", "1x2", 1, 1]);
  expect(desk.panes.some(({ source }) => source instanceof Cuts)).toBe(false);
  expect(sources()).toEqual(["a", "b", undefined, undefined]);
  expect(desk.panes[1]?.index).toBe(2);
});

test("planes that are switched off leave each tile as it was, and what was put into one since", async () => {
  const { desk, mpr, asked, sources } = planes();
  const window: Tone = { window: { center: 7, width: 9, voi: "LINEAR" }, invert: true };
  desk.panes[1]?.begin(window);
  desk.panes[1]?.setView(3, [5, 6]);
  desk.panes[1]?.setTurn({ flip: true, quarters: 1 });
  desk.panes[1]?.go(2);
  const laid = mpr.toggle();
  asked[0]?.come();
  await laid;
  desk.panes[0]?.show(stackOf("c"));
  await mpr.toggle();
  expect([desk.layout, ...sources()]).toEqual(["1x2", "c", "b", undefined, undefined]);
  const { index, tone, zoom, pan, turn } = desk.panes[1] ?? {};
  expect({ index, tone, zoom, pan, turn }).toEqual({ index: 2, tone: window, zoom: 3, pan: [5, 6], turn: { flip: true, quarters: 1 } });
});

test("a second press before the planes are here takes the first back, a third asks anew", async () => {
  const { mpr, asked, sources } = planes();
  const first = mpr.toggle();
  await mpr.toggle();
  expect([mpr.state, asked[0]?.signal.aborted]).toEqual(["off", true]);
  const third = mpr.toggle();
  asked[0]?.come();
  await first;
  expect([mpr.state, asked[0]?.closed(), sources()[0]]).toEqual(["coming", 1, "a"]);
  asked[1]?.come();
  await third;
  expect([mpr.state, asked.length, asked[1]?.closed(), sources()[0]]).toEqual(["on", 2, 0, "a/axial"]);
});

test("planes that fail are off again, and say so only to who still waits", async () => {
  const { mpr, asked } = planes();
  const first = mpr.toggle();
  asked[0]?.fail();
  await expect(first).rejects.toThrow("cut off");
  expect(mpr.state).toBe("off");
  const second = mpr.toggle();
  mpr.close();
  asked[1]?.fail();
  await expect(second).resolves.toBeUndefined();
});

test("who shows another series in the tile wants the planes no more", async () => {
  const { desk, mpr, asked, sources, b } = planes();
  const laid = mpr.toggle();
  desk.panes[0]?.show(b);
  asked[0]?.come();
  await laid;
  expect([mpr.state, asked[0]?.closed(), ...sources()]).toEqual(["off", 1, "b", "b", undefined, undefined]);
});
