// The key images of a series, to be looked through alone.
import type { Bulk, Dataset } from "./dataset";
import type { Desk } from "./desk";
import type { Pane } from "./pane";
import type { Pixels, Tables } from "./pixels";
import type { Head } from "./head";
import { type Source, Stack } from "./stack";

// Only shows some pictures of a stack.
class Only implements Source {
  readonly id: string;
  readonly heads: readonly Head[];
  readonly stack: Stack;
  readonly #indexes: readonly number[];

  constructor(stack: Stack, indexes: readonly number[]) {
    this.id = `${stack.id}/key`;
    this.stack = stack;
    this.#indexes = indexes;
    this.heads = indexes.flatMap((i) => stack.heads[i] ?? []);
  }

  get study(): string { return this.stack.study; }
  header(instance: string, signal: AbortSignal): Promise<Dataset | undefined> { return this.stack.header(instance, signal); }
  bulk(data: Bulk, arrived: () => void): Uint8Array | undefined { return this.stack.bulk(data, arrived); }
  at(index: number): number { return this.#indexes[index] ?? 0; }
  held(index: number): Pixels | undefined { return this.stack.held(this.at(index)); }
  ask(index: number): Promise<Pixels> { return this.stack.ask(this.at(index)); }
  around(index: number, step: number): void { this.stack.around(this.at(index), step); }
  tables(head: Head): Tables { return this.stack.tables(head); }
  listen(changed: () => void): () => void { return this.stack.listen(changed); }
  arrived(): number { return this.#indexes.filter((i) => this.stack.held(i)).length; }
}

// isOnly reports whether a tile shows key images alone.
export const isOnly = (desk: Desk): boolean => desk.tiles.some(({ source }) => source instanceof Only);

// showOnly leaves the key images in the tiles whose series have any, or brings the others
// back. A tile goes to the picture that is nearest to what it showed.
export function showOnly(desk: Desk, on: boolean): void {
  for (const pane of desk.panes) {
    const { source, index } = pane;
    if (!on && source instanceof Only) turnTo(pane, source.stack, source.at(index));
    if (!on || !(source instanceof Stack)) continue;
    const indexes = source.heads.flatMap((h, i) => (desk.keys.has(h.key) ? i : []));
    const near = indexes.reduce((best, at, i) => (Math.abs(at - index) < Math.abs((indexes[best] ?? 0) - index) ? i : best), 0);
    if (indexes.length > 0) turnTo(pane, new Only(source, indexes), near);
  }
  desk.changed.tell();
}

// turnTo shows another source of the same pictures, as the tile has them.
function turnTo(pane: Pane, source: Source, index: number): void {
  pane.restore({ ...pane.view(), source, index });
}
