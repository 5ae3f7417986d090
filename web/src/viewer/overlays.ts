// Overlay planes: drawings of one bit a pixel that an image brings with it (PS3.3 C.9.2),
// as data of their own or, as was once done, in bits that the pixels leave free.
import { t } from "../words/words";
import { type Bulk, bulk, type Dataset, numberOf, numbers } from "./dataset";
import type { Head } from "./head";
import type { Layer } from "./layer";
import { Lru } from "./lru";
import type { Shown } from "./pane";
import type { Pixels } from "./pixels";
import { Signal } from "./signal";
import type { Source } from "./stack";

// Plane is one overlay. Its first pixel lies on the image's at top, left, from 0.
export type OverlayPlane = {
  group: string; rows: number; columns: number; top: number; left: number;
  frames?: number; first: number; // it has frames for those of the image from first (from 1) on; else it is over all
  data?: Bulk; bit?: number; // where it is: in data, or in a bit of each pixel
};

const groups = 16; // 6000 to 601E, PS3.5 §7.6
const mostPixels = 1 << 25; // of all planes of an image
export const mostData = 16 << 20; // bytes of those of an object
const drawnBytes = 4 * mostPixels; // so that what one image shows is not made again and again
const integer = (n: number | undefined, least: number, most: number): n is number => n !== undefined && Number.isInteger(n) && n >= least && n <= most;

// overlaysOf reads the planes of an object whose pixels are in cells of allocated bits, of
// which stored, up to high, are the image's. What cannot be one is left out; of one that is too much
// beside those before it there is nothing to draw.
export function overlaysOf(d: Dataset, { allocated, stored, high, samples }: { allocated: number; stored: number; high: number; samples: number }): OverlayPlane[] {
  let data = mostData, pixels = mostPixels; // that there is room for
  return planesOf(d, { allocated, stored, high, samples }).map(({ data: bits, bit, ...plane }): OverlayPlane => {
    const size = plane.rows * plane.columns, most = bits ? Math.ceil((size * (plane.frames ?? 1)) / 8) : 0;
    if (most > data || size > pixels) return plane;
    data -= most;
    pixels -= size;
    return { ...plane, ...(bits ? { data: { ...bits, most } } : {}), ...(bit === undefined ? {} : { bit }) };
  });
}

function planesOf(d: Dataset, { allocated, stored, high, samples }: Parameters<typeof overlaysOf>[1]): OverlayPlane[] {
  return Array.from({ length: groups }, (_, i) => (0x6000 + 2 * i).toString(16).toUpperCase()).flatMap((group): OverlayPlane[] => {
    const rows = numberOf(d, `${group}0010`), columns = numberOf(d, `${group}0011`), [top = 1, left = 1] = numbers(d, `${group}0050`);
    if (!integer(rows, 1, 65_535) || !integer(columns, 1, 65_535) || rows * columns > mostPixels) return [];
    if (!integer(top, -32_768, 32_767) || !integer(left, -32_768, 32_767)) return [];
    const frames = numberOf(d, `${group}0015`), first = numberOf(d, `${group}0051`) ?? 1, data = bulk(d, `${group}3000`);
    if ((frames !== undefined && !integer(frames, 1, 100_000)) || !integer(first, 1, 65_535)) return [];
    const plane = { group, rows, columns, top: top - 1, left: left - 1, first, ...(frames === undefined ? {} : { frames }) };
    if (data) return (numberOf(d, `${group}0100`) ?? 1) === 1 ? [{ ...plane, data }] : [];
    const bit = numberOf(d, `${group}0102`), free = integer(bit, 0, allocated - 1) && (bit > high || bit <= high - stored);
    return free && samples === 1 && numberOf(d, `${group}0100`) === allocated ? [{ ...plane, bit }] : [];
  });
}

// frameOf is the frame of a plane, from 0, that lies over an image; undefined for none.
function frameOf({ frames, first }: OverlayPlane, head: Head): number | undefined {
  const frame = frames === undefined ? 0 : head.frame - first;
  return frame >= 0 && frame < (frames ?? 1) ? frame : undefined;
}

