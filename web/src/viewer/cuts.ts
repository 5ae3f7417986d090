// Cuts through a series as pictures of a tile: axial, coronal, sagittal (MPR).
import { Problem } from "../api/client";
import { axisOf, length, letters } from "./geometry";
import type { Head } from "./head";
import { Lru } from "./lru";
import type { Answer, Order } from "./mpr.worker";
import type { Pixels, Tables } from "./pixels";
import { Signal } from "./signal";
import type { Source, Stack } from "./stack";
import { type Blend, boxOf, type Direction, type Grid, gridOf, type NoVolume, planesOf, type Values } from "./volume";

export type Slab = { thickness: number; blend: Blend }; // mm; 0 is one plane

// Block is a series' values in a worker, and the cuts that were asked of it.
export class Block {
  readonly grid: Grid;
  readonly #worker: Worker;
  readonly #asked = new Map<number, { resolve: (values: Values) => void; reject: (error: unknown) => void }>();
  readonly head: Head; // what its values mean
  #next = 0;
  #gone = false;

  private constructor(grid: Grid, head: Head, values: Values, outside: number) {
    this.grid = grid;
    this.head = head;
    this.#worker = new Worker(new URL("./mpr.worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.#asked.get(data.id)?.resolve(data.values);
      this.#asked.delete(data.id);
    });
    for (const failed of ["error", "messageerror"] as const) this.#worker.addEventListener(failed, () => { this.close(); });
    this.#send({ order: "volume", grid, values, outside }, [values.buffer as ArrayBuffer]);
  }

  // of gathers all frames of a series, or says why they are no volume. It rejects if it is
  // not wanted any more. With outside, which a cut then has beyond the series, the values
  // are those that the frames mean, as floats.
  static async of(stack: Stack, signal: AbortSignal, outside?: number): Promise<Block | NoVolume> {
    const grid = gridOf(stack.heads), [first] = stack.heads;
    if (typeof grid === "string") return grid;
    if (!first) return "few";
    const same = stack.heads.every((h) => h.slope === first.slope && h.intercept === first.intercept && h.signed === first.signed && h.allocated === first.allocated && h.stored === first.stored);
    const kept = outside === undefined && same && first.allocated <= 16 && !first.float;
    const size = grid.size[0] * grid.size[1], make = !kept ? Float32Array : first.allocated === 8 && !first.signed ? Uint8Array : first.signed ? Int16Array : Uint16Array;
    const values: Values = new make(size * grid.size[2]);
    let least = Number.POSITIVE_INFINITY;
    for (const [k, head] of stack.heads.entries()) {
      const { data } = await stack.ask(k), k0 = k * size;
      signal.throwIfAborted();
      if (kept) values.set(data as ArrayLike<number>, k0);
      else for (let i = 0; i < size; i++) values[k0 + i] = head.slope * (data[i] ?? 0) + head.intercept;
      for (let i = k0; i < k0 + size; i += 7) least = Math.min(least, values[i] ?? 0);
    }
    const meant: Head = kept ? first : { ...first, slope: 1, intercept: 0, allocated: 32, stored: 32, high: 31, signed: true, float: true };
    return new Block(grid, meant, values, outside ?? (Number.isFinite(least) ? least : 0));
  }

  #send(order: Order, transfer: Transferable[] = []): void { this.#worker.postMessage(order, transfer); }

  // cut rejects if the worker fails, or is ended before it has answered.
  cut(head: Head, slab: Slab): Promise<Values> {
    const { plane } = head;
    if (this.#gone) return Promise.reject(cutOff());
    if (!plane) return Promise.reject(new Error("a cut without a plane"));
    const samples = Math.max(1, Math.min(256, Math.round(slab.thickness / plane.columnSpacing)));
    const id = this.#next++;
    this.#send({ order: "cut", id, cut: { plane, rows: head.rows, columns: head.columns, samples, between: plane.columnSpacing, blend: slab.blend } });
    return new Promise((resolve, reject) => { this.#asked.set(id, { resolve, reject }); });
  }

  close(): void {
    this.#gone = true;
    this.#worker.terminate();
    for (const { reject } of this.#asked.values()) reject(cutOff());
    this.#asked.clear();
  }
}

const cutOff = (): Problem => new Problem({ class: "cut-off" });

const memory = 96 << 20; // bytes of cuts of one direction
const mostSide = 1024;

// Cuts is one direction of a block.
export class Cuts implements Source {
  readonly id: string;
  readonly heads: readonly Head[];
  readonly direction: Direction;
  readonly #block: Block;
  readonly #signal = new Signal();
  readonly #tables: Tables;
  readonly #asked = new Map<number, Promise<Pixels>>();
  #held = new Lru<Pixels>(memory);
  #slab: Slab = { thickness: 0, blend: "mean" };

  constructor(block: Block, stack: Stack, direction: Direction) {
    this.id = `${stack.id}/${direction}`;
    this.direction = direction;
    this.#block = block;
    const [first] = stack.heads;
    this.#tables = first ? stack.tables(first) : { voi: [] };
    const { grid, head } = block, box = boxOf(grid);
    const fine = Math.min(length(grid.across), length(grid.along), length(grid.step));
    const widest = Math.max(...[0, 1, 2].map((i) => (box.most[i] ?? 0) - (box.least[i] ?? 0)));
    const { planes, rows, columns } = planesOf(box, direction, Math.max(fine, widest / (mostSide - 1)));
    const { padding: _, ...plain } = { ...head, overlays: [] };
    this.heads = planes.map((plane, i): Head => ({
      ...plain, key: `${this.id}/${i}`, instance: "", frame: i + 1, number: i + 1, series: stack.id, rows, columns, plane, axis: axisOf(plane), thickness: plane.columnSpacing,
      scale: { row: plane.rowSpacing, column: plane.columnSpacing, from: "patient" }, aspect: 1, edges: { row: letters(plane.right), column: letters(plane.down) }, time: 0,
    }));
  }

  get slab(): Slab { return this.#slab; }

  setSlab(slab: Slab): void {
    this.#slab = slab;
    this.#held = new Lru(memory);
    this.#asked.clear();
    this.#signal.tell();
  }

  held(index: number): Pixels | undefined { return this.#held.get(this.heads[index]?.key ?? ""); }

  async ask(index: number): Promise<Pixels> {
    const held = this.held(index) ?? this.#asked.get(index);
    if (held) return held;
    const head = this.heads[index], slab = this.#slab;
    if (!head) throw new Error("no such cut");
    const asked = this.#block.cut(head, slab).then((data): Pixels => {
      const pixels: Pixels = { data, colour: false };
      if (this.#slab === slab) {
        this.#held.put(head.key, pixels, data.byteLength);
        this.#asked.delete(index);
      }
      return pixels;
    });
    this.#asked.set(index, asked);
    asked.catch(() => { if (this.#asked.get(index) === asked) this.#asked.delete(index); });
    return asked;
  }

  // around cuts one ahead: the worker does them in the order of the asking.
  around(index: number, step: number): void {
    const next = index + (Math.sign(step) || 1);
    if (next >= 0 && next < this.heads.length && this.held(index) && !this.held(next) && this.#asked.size < 2) this.ask(next).catch(() => { /* who looks at it is told */ });
  }

  tables(): Tables { return this.#tables; }
  listen(changed: () => void): () => void { return this.#signal.listen(changed); }
  arrived(): number { return this.heads.length; }
}
