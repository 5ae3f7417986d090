// One tile: what is shown in it, and how.
import { onScreen, type Spot, toImage, type Turn, type Vec } from "./geometry";
import type { Head } from "./head";
import type { Layer } from "./layer";
import type { Lens } from "./lens";
import { grayTable, opening, paint, type Pixels, type Tone, valueOf } from "./pixels";
import { Signal } from "./signal";
import type { Source } from "./stack";
import { isWindow, type Window } from "./window";

export type Shown = { head: Head; pixels: Pixels; index: number };

// View is how a tile looks at something.
export type View = Pick<Pane, "source" | "index" | "tone" | "zoom" | "pan" | "turn" | "exact"> & { chosen: boolean };

const mostZoom = 40, leastZoom = 0.1;
const steady = new Set(["CT", "MR", "PT", "NM"]); // one window for a whole series

// Pane keeps a tile's state and draws it. changed tells when anything of it is other than
// before; what is drawn follows in the next frame of the screen.
export class Pane {
  readonly changed = new Signal();
  layers: readonly Layer[] = []; // what is drawn over the image, the lowest first
  source: Source | null = null;
  index = 0;
  shown: Shown | null = null; // what is on the screen: the last that has arrived
  failure: unknown = null;
  tone: Tone | null = null;
  zoom = 1; // 1: all of the image fits in
  pan: readonly [number, number] = [0, 0]; // CSS pixels
  turn: Turn = { flip: false, quarters: 0 };
  playing = false;
  exact = false; // a pixel of the image is one of the screen
  drawn = 0; // pictures that were put on the screen, to measure by
  size: readonly [number, number] = [1, 1]; // CSS pixels
  lens: Lens | null = null;
  #glass: { canvas: HTMLCanvasElement; factor: number } | null = null; // that shows what the lens is on
  #chosen = false; // the window is the person's, not the file's
  #canvas: HTMLCanvasElement | null = null;
  readonly #buffer = document.createElement("canvas"); // the image at its own size
  #words: { data: ImageData; words: Uint32Array } | null = null;
  #table: { key: unknown; tone: Tone; table: Uint32Array } | null = null;
  #painted: { pixels: Pixels; tone: Tone } | null = null;
  #waiting = 0; // of requestAnimationFrame
  #timer = 0;
  #unlisten = (): void => {};
  #uncover = (): void => {};

  show(source: Source | null, index = 0): void {
    this.stop();
    this.#unlisten();
    this.#unlisten = source?.listen(() => { this.changed.tell(); }) ?? (() => {});
    this.source = source;
    this.shown = this.failure = this.tone = null;
    this.#chosen = false;
    this.reset();
    this.go(index);
  }

