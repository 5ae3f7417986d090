// Regions over images, drawn: the segments of a segmentation, the contours of a structure set.
import { t } from "../words/words";
import { css, type Rgb } from "./colour";
import type { Head } from "./head";
import type { Layer } from "./layer";
import { Lru } from "./lru";
import type { Shown } from "./pane";
import { type Contour, contoursOn, type Structures } from "./rtstruct";
import { type Cells, mark, type Seg } from "./seg";
import { Signal } from "./signal";
import type { Source } from "./stack";

// Region is one of a layer, to be named and switched.
export type Region = { number: number; name: string; colour: Rgb };

// Regions is a layer of regions, each shown or not.
export abstract class Regions implements Layer {
  readonly changed = new Signal();
  abstract readonly regions: readonly Region[];
  abstract readonly lost: number; // parts of the object that cannot be drawn
  opacity = 0.5;
  readonly #hidden = new Set<number>();

  shows = (number: number): boolean => !this.#hidden.has(number);

  show(number: number, shown: boolean): void {
    if (shown) this.#hidden.delete(number);
    else this.#hidden.add(number);
    this.tell();
  }

  setOpacity(opacity: number): void {
    this.opacity = Math.min(1, Math.max(0, opacity));
    this.changed.tell();
  }

  // tell has it drawn anew.
  tell(): void { this.changed.tell(); }

  abstract draw(context: CanvasRenderingContext2D, shown: Shown, source: Source, thin: number): void;

  // on lists the regions that are drawn over an image.
  abstract on(head: Head): readonly Region[];

  says({ head }: Shown): string {
    const names = this.on(head).map(nameOf);
    return names.length > 0 ? t("view.overSays", { names: names.join(t("view.comma")) }) : "";
  }

  warns({ head }: Shown): string { return this.lost > 0 && this.on(head).length > 0 ? t("view.overLost", { n: this.lost }) : ""; }
}

export const nameOf = ({ name, number }: Region): string => name || t("view.overUnnamed", { number });

type Painted = { canvas: HTMLCanvasElement; numbers: ReadonlySet<number>; left: number }; // left: frames that are not drawn

const paintedBytes = 32 << 20, mostPixels = 1 << 25;

// Segments draws a segmentation, of whose frames some may not have come yet.
export class Segments extends Regions {
  readonly regions: readonly Region[];
  readonly #seg: Seg;
  readonly #cells = new Map<number, Cells>(); // by frame
  #painted = new Lru<Painted>(paintedBytes); // by image

  constructor(seg: Seg) {
    super();
    this.#seg = seg;
    this.regions = seg.segments;
  }

  get lost(): number { return this.#seg.lost; }

  // take brings a frame. It is drawn once tell is called.
  take(frame: number, cells: Cells): void { this.#cells.set(frame, cells); }

  override tell(): void {
    this.#painted = new Lru(paintedBytes);
    super.tell();
  }

  draw(context: CanvasRenderingContext2D, { head }: Shown): void {
    const painted = this.#paint(head);
    if (!painted) return;
    context.globalAlpha = this.opacity;
    context.imageSmoothingEnabled = false; // a segment's pixels are seen as such
    context.drawImage(painted.canvas, 0, 0);
  }

  on(head: Head): readonly Region[] {
    const painted = this.#paint(head);
    return painted ? this.regions.filter(({ number }) => painted.numbers.has(number)) : [];
  }

  override warns({ head }: Shown): string {
    const n = this.lost + (this.#paint(head)?.left ?? 0);
    return n > 0 && this.on(head).length > 0 ? t("view.overLost", { n }) : "";
  }

  #paint(head: Head): Painted | undefined {
    const { plane, rows, columns, key } = head;
    if (!plane || head.instance === this.#seg.instance || head.reference !== this.#seg.reference || rows * columns > mostPixels) return undefined;
    const held = this.#painted.get(key);
    if (held) return held;
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows }), data = new ImageData(columns, rows), numbers = new Set<number>();
    const words = new Uint32Array(data.data.buffer), colours = new Map(this.regions.filter(({ number }) => this.shows(number)).map(({ number, colour: [r, g, b] }) => [number, (b << 16) | (g << 8) | r]));
    const left = mark(this.#seg, plane, rows, columns, (frame) => this.#cells.get(frame), (segment, pixel, part) => {
      const colour = colours.get(segment);
      if (colour === undefined) return;
      words[pixel] = (colour | (Math.round(255 * part) << 24)) >>> 0;
      numbers.add(segment);
    });
    canvas.getContext("2d")?.putImageData(data, 0, 0);
    const painted = { canvas, numbers, left };
    this.#painted.put(key, painted, rows * columns * 4);
    return painted;
  }
}

const lineWidth = 2; // pixels of the screen
const heldImages = 256;

// Contours draws a structure set.
export class Contours extends Regions {
  readonly regions: readonly Region[];
  override opacity = 1;
  readonly #of: Structures;
  readonly #found = new Lru<readonly { region: Region; contours: readonly Contour[] }[]>(heldImages); // by image

  constructor(of: Structures) {
    super();
    this.#of = of;
    this.regions = of.rois;
  }

  get lost(): number { return this.#of.lost; }

  draw(context: CanvasRenderingContext2D, { head }: Shown, _: Source, thin: number): void {
    const { plane } = head;
    if (!plane) return;
    context.globalAlpha = this.opacity;
    context.lineWidth = lineWidth * thin;
    context.lineJoin = "round";
    for (const { region, contours } of this.#on(head)) {
      if (!this.shows(region.number)) continue;
      context.strokeStyle = css(region.colour);
      context.beginPath();
      for (const { points } of contours) {
        for (const [i, [x, y, z]] of points.entries()) {
          const [dx, dy, dz] = [x - plane.origin[0], y - plane.origin[1], z - plane.origin[2]];
          const column = (dx * plane.right[0] + dy * plane.right[1] + dz * plane.right[2]) / plane.columnSpacing + 0.5;
          const row = (dx * plane.down[0] + dy * plane.down[1] + dz * plane.down[2]) / plane.rowSpacing + 0.5;
          if (i === 0) context.moveTo(column, row);
          else context.lineTo(column, row);
        }
        context.closePath();
      }
      context.stroke();
    }
  }

  on(head: Head): readonly Region[] {
    return this.#on(head).map(({ region }) => region).filter(({ number }) => this.shows(number));
  }

  #on(head: Head): readonly { region: Region; contours: readonly Contour[] }[] {
    let found = this.#found.get(head.key);
    if (!found) {
      found = this.#of.rois.map((roi) => ({ region: roi, contours: contoursOn(this.#of, roi, head) })).filter(({ contours }) => contours.length > 0);
      this.#found.put(head.key, found, 1);
    }
    return found;
  }
}
