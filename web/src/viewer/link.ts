// Tiles of different studies that scroll together: whose images lie in one frame of
// reference by their position, and else by what was put side by side.
import { dot, normal, parallel } from "./geometry";
import type { Head } from "./head";
import type { Pane } from "./pane";

// together returns which image of others lies as far from the one at atOther as the one at
// now from the one at atOwn: in mm along the patient where both series lie alike, else by
// the share of all. undefined if the two cannot be compared so.
export function together(own: readonly Head[], atOwn: number, now: number, others: readonly Head[], atOther: number): number | undefined {
  const [a, b, c] = [own[atOwn]?.plane, own[now]?.plane, others[atOther]?.plane];
  if (a && b && c && parallel(a, c)) {
    const n = normal(a), to = dot(c.origin, n) + dot(b.origin, n) - dot(a.origin, n);
    return nearest(others, (h) => (h.plane ? Math.abs(dot(h.plane.origin, n) - to) : Number.POSITIVE_INFINITY));
  }
  if (a && c) return undefined; // they lie across each other
  return others.length > 0 ? clamp(atOther + ((now - atOwn) * (others.length - 1)) / Math.max(1, own.length - 1), others.length) : undefined;
}

// alike returns which image of others is at the same share of the way through, from the
// same end of the patient.
export function alike(own: readonly Head[], now: number, others: readonly Head[]): number {
  const [first, last] = [own[0]?.plane, own.at(-1)?.plane], [start, end] = [others[0]?.plane, others.at(-1)?.plane];
  const share = now / Math.max(1, own.length - 1);
  const turned = first && last && start && end && parallel(first, start)
    && (dot(last.origin, normal(first)) - dot(first.origin, normal(first))) * (dot(end.origin, normal(first)) - dot(start.origin, normal(first))) < 0;
  return clamp((turned ? 1 - share : share) * (others.length - 1), others.length);
}

const clamp = (i: number, count: number): number => Math.min(count - 1, Math.max(0, Math.round(i)));

function nearest(heads: readonly Head[], off: (h: Head) => number): number | undefined {
  let best: number | undefined, least = Number.POSITIVE_INFINITY;
  heads.forEach((h, i) => {
    const far = off(h);
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

// ofTwo reports whether two tiles show series of different studies.
const ofTwo = (a: Pane, b: Pane): boolean => a.source?.study !== undefined && b.source?.study !== undefined && a.source.study !== b.source.study;

// Link knows which images of two series are beside each other.
export class Link {
  readonly #beside = new Map<string, ReadonlyMap<string, number>>(); // by the two series: the image of each

  // keep takes what all tiles show now as beside each other.
  keep(panes: readonly Pane[]): void {
    for (const a of panes) for (const b of panes) if (a.source && b.source && ofTwo(a, b)) this.#put(a.source.id, a.index, b.source.id, b.index);
  }

  // follow moves a tile to what is beside the image that another one has come to.
  follow(other: Pane, active: Pane): void {
    const { source: own } = active, { source } = other;
    if (!own || !source || !ofTwo(active, other) || source.heads.length < 2 || own.heads.length < 2) return;
    const known = this.#beside.get(keyOf(own.id, source.id)), atOwn = known?.get(own.id), atOther = known?.get(source.id);
    if (atOwn === undefined || atOther === undefined) {
      const to = alike(own.heads, active.index, source.heads);
      this.#put(own.id, active.index, source.id, to);
      if (together(own.heads, active.index, active.index, source.heads, to) !== undefined) other.go(to);
      return;
    }
    const to = together(own.heads, atOwn, active.index, source.heads, atOther);
    if (to !== undefined && to !== other.index) other.go(to);
  }

  #put(a: string, atA: number, b: string, atB: number): void { this.#beside.set(keyOf(a, b), new Map([[a, atA], [b, atB]])); }
}

const keyOf = (a: string, b: string): string => [a, b].sort().join(" ");
