// Segmentations (PS3.3 A.51, C.8.20): which pixels of the patient belong to which segment.
import { labOf, paletteAt, type Rgb } from "./colour";
import { type Dataset, items, numberOf, text } from "./dataset";
import { dot, normal, type Plane, sub, times, toPatient, type Vec } from "./geometry";
import { bytesOf, type Head, headsOf } from "./head";

export const segmentationClasses: ReadonlySet<string> = new Set(["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"]); // Segmentation, Label Map Segmentation

export type Segment = { number: number; name: string; colour: Rgb };

// Placed is one frame of a segmentation: where it lies, and of which segment it is; of all,
// in a label map, whose pixels are the segments' numbers.
type Placed = { frame: number; plane: Plane; segment: number };

// Slice are the frames at one place along the normal, in mm.
type Slice = { at: number; frames: readonly Placed[] };

export type Seg = {
  instance: string; reference: string; series: readonly string[]; // frame of reference; UIDs of the series that it is of
  kind: "BINARY" | "FRACTIONAL" | "LABELMAP"; most: number; // a pixel of most is in the segment as a whole
  segments: readonly Segment[]; slices: readonly Slice[]; normal: Vec;
  near: number; // mm from a slice up to which it is drawn
  head: Head; frames: readonly number[]; // how a frame lies in its bytes; those that are placed, from 1
  lost: number; // frames that are placed nowhere, of no segment, or too many in one plane
};

// Why an object cannot be drawn over images.
export type NoOver = "kind" | "segments" | "planes" | "memory" | "contours";

const mostSegments = 1024, mostBytes = 256 << 20;
const allocated: Record<Seg["kind"], readonly number[]> = { BINARY: [1, 8], FRACTIONAL: [8], LABELMAP: [8, 16] };

// seriesOf lists the series that an object says it is of.
export const seriesOf = (d: Dataset): string[] => items(d, "00081115").slice(0, 64).map((item) => text(item, "0020000E")).filter(Boolean);

// readSeg reads all but the pixels, or says why it cannot be drawn.
export function readSeg(d: Dataset): Seg | NoOver {
  const said = text(d, "00620001"), kind = said === "BINARY" || said === "FRACTIONAL" || said === "LABELMAP" ? said : undefined;
  const groups = items(d, "52009230"), stated = Math.max(1, numberOf(d, "00280008") ?? 1), count = Math.min(stated, groups.length);
  const [head, ...others] = count > 0 ? headsOf({ ...d, "00280008": { Value: [count] } }) : []; // no more than the object describes
  if (!kind || !head || head.samples !== 1 || head.float || head.signed || !allocated[kind].includes(head.allocated)) return count === 0 ? "planes" : "kind";
  const segments = segmentsOf(d);
  if (segments.length === 0 || segments.length > mostSegments) return "segments";
  const heads = [head, ...others], first = heads.find(({ plane }) => plane)?.plane;
  if (!first || head.reference === "") return "planes";
  if (count * bytesOf(head) > mostBytes) return "memory";
  const n = normal(first), known = new Set(segments.map(({ number }) => number)), shared = items(d, "52009229")[0];
  const placed = heads.flatMap(({ plane }, i): Placed[] => {
    const segment = kind === "LABELMAP" ? 0 : numberOf(items(groups[i], "0062000A")[0], "0062000B") ?? numberOf(items(shared, "0062000A")[0], "0062000B");
    if (!plane || dot(normal(plane), n) < 0.9994 || segment === undefined || (kind !== "LABELMAP" && !known.has(segment))) return [];
    return [{ frame: i + 1, plane, segment }];
  });
  const slices = slicesOf(placed, n), frames = slices.flatMap((slice) => slice.frames.map(({ frame }) => frame)).sort((a, b) => a - b);
  return {
    instance: head.instance, reference: head.reference, series: seriesOf(d), kind, most: kind === "FRACTIONAL" ? Math.min(255, Math.max(1, numberOf(d, "0062000E") ?? 255)) : 1,
    segments, slices, normal: n, near: nearOf(slices, head.thickness), head, frames, lost: stated - frames.length,
  };
}

function segmentsOf(d: Dataset): Segment[] {
  const found = new Map<number, Segment>();
  items(d, "00620002").slice(0, mostSegments + 1).forEach((item, i) => {
    const number = numberOf(item, "00620004");
    if (number === undefined || !Number.isInteger(number) || number < 1 || number > 65_535 || found.has(number)) return;
    const name = text(item, "00620005") || text(items(item, "0062000F")[0], "00080104");
    found.set(number, { number, name, colour: labOf(item) ?? paletteAt(i) });
  });
  return [...found.values()];
}

const together = 0.01; // mm between frames that lie in one plane
const mostInSlice = 256; // frames, each of which is looked up for each pixel of an image

