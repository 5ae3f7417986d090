// The key images of a series alone, and how they are looked at.
import { beforeEach, expect, test, vi } from "vitest";
import type { Dataset } from "./dataset";
import { Desk } from "./desk";
import { node } from "./feed";
import { Lru } from "./lru";
import { showOnly } from "./only";
import type { Pixels } from "./pixels";
import { Stack } from "./stack";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}) }); });

const value = (...Value: unknown[]) => ({ Value });

// three is a series of three images that are all here, each with a window of its own.
function three(modality: string): Stack {
  const memory = new Lru<Pixels>(1 << 20), images = [0, 1, 2].map((k): Dataset => ({
    "00080018": value(`1.${k}`), "00080060": value(modality), "00200013": value(k), "00280010": value(1), "00280011": value(1), "00280100": value(16), "00280101": value(16), "00280004": value("MONOCHROME2"),
    "00281050": value(100 * (k + 1)), "00281051": value(10),
  }));
  for (const k of [0, 1, 2]) memory.put(`1.${k}/1`, { data: Uint16Array.of(7), colour: false }, 2);
  return new Stack({ study: "1", series: "1" }, images, memory, "1", node);
}

// looking is a desk that shows the first of them; the other two are key images.
function looking(modality: string) {
  const desk = new Desk(), { pane } = desk, stack = three(modality);
  pane.show(stack);
  for (const head of stack.heads.slice(1)) desk.toggleKey(head);
  return { desk, pane, center: () => pane.tone?.window.center };
}

test("each image has its own window, before, while and after key images alone are shown", () => {
  const { desk, pane, center } = looking("DX");
  pane.invert();
  showOnly(desk, true);
  expect([pane.source?.heads.length, center()]).toEqual([2, 200]);
  pane.go(1);
  expect(center()).toBe(300);
  showOnly(desk, false);
  expect([pane.index, center(), pane.tone?.invert]).toEqual([2, 300, true]);
  pane.go(0);
  expect(center()).toBe(100);
});

test("a window that was chosen stays, and so does one that is for a whole series", () => {
  const chosen = looking("DX"), steady = looking("CT");
  chosen.pane.setWindow({ center: 42, width: 10, voi: "LINEAR" });
  for (const { desk, pane } of [chosen, steady]) {
    pane.setView(2, [3, 4]);
    showOnly(desk, true);
    pane.go(1);
    expect([pane.zoom, pane.pan]).toEqual([2, [3, 4]]);
  }
  expect([chosen.center(), steady.center()]).toEqual([42, 100]);
});
