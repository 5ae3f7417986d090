// The three planes through a series (MPR): off, coming or on.
import { Block, Cuts } from "./cuts";
import type { Desk, Layout } from "./desk";
import type { Pane, View } from "./pane";
import { Signal } from "./signal";
import { Stack } from "./stack";
import type { NoVolume } from "./volume";

type Before = { layout: Layout; active: number; views: readonly View[] };

// Mpr takes the active tile's series and lays its planes into all tiles. Who asks again
// while they are coming, or shows another series in that tile, wants them no more.
export class Mpr {
  readonly changed = new Signal();
  state: "off" | "coming" | "on" = "off";
  readonly #desk: Desk;
  readonly #make: typeof Block.of;
  #wish = new AbortController(); // of the last press
  #block: Block | null = null;
  #stack: Stack | null = null;
  #before: Before | null = null; // what the tiles showed

  constructor(desk: Desk, make: typeof Block.of = (stack, signal) => Block.of(stack, signal)) {
    this.#desk = desk;
    this.#make = make;
  }

  // toggle resolves when the planes are laid or off, to why the series has none if so. It
  // rejects if the series does not come.
  async toggle(): Promise<NoVolume | undefined> {
    if (this.state !== "off") {
      this.#off();
      return undefined;
    }
    const { pane } = this.#desk, stack = pane.source;
    if (!(stack instanceof Stack)) return undefined;
    this.#wish = new AbortController();
    const { signal } = this.#wish;
    this.#set("coming");
    try {
      const made = await this.#make(stack, signal), wanted = !signal.aborted && pane.source === stack;
      if (wanted && typeof made !== "string") {
        this.#lay(pane, stack, made);
        return undefined;
      }
      if (!signal.aborted) this.#set("off");
      if (typeof made === "string") return wanted ? made : undefined;
      made.close();
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#set("off");
      throw error;
    }
  }

  // close ends it and leaves the tiles as they are: the study is left.
  close(): void {
    this.#wish.abort();
    this.#block?.close();
    this.#block = this.#stack = this.#before = null;
    this.#set("off");
  }

  #set(state: Mpr["state"]): void {
    this.state = state;
    this.changed.tell();
  }

  // lay puts the three directions and the series itself into four tiles, each at its middle.
  #lay({ tone }: Pane, stack: Stack, block: Block): void {
    const desk = this.#desk;
    this.#block = block;
    this.#stack = stack;
    this.#before = { layout: desk.layout, active: desk.active, views: desk.panes.map((one) => one.view()) };
    desk.set({ layout: "2x2", active: 0, lines: true });
    (["axial", "coronal", "sagittal"] as const).forEach((direction, i) => {
      const cuts = new Cuts(block, stack, direction), pane = desk.panes[i];
      pane?.show(cuts, Math.floor(cuts.heads.length / 2));
      if (pane && tone) pane.begin(tone);
    });
    desk.panes[3]?.show(stack, Math.floor(stack.heads.length / 2));
    this.#set("on");
  }

  // off leaves the tiles as they were before the planes, the series where it was looked at
  // last. What was put into a tile since stays there. Cuts are of a block that is gone: no
  // tile keeps one.
  #off(): void {
    const desk = this.#desk, stack = this.#stack, before = this.#before;
    this.close();
    if (!stack || !before) return;
    const at = desk.panes.find(({ source }) => source === stack)?.index;
    desk.set({ layout: before.layout, active: before.active });
    for (const [i, pane] of desk.panes.entries()) {
      const view = before.views[i];
      if (!view || (pane.source && pane.source !== stack && !(pane.source instanceof Cuts))) continue;
      pane.restore(view.source === stack && at !== undefined ? { ...view, index: at } : view);
    }
  }
}
