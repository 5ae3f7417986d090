// Cuts that a worker makes, and what becomes of them when it is gone.
import { beforeEach, expect, test, vi } from "vitest";
import { Block, Cuts } from "./cuts";
import type { Dataset } from "./dataset";
import { node } from "./feed";
import { Wash } from "./fusion";
import { Lru } from "./lru";
import type { Shown } from "./pane";
import type { Pixels } from "./pixels";
import { Stack } from "./stack";

let workers: FakeWorker[];

// FakeWorker never answers by itself.
class FakeWorker extends EventTarget {
  orders: { order: string; id: number }[] = [];
  ended = false;
  constructor() { super(); workers.push(this); }
  postMessage(order: { order: string; id: number }): void { this.orders.push(order); }
  terminate(): void { this.ended = true; }
  answer(id: number): void { this.dispatchEvent(new MessageEvent("message", { data: { id, values: new Float32Array(16) } })); }
}

beforeEach(() => {
  workers = [];
  vi.stubGlobal("Worker", FakeWorker);
});

const value = (...Value: unknown[]) => ({ Value });

// three is a series of three axial slices that are here.
function three(id: string): Stack {
  const memory = new Lru<Pixels>(1 << 20), slices = [0, 1, 2].map((k): Dataset => ({
    "00080018": value(`${id}.${k}`), "00200013": value(k), "00200052": value("1.5"), "00280010": value(4), "00280011": value(4), "00280100": value(16), "00280101": value(16), "00280004": value("MONOCHROME2"),
    "00280030": value(1, 1), "00200032": value(0, 0, k), "00200037": value(1, 0, 0, 0, 1, 0),
  }));
  for (const k of [0, 1, 2]) memory.put(`${id}.${k}/1`, { data: new Uint16Array(16), colour: false }, 32);
  return new Stack({ study: "1", series: id }, slices, memory, id, node);
}

async function cut(): Promise<{ block: Block; cuts: Cuts; stack: Stack; worker: FakeWorker }> {
  const stack = three("1.1"), block = await Block.of(stack, new AbortController().signal), worker = workers.at(-1);
  if (typeof block === "string" || !worker) throw new Error("it is a volume");
  return { block, cuts: new Cuts(block, stack, "axial"), stack, worker };
}

test("what was asked of a worker that is ended, or that failed, does not come, and says so", async () => {
  const ends: ((of: { block: Block; worker: FakeWorker }) => void)[] = [({ block }) => { block.close(); }, ({ worker }) => { worker.dispatchEvent(new Event("error")); }, ({ worker }) => { worker.dispatchEvent(new Event("messageerror")); }];
  for (const end of ends) {
    const made = await cut(), first = made.cuts.ask(0), other = made.cuts.ask(1);
    made.worker.answer(0);
    await first;
    end(made);
    await expect(other).rejects.toThrow();
    await expect(made.cuts.ask(1)).rejects.toThrow(); // nor what is asked then
    made.cuts.around(0, 1);
    expect([made.worker.ended, made.worker.orders.filter(({ order }) => order === "cut").length]).toEqual([true, 2]);
  }
});

test("a wash whose worker is gone draws nothing, and breaks nothing", async () => {
  const { block, stack } = await cut(), wash = new Wash(block, stack, { low: 0, high: 1 }), other = three("1.2"), [head] = other.heads;
  if (!head) throw new Error("it has images");
  const shown: Shown = { head, pixels: { data: new Uint16Array(16), colour: false }, index: 0 };
  expect(wash.says(shown, other)).toBe("");
  block.close();
  await new Promise((done) => { setTimeout(done); }); // a rejection that nobody handles would fail the test
  expect(wash.says(shown, other)).toBe("");
});
