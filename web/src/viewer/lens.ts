// A magnifying glass: where it stands, and what moves it.
import { arrows } from "./arrows";
import type { Desk } from "./desk";
import type { Pane } from "./pane";

// Lens is a place of a tile that is looked at larger. lifted: a finger is on it, which would hide what it shows.
export type Lens = { at: readonly [number, number]; lifted: boolean };

export const factors = [2, 3, 4] as const; // by which it shows more than the tile does
export const side = 160; // CSS pixels
const gap = 48, step = 4, farther = 10; // CSS pixels: from a finger; of a key, and times so with Shift

// standing is where the upper left corner of a lens is in a tile of a size: around its place, or beside the finger that
// is there, and inside of the tile as far as it has room.
export function standing({ at: [x, y], lifted }: Lens, [wide, high]: readonly [number, number]): [number, number] {
  const within = (v: number, most: number): number => Math.max(0, Math.min(most - side, v));
  if (!lifted) return [within(x - side / 2, wide), within(y - side / 2, high)];
  const above = y - gap - side;
  return [within(x - side / 2, wide), above >= 0 ? above : within(y + gap, high)];
}

// steer moves the lens of a tile as an arrow key says; false if that says nothing to it.
export function steer(key: string, far: boolean, pane: Pane, desk: Desk): boolean {
  const by = arrows[key];
  if (desk.tool !== "magnify" || !by) return false;
  const [x, y] = pane.lens?.at ?? middleOf(pane), [wide, high] = pane.size, way = step * (far ? farther : 1);
  pane.setLens({ at: [Math.max(0, Math.min(wide, x + by[0] * way)), Math.max(0, Math.min(high, y + by[1] * way))], lifted: false });
  return true;
}

const middleOf = ({ size: [wide, high] }: Pane): [number, number] => [wide / 2, high / 2];

// takeLens takes the lens in hand, in the middle of a tile, or puts it away.
export function takeLens(pane: Pane, desk: Desk): void {
  const taken = desk.tool !== "magnify";
  pane.setLens(taken ? { at: middleOf(pane), lifted: false } : null);
  desk.set({ tool: taken ? "magnify" : "scroll" });
}
