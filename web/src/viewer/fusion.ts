// Fusion: PET over the images of its frame of reference, as a wash of colour.
import type { Series } from "../api/types";
import { number, t } from "../words/words";
import { Block } from "./cuts";
import type { Desk } from "./desk";
import type { Head } from "./head";
import type { Layer } from "./layer";
import { Lru } from "./lru";
import type { Shown } from "./pane";
import { opening } from "./pixels";
import { Signal } from "./signal";
import type { Source, Stack } from "./stack";
import { gridOf, type NoVolume } from "./volume";

// Why a PET series is not laid over what is shown.
export type NoFusion = NoVolume | "reference";

export type Range = { low: number; high: number }; // in unit of the wash: black and white of its colours

const mostVoxels = 1 << 27; // of 4 bytes
const sliceBytes = 64 << 20, canvasBytes = 32 << 20;
const atOnce = 2; // slices that are asked for; who scrolls on has no use for more

// hot returns the colour of a share from 0 to 1 as RGB (Hot Iron, PS3.6 B.1.1).
export function hot(share: number): readonly [number, number, number] {
  const i = Math.round(255 * Math.min(1, Math.max(0, share)));
  return [Math.min(255, 2 * i), Math.max(0, Math.min(255, 2 * (i - 128))), Math.max(0, Math.min(255, 4 * (i - 192)))];
}

// wash paints values into the words of an ImageData: what is not above the low end, or is
// outside (NaN), stays clear.
export function wash(out: Uint32Array, values: ArrayLike<number>, factor: number, { low, high }: Range): void {
  const colours = Uint32Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = hot(i / 255);
    return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  });
  const k = 255 / (high - low);
  for (let i = 0; i < out.length; i++) {
    const v = (values[i] ?? Number.NaN) * factor;
    out[i] = v > low ? colours[Math.min(255, Math.round((v - low) * k))] as number : 0;
  }
}

// suvOf is the factor to SUV and the unit of a series' values, after their rescale.
export function suvOf(heads: readonly Head[]): { factor: number; unit: string } {
  const [first] = heads, toSuv = first?.toSuv;
  if (toSuv !== undefined && heads.every((h) => h.toSuv === toSuv)) return { factor: toSuv, unit: "SUV" };
  return { factor: 1, unit: first && heads.every((h) => h.unit === first.unit) ? first.unit : "" };
}

// Wash is the layer. It is cut out of a block at each image that is shown, between the PET's
// values in three directions.
export class Wash implements Layer {
  readonly changed = new Signal();
  readonly unit: string;
  opacity = 0.5;
  range: Range;
  readonly #block: Block;
  readonly #pet: string; // the series' id
  readonly #factor: number;
  readonly #slices = new Lru<ArrayLike<number>>(sliceBytes); // by image
  readonly #asked = new Set<string>();
  #canvases = new Lru<HTMLCanvasElement>(canvasBytes);

  // range is what is shown at first of values that are no SUV.
  constructor(block: Block, pet: Stack, range: Range) {
    const { factor, unit } = suvOf(pet.heads);
    this.#block = block;
    this.#pet = pet.id;
    this.#factor = factor;
    this.unit = unit;
    this.range = unit === "SUV" ? { low: 0, high: 10 } : range;
  }

  setOpacity(opacity: number): void {
    this.opacity = Math.min(1, Math.max(0, opacity));
    this.changed.tell();
  }

  setRange(range: Range): void {
    if (!Number.isFinite(range.low) || !Number.isFinite(range.high) || range.high <= range.low) return;
    this.range = range;
    this.#canvases = new Lru(canvasBytes);
    this.changed.tell();
  }