// isSet returns the function that tells of each pixel of a plane whether it is drawn, for
// frame, from 1, of the image; undefined if the plane has nothing for it. bytes are those of
// its data. In the pixels it lies as the image does, and has its rows and columns.
export function isSet(plane: OverlayPlane, head: Head, bytes: Uint8Array | undefined, pixels: Pixels): ((i: number) => boolean) | undefined {
  const { rows, columns, bit } = plane, size = rows * columns, frame = frameOf(plane, head);
  if (frame === undefined) return undefined;
  if (bit !== undefined) {
    const { cells } = pixels;
    return cells && rows === head.rows && columns === head.columns ? (i) => ((Number(cells[i]) >>> bit) & 1) === 1 : undefined;
  }
  if (!bytes || bytes.length * 8 < (frame + 1) * size) return undefined;
  const from = frame * size;
  return (i) => ((bytes[(from + i) >> 3] ?? 0) >> ((from + i) & 7) & 1) === 1;
}

// Overlays draws the planes of each image.
export class Overlays implements Layer {
  readonly changed = new Signal();
  #on = true;
  readonly #drawn = new Lru<HTMLCanvasElement>(drawnBytes); // by image, plane and colour

  get on(): boolean { return this.#on; }

  toggle(): void {
    this.#on = !this.#on;
    this.changed.tell();
  }

  draw(context: CanvasRenderingContext2D, shown: Shown, source: Source, thin: number): void {
    if (!this.#on || shown.head.overlays.length === 0) return;
    const colour = getComputedStyle(context.canvas).getPropertyValue("--mark-overlay").trim() || "#fff";
    context.imageSmoothingEnabled = thin > 1; // thin lines stay when the image is drawn smaller
    for (const { plane, set } of this.#here(shown, source)) {
      const key = `${shown.head.key} ${plane.group} ${colour}`, canvas = this.#drawn.get(key) ?? stencil(plane, set, colour);
      this.#drawn.put(key, canvas, plane.rows * plane.columns * 4);
      context.drawImage(canvas, plane.left, plane.top);
    }
  }

  says(shown: Shown, source: Source): string {
    const n = this.#here(shown, source).length;
    return n === 0 ? "" : t(this.#on ? "view.overlaysSay" : "view.overlaysHidden", { n });
  }

  warns(shown: Shown, source: Source): string {
    const n = this.#lost(shown, source);
    return n === 0 ? "" : t("view.overlaysLost", { n });
  }

  #here({ head, pixels }: Shown, source: Source): { plane: OverlayPlane; set: (i: number) => boolean }[] {
    return head.overlays.flatMap((plane) => {
      const set = isSet(plane, head, this.#bytes(plane, source), pixels);
      return set ? [{ plane, set }] : [];
    });
  }

  // lost is how many planes should lie over an image, and have no bits for it.
  #lost({ head, pixels }: Shown, source: Source): number {
    return head.overlays.filter((plane) => {
      const bytes = this.#bytes(plane, source), waits = plane.data !== undefined && bytes === undefined;
      return frameOf(plane, head) !== undefined && !waits && !isSet(plane, head, bytes, pixels);
    }).length;
  }

  #bytes = ({ data }: OverlayPlane, source: Source): Uint8Array | undefined => data && source.bulk?.(data, () => { this.changed.tell(); });
}

// stencil is a canvas with a plane in a colour, and nothing around it.
function stencil({ rows, columns }: OverlayPlane, set: (i: number) => boolean, colour: string): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows }), context = canvas.getContext("2d");
  if (!context) return canvas;
  const data = new ImageData(columns, rows), words = new Uint32Array(data.data.buffer);
  for (let i = 0; i < words.length; i++) if (set(i)) words[i] = 0xff000000;
  context.putImageData(data, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, columns, rows);
  return canvas;
}
