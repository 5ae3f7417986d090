// The series of a study that were opened, and which tile was to show which.
import type { Series } from "../api/types";
import type { Desk } from "./desk";
import type { Stack } from "./stack";

export type Opened = { stack: Stack; series: Series };

// Open fetches what a stack is made of; undefined for what has none.
type Open = (series: Series, signal: AbortSignal) => Promise<Stack | undefined>;

// Shelf opens series and keeps them as long as the study is shown. Of what a tile was
// asked to show, the last counts, however the answers come.
export class Shelf {
  readonly #desk: Desk;
  readonly #open: Open;
  readonly #opened = new Map<string, Opened>(); // by the series' id
  readonly #asked = new Map<number, AbortController>(); // by tile: the last
  readonly #asks = new Map<number, number>(); // by tile
  #closed = 0;

  constructor(desk: Desk, open: Open) {
    this.#desk = desk;
    this.#open = open;
  }

  // of finds a series by its id, or by that of cuts through it.
  of(id: string | undefined): Opened | undefined { return this.#opened.get((id ?? "").split("/")[0] ?? ""); }

  // stacks are all series that are here.
  stacks(): Stack[] { return [...this.#opened.values()].map(({ stack }) => stack); }

  // asked reports whether a tile was asked to show anything.
  asked(tile: number): boolean { return this.#asked.has(tile); }

  // asks is how often a tile was asked to show anything, or all were closed: who waits for an
  // answer sees by it whether it is still wanted there.
  asks(tile: number): number { return (this.#asks.get(tile) ?? 0) + this.#closed; }

  // show rejects if the series does not come, and the tile was not asked for another since.
  async show(series: Series, tile: number): Promise<void> {
    this.#asked.get(tile)?.abort();
    const last = new AbortController(), { signal } = last;
    this.#asked.set(tile, last);
    this.#asks.set(tile, (this.#asks.get(tile) ?? 0) + 1);
    const found = this.#opened.get(series.id) ?? await this.open(series, signal);
    if (!found) return;
    const { stack } = found;
    this.#desk.settle(stack.heads);
    this.#desk.panes[tile]?.show(stack, stack.heads.length > 8 && !stack.heads[0]?.time ? Math.floor(stack.heads.length / 2) : 0);
    this.#desk.changed.tell();
  }

  // open opens a series and keeps it, without a tile that shows it; undefined if it has
  // nothing to show or is not wanted any more. It rejects if the series does not come.
  async open(series: Series, signal: AbortSignal): Promise<Opened | undefined> {
    const held = this.#opened.get(series.id);
    if (held) return held;
    const stack = await this.#open(series, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!stack || signal.aborted) return undefined;
    const found = this.#opened.get(series.id) ?? { stack, series };
    this.#opened.set(series.id, found);
    return found;
  }

  // close ends all that is under way. The shelf is as new.
  close(): void {
    for (const last of this.#asked.values()) last.abort();
    this.#asked.clear();
    this.#closed++;
    this.#desk.close();
    for (const { stack } of this.#opened.values()) stack.close();
    this.#opened.clear();
  }
}
