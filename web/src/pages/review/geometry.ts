// Where a person draws, in pixels of the picture: columns to the right, rows downwards.

export type Point = readonly [x: number, y: number];
export type Box = { x0: number; y0: number; x1: number; y1: number };
export type Size = { columns: number; rows: number };

// within returns the pixel edge next to a point, in the picture.
export function within([x, y]: Point, { columns, rows }: Size): Point {
  const clamp = (v: number, most: number): number => Math.max(0, Math.min(most, Math.round(v)));
  return [clamp(x, columns), clamp(y, rows)];
}

export const middle = ({ columns, rows }: Size): Point => [Math.round(columns / 2), Math.round(rows / 2)];

// boxOf returns the box between two corners, whichever of them was first.
export const boxOf = ([ax, ay]: Point, [bx, by]: Point): Box => ({ x0: Math.min(ax, bx), y0: Math.min(ay, by), x1: Math.max(ax, bx), y1: Math.max(ay, by) });

// covers reports whether a box has an area.
export const covers = (box: Box): boolean => box.x1 > box.x0 && box.y1 > box.y0;

const ways = new Map<string, Point>([["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, -1]], ["ArrowDown", [0, 1]]]);
const large = 10; // pixels of a step with Shift

// stepped returns where a key moves a point, or null if it is no arrow.
export function stepped([x, y]: Point, key: string, shift: boolean, size: Size): Point | null {
  const way = ways.get(key), step = shift ? large : 1;
  return way ? within([x + way[0] * step, y + way[1] * step], size) : null;
}

// cross is the path of the cursor that keys move.
export function cross([x, y]: Point, { columns, rows }: Size): string {
  const arm = Math.max(columns, rows) / 40;
  return `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`;
}
