// The three planes through a series (MPR): off, coming or on.
import { Block, Cuts } from "./cuts";
import type { Desk } from "./desk";
import type { Pane } from "./pane";
import { Signal } from "./signal";
import { Stack } from "./stack";
import type { NoVolume } from "./volume";

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
    this.#block = this.#stack = null;
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
    desk.set({ layout: "2x2", active: 0, lines: true });
    (["axial", "coronal", "sagittal"] as const).forEach((direction, i) => {
      const cuts = new Cuts(block, stack, direction), pane = desk.panes[i];
      pane?.show(cuts, Math.floor(cuts.heads.length / 2));
      if (pane && tone) pane.begin(tone);
    });
    desk.panes[3]?.show(stack, Math.floor(stack.heads.length / 2));
    this.#set("on");
  }

  // off gives the room to the series, where it was looked at last. Cuts are of a block that
  // is gone: no tile keeps one.
  #off(): void {
    const desk = this.#desk, stack = this.#stack;
    this.close();
    if (!stack) return;
    const at = desk.panes.find(({ source }) => source === stack)?.index ?? 0;
    for (const pane of desk.panes) if (pane.source instanceof Cuts) pane.show(null);
    desk.set({ layout: "1x1" });
    desk.panes[0]?.show(stack, at);
  }
}