  // cover lays layers over whatever image is shown.
  cover(layers: readonly Layer[]): void {
    this.#uncover();
    this.layers = layers;
    const all = layers.map((layer) => layer.changed.listen(() => { this.#redraw(); }));
    this.#uncover = () => { for (const stop of all) stop(); };
    this.#redraw();
  }

  view(): View {
    const { source, index, tone, zoom, pan, turn, exact } = this;
    return { source, index, tone, zoom, pan, turn, exact, chosen: this.#chosen };
  }

  // restore looks at something again as it was looked at.
  restore({ source, index, tone, zoom, pan, turn, exact, chosen }: View): void {
    this.show(source, index);
    const { shown } = this, own = !chosen && shown && !steady.has(shown.head.modality); // it is another picture's, or may be
    Object.assign(this, { tone: own && this.tone ? { ...this.tone, invert: tone?.invert ?? false } : tone, zoom, pan, turn, exact });
    this.#chosen = chosen;
    this.#redraw();
  }

  // go looks at another picture, or as near as there is one.
  go(index: number): void {
    const { source } = this;
    if (!source || source.heads.length === 0) return;
    const before = this.index;
    this.index = Math.min(source.heads.length - 1, Math.max(0, Math.round(index)));
    const asked = this.index;
    const held = source.held(asked);
    if (held) {
      this.#take(source, asked, held);
      source.around(asked, asked - before);
      return;
    }
    source.around(asked, asked - before);
    source.ask(asked).then(
      (pixels) => { if (this.source === source && this.index === asked) this.#take(source, asked, pixels); },
      (error: unknown) => {
        if (this.source !== source || this.index !== asked) return;
        this.failure = error;
        this.shown = null; // what was there before is another picture
        this.#redraw();
      },
    );
    this.changed.tell();
  }

  #take(source: Source, index: number, pixels: Pixels): void {
    const head = source.heads[index];
    if (!head) return;
    this.failure = null;
    this.shown = { head, pixels, index };
    if (!this.tone || (!this.#chosen && !steady.has(head.modality))) this.tone = { ...this.#opening(source, head, pixels), invert: this.tone?.invert ?? false };
    this.#redraw();
  }

  #opening(source: Source, head: Head, pixels: Pixels): Omit<Tone, "invert"> {
    const tables = source.tables(head);
    return { window: opening(head, pixels, tables), ...(head.windows.length === 0 && tables.voi.length > 0 ? { lut: 0 } : {}) };
  }

  // begin takes a tone over that another tile had, before the first picture is here.
  begin(tone: Tone): void {
    this.#chosen = true;
    this.tone = tone;
    this.#redraw();
  }

  setWindow(window: Window): void {
    if (!isWindow(window) || !this.tone) return;
    this.#chosen = true;
    this.tone = { window, invert: this.tone.invert };
    this.#redraw();
  }

  // ownWindow shows the image as its file says.
  ownWindow(): void {
    const { shown, source } = this;
    if (!shown || !source) return;
    this.#chosen = false;
    this.tone = { ...this.#opening(source, shown.head, shown.pixels), invert: this.tone?.invert ?? false };
    this.#redraw();
  }

  invert(): void {
    if (this.tone) this.tone = { ...this.tone, invert: !this.tone.invert };
    this.#redraw();
  }

  setTurn(turn: Turn): void {
    this.turn = { flip: turn.flip, quarters: ((turn.quarters % 4) + 4) % 4 };
    this.#redraw();
  }

  setView(zoom: number, pan: readonly [number, number]): void {
    this.exact = false;
    this.zoom = Math.min(mostZoom, Math.max(leastZoom, zoom));
    this.pan = pan;
    this.#redraw();
  }

  // zoomAt zooms so that a place of the tile stays where it is.
  zoomAt(factor: number, [x, y]: readonly [number, number] = [this.size[0] / 2, this.size[1] / 2]): void {
    const zoom = Math.min(mostZoom, Math.max(leastZoom, this.zoom * factor)), k = zoom / this.zoom;
    const from: [number, number] = [x - this.size[0] / 2, y - this.size[1] / 2];
    this.setView(zoom, [from[0] - (from[0] - this.pan[0]) * k, from[1] - (from[1] - this.pan[1]) * k]);
  }

  reset(): void {
    this.turn = { flip: false, quarters: 0 };
    this.setView(1, [0, 0]);
  }

  // actual shows each pixel of the image as one of the screen, untouched.
  actual(): void {
    const { head } = this.shown ?? {};
    if (!head) return;
    this.zoom = 1 / devicePixelRatio / this.#fit(head);
    this.pan = [0, 0];
    this.exact = true;
    this.#redraw();
  }

  play(): void {
    const { source } = this;
    if (!source || source.heads.length < 2 || this.playing) return;
    this.playing = true;
    const every = Math.max(15, this.shown?.head.time || 1000 / 15);
    const next = (): void => {
      const after = (this.index + 1) % source.heads.length;
      if (source.held(after) || this.shown?.index === this.index) this.go(after); // a film waits for its pictures
    };
    this.#timer = window.setInterval(next, every);
    this.changed.tell();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (!this.playing) return;
    this.playing = false;
    this.changed.tell();
  }

  // tile is the element that the canvas is in, while there is one.
  get tile(): HTMLElement | null { return this.#canvas?.parentElement ?? null; }

  // attach gives the pane its canvas, and the size of it in CSS pixels.
  attach(canvas: HTMLCanvasElement | null, size: readonly [number, number] = this.size): void {
    this.#canvas = canvas;
    this.size = size;
    if (canvas) {
      canvas.width = Math.max(1, Math.round(size[0] * devicePixelRatio));
      canvas.height = Math.max(1, Math.round(size[1] * devicePixelRatio));
      if (this.exact) this.actual(); // a pixel is one of the screen in a tile of any size
      this.#redraw();
    }
  }

  setLens(lens: Lens | null): void {
    if (this.lens === null && lens === null) return;
    this.lens = lens;
    this.#redraw();
  }

  // attachLens gives the pane a canvas for what its lens is on, that many times larger.
  attachLens(canvas: HTMLCanvasElement | null, factor = 1): void {
    this.#glass = canvas && { canvas, factor };
    if (canvas) this.#redraw();
  }

  #fit({ columns, rows, aspect }: Head): number {
    const [w, h] = this.turn.quarters % 2 ? [rows * aspect, columns] : [columns, rows * aspect];
    return Math.min(this.size[0] / w, this.size[1] / h);
  }

  // scale is CSS pixels of a column and of a row.
  scale(head: Head): readonly [number, number] {
    const s = this.#fit(head) * this.zoom;
    return [s, this.exact ? s : s * head.aspect];
  }

  // toScreen returns where in the tile a place of the image is, in CSS pixels.
  toScreen(head: Head, { column, row }: Spot): readonly [number, number] {
    const { right, down } = onScreen(this.turn), [sx, sy] = this.scale(head);
    const c = (column - (head.columns - 1) / 2) * sx, r = (row - (head.rows - 1) / 2) * sy;
    const [x, y] = this.#middle();
    return [x + c * right[0] + r * right[1], y + c * down[0] + r * down[1]];
  }

  toImage(head: Head, [x, y]: readonly [number, number]): Spot {
    const { right, down } = onScreen(this.turn), [sx, sy] = this.scale(head);
    const [mx, my] = this.#middle(), dx = x - mx, dy = y - my;
    return { column: (dx * right[0] + dy * down[0]) / sx + (head.columns - 1) / 2, row: (dx * right[1] + dy * down[1]) / sy + (head.rows - 1) / 2 };
  }

  #middle(): readonly [number, number] { return [this.size[0] / 2 + this.pan[0], this.size[1] / 2 + this.pan[1]]; }

  #redraw(): void {
    this.changed.tell();
    if (this.#waiting || !this.#canvas) return;
    this.#waiting = requestAnimationFrame(() => {
      this.#waiting = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const canvas = this.#canvas, context = canvas?.getContext("2d", { willReadFrequently: true, alpha: false }), { shown, tone } = this;
    if (!canvas || !context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!shown || !tone) return;
    const { head } = shown;
    if (this.#painted?.pixels !== shown.pixels || this.#painted.tone !== tone) this.#paint(shown, tone);
    const k = devicePixelRatio, { right, down } = onScreen(this.turn), [sx, sy] = this.scale(head);
    let [x, y] = this.toScreen(head, { column: -0.5, row: -0.5 }).map((v) => v * k) as [number, number];
    if (this.exact) [x, y] = [Math.round(x), Math.round(y)];
    context.setTransform(right[0] * sx * k, down[0] * sx * k, right[1] * sy * k, down[1] * sy * k, x, y);
    context.imageSmoothingEnabled = !this.exact;
    this.#lay(context, shown, 1 / (sx * k));
    this.#drawLens(shown);
    this.drawn++;
  }

  // lay draws the image and what is over it. thin is how wide a pixel of the screen is there.
  #lay(context: CanvasRenderingContext2D, shown: Shown, thin: number): void {
    context.drawImage(this.#buffer, 0, 0);
    for (const layer of this.layers) {
      context.save();
      if (this.source) layer.draw(context, shown, this.source, thin);
      context.restore();
    }
  }

  // drawLens draws what the lens is on, larger: each pixel of the image as a square, and no shade between, but where
  // many are still one on the screen.
  #drawLens(shown: Shown): void {
    const { lens } = this, { canvas, factor } = this.#glass ?? {}, context = canvas?.getContext("2d", { willReadFrequently: true, alpha: false });
    if (!lens || !canvas || !context || !factor) return;
    const k = devicePixelRatio * factor, { right, down } = onScreen(this.turn), [sx, sy] = this.scale(shown.head).map((s) => s * k) as [number, number];
    const [x, y] = this.toScreen(shown.head, { column: -0.5, row: -0.5 });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(right[0] * sx, down[0] * sx, right[1] * sy, down[1] * sy, (x - lens.at[0]) * k + canvas.width / 2, (y - lens.at[1]) * k + canvas.height / 2);
    context.imageSmoothingEnabled = Math.min(sx, sy) < 1;
    this.#lay(context, shown, 1 / sx);
  }

  // paint draws the image at its own size.
  #paint({ head, pixels }: Shown, tone: Tone): void {
    const buffer = this.#buffer, context = buffer.getContext("2d", { willReadFrequently: true });
    const tables = this.source?.tables(head);
    if (!context || !tables) return;
    if (!this.#words || buffer.width !== head.columns || buffer.height !== head.rows) {
      buffer.width = head.columns;
      buffer.height = head.rows;
      const data = new ImageData(head.columns, head.rows);
      this.#words = { data, words: new Uint32Array(data.data.buffer) };
    }
    paint(this.#words.words, head, pixels, tables, tone, pixels.colour ? undefined : this.#tableFor(head, tone));
    context.putImageData(this.#words.data, 0, 0);
    this.#painted = { pixels, tone };
  }

  // tableFor makes the table of grays anew only if the frame before had another.
  #tableFor(head: Head, tone: Tone): Uint32Array | undefined {
    if (!this.source || head.allocated > 16 || head.float) return undefined;
    const tables = this.source.tables(head);
    const key = JSON.stringify([head.slope, head.intercept, head.signed, head.stored, head.allocated, head.inverse, tables.modality && head.instance, tone.lut !== undefined && head.key]);
    if (this.#table?.key !== key || this.#table.tone !== tone) this.#table = { key, tone, table: grayTable(head, tables, tone) };
    return this.#table.table;
  }

  // value returns what a stored value of the shown image means, and in which unit.
  value(): { of: (stored: number) => number; unit: string } {
    const { shown, source } = this;
    if (!shown || !source) return { of: (v) => v, unit: "" };
    const { head } = shown, of = valueOf(head, source.tables(head)), { toSuv } = head;
    return toSuv ? { of: (v) => of(v) * toSuv, unit: "SUV" } : { of, unit: head.unit };
  }

  // nearest looks at the picture whose plane is nearest to a point of the patient.
  nearest(point: Vec): void {
    const { source } = this;
    if (!source) return;
    let best = -1, least = Number.POSITIVE_INFINITY;
    source.heads.forEach((h, i) => {
      const off = h.plane ? Math.abs(toImage(h.plane, point).off) : Number.POSITIVE_INFINITY;
      if (off < least) [best, least] = [i, off];
    });
    if (best >= 0 && best !== this.index) this.go(best);
  }
}