  draw(context: CanvasRenderingContext2D, { head }: Shown, source: Source): void {
    const values = this.#values(head, source);
    if (!values) return;
    context.globalAlpha = this.opacity;
    context.drawImage(this.#canvases.get(head.key) ?? this.#paint(head, values), 0, 0);
  }

  says({ head }: Shown, source: Source): string {
    if (!this.#values(head, source)) return "";
    const write = (v: number): string => number(v, { maximumSignificantDigits: 4 });
    return t("view.fusionSays", { percent: number(this.opacity, { style: "percent" }), low: write(this.range.low), high: write(this.range.high), unit: this.unit || t("view.fusionNoUnit") });
  }

  warns(): string { return ""; }

  close(): void { this.#block.close(); }

  #values(head: Head, source: Source): ArrayLike<number> | undefined {
    if (!head.plane || head.reference === "" || head.reference !== this.#block.head.reference || source.id.split("/")[0] === this.#pet) return undefined;
    const held = this.#slices.get(head.key);
    if (held) return held;
    if (!this.#asked.has(head.key) && this.#asked.size < atOnce) {
      this.#asked.add(head.key);
      void this.#block.cut(head, { thickness: 0, blend: "mean" }).then((values) => {
        this.#asked.delete(head.key);
        this.#slices.put(head.key, values, values.byteLength);
        this.changed.tell();
      }).catch(() => { this.#asked.delete(head.key); }); // the worker is gone
    }
    return undefined;
  }

  #paint({ rows, columns, key }: Head, values: ArrayLike<number>): HTMLCanvasElement {
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows }), data = new ImageData(columns, rows);
    wash(new Uint32Array(data.data.buffer), values, this.#factor, this.range);
    canvas.getContext("2d")?.putImageData(data, 0, 0);
    this.#canvases.put(key, canvas, rows * columns * 4);
    return canvas;
  }
}

// Fusion lays one PET series over the others, or none.
export class Fusion {
  readonly changed = new Signal();
  state: "off" | "coming" | "on" = "off";
  series = ""; // its id
  wash: Wash | null = null;
  readonly #desk: Desk;
  #wish = new AbortController();

  constructor(desk: Desk) { this.#desk = desk; }

  // toggle lays a series over what the active tile shows and all else in its frame of
  // reference, or takes it off. It returns why that cannot be, and rejects if the series
  // does not come.
  async toggle(series: Series, open: (signal: AbortSignal) => Promise<Stack | undefined>): Promise<NoFusion | undefined> {
    const was = this.series;
    this.close();
    if (was === series.id) return undefined;
    const wish = new AbortController(), { signal } = wish;
    this.#wish = wish;
    this.#set("coming", series.id, null);
    try {
      const pet = await open(signal), made = pet && !signal.aborted ? await this.#make(pet, signal) : undefined;
      if (made instanceof Wash && !signal.aborted) this.#set("on", series.id, made);
      else if (made instanceof Wash) made.close();
      else if (!signal.aborted) {
        this.close();
        return made;
      }
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#wish.abort();
    this.wash?.close();
    this.#set("off", "", null);
  }

  async #make(pet: Stack, signal: AbortSignal): Promise<Wash | NoFusion> {
    const [first] = pet.heads, on = this.#desk.pane.source?.heads[0];
    if (!first || !on || first.reference === "" || first.reference !== on.reference || this.#desk.pane.source === pet) return "reference";
    if (first.rows * first.columns * pet.heads.length > mostVoxels) return "memory";
    const grid = gridOf(pet.heads);
    if (typeof grid === "string") return grid;
    const middle = Math.floor(pet.heads.length / 2), head = pet.heads[middle] ?? first, { center, width } = opening(head, await pet.ask(middle), pet.tables(head));
    const block = await Block.of(pet, signal, Number.NaN);
    return typeof block === "string" ? block : new Wash(block, pet, { low: Math.max(0, center - width / 2), high: Math.max(center + width / 2, 1e-9) });
  }

  #set(state: Fusion["state"], series: string, made: Wash | null): void {
    [this.state, this.series, this.wash] = [state, series, made];
    this.#desk.cover("wash", made ? [made] : []);
    this.changed.tell();
  }
}