function slicesOf(placed: readonly Placed[], n: Vec): Slice[] {
  const sorted = placed.map((one) => ({ one, at: dot(one.plane.origin, n) })).sort((a, b) => a.at - b.at || a.one.frame - b.one.frame);
  const slices: { at: number; frames: Placed[] }[] = [];
  for (const { one, at } of sorted) {
    const last = slices.at(-1);
    if (last && at - last.at < together) {
      if (last.frames.length < mostInSlice) last.frames.push(one);
    } else slices.push({ at, frames: [one] });
  }
  return slices;
}

// nearOf is half of what a slice is thick: no more than from one to the next.
function nearOf(slices: readonly Slice[], thickness: number): number {
  let gap = Number.POSITIVE_INFINITY;
  slices.forEach(({ at }, i) => { if (i > 0) gap = Math.min(gap, at - (slices[i - 1]?.at ?? 0)); });
  const thick = Math.min(gap, thickness > 0 ? thickness : Number.POSITIVE_INFINITY);
  return (Number.isFinite(thick) ? thick : 1) / 2 + together;
}

// Cells are the values of a frame: bits, the first the lowest of its byte, or one each.
export type Cells = Uint8Array | Uint16Array;

const mostLookups = 1 << 29; // of pixels in frames, for one image

type Laid = { from: readonly [number, number]; column: readonly [number, number]; row: readonly [number, number]; cells: Cells; segment: number };

// mark calls put for each pixel of an image in plane that a segment has a part in, with the
// segment's number and the part, up to 1. cellsOf returns a frame, if it is here. It returns how
// many frames it left out because the image is too large for all of them.
export function mark(seg: Seg, plane: Plane, rows: number, columns: number, cellsOf: (frame: number) => Cells | undefined, put: (segment: number, pixel: number, part: number) => void): number {
  const { slices, normal: n, near, kind, most, head } = seg, [across, along] = [times(plane.right, plane.columnSpacing), times(plane.down, plane.rowSpacing)];
  const start = dot(plane.origin, n), stepColumn = dot(across, n), stepRow = dot(along, n), laid = new Map<number, Laid[]>();
  const room = Math.floor(mostLookups / (rows * columns));
  let left = 0;
  const layers = (k: number): Laid[] => {
    let found = laid.get(k);
    if (found) return found;
    const frames = slices[k]?.frames ?? [];
    left += Math.max(0, frames.length - room);
    laid.set(k, (found = frames.slice(0, room).flatMap((one) => { const cells = cellsOf(one.frame); return cells ? [layOf(one, plane, across, along, cells)] : []; })));
    return found;
  };
  const bits = kind === "BINARY" && head.allocated === 1;
  for (let row = 0, i = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const at = start + column * stepColumn + row * stepRow;
      k = nearest(slices, at, k);
      if (Math.abs((slices[k]?.at ?? Number.NaN) - at) <= near) {
        for (const { from, column: c, row: r, cells, segment } of layers(k)) {
          const x = Math.round(from[0] + column * c[0] + row * r[0]), y = Math.round(from[1] + column * c[1] + row * r[1]);
          if (x < 0 || y < 0 || x >= head.columns || y >= head.rows) continue;
          const p = y * head.columns + x, v = bits ? ((cells[p >> 3] ?? 0) >> (p & 7)) & 1 : cells[p] ?? 0;
          if (v > 0) put(kind === "LABELMAP" ? v : segment, i, kind === "FRACTIONAL" ? Math.min(1, v / most) : 1);
        }
      }
    }
  }
  return left;
}

// nearest returns which slice is nearest to a place, beginning the search at one.
function nearest(slices: readonly Slice[], at: number, from: number): number {
  const off = (k: number): number => Math.abs((slices[k]?.at ?? Number.POSITIVE_INFINITY) - at);
  let k = from;
  while (off(k + 1) < off(k)) k++;
  while (k > 0 && off(k - 1) < off(k)) k--;
  return k;
}

// layOf tells where the pixels of an image lie in a frame: the first, and how far on the
// next column's and the next row's are.
function layOf({ plane: own, segment }: Placed, plane: Plane, across: Vec, along: Vec, cells: Cells): Laid {
  const spot = (v: Vec): [number, number] => [dot(v, own.right) / own.columnSpacing, dot(v, own.down) / own.rowSpacing];
  return { from: spot(sub(toPatient(plane, 0, 0), own.origin)), column: spot(across), row: spot(along), cells, segment };
}

// cellsIn reads a frame; undefined if it is too short.
export function cellsIn({ head }: Seg, bytes: Uint8Array): Cells | undefined {
  const count = head.rows * head.columns;
  if (bytes.length < bytesOf(head)) return undefined;
  if (head.allocated === 16) return new Uint16Array(bytes.slice(0, 2 * count).buffer);
  return bytes.subarray(0, Math.ceil((count * head.allocated) / 8));
}
