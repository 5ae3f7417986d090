// All tiles together: what is where, which tool is in hand, what was measured.
import { parallel, type Spot, toPatient } from "./geometry";
import type { Layer } from "./layer";
import { Link } from "./link";
import { isOn, type Kind, type Measurement } from "./measure";
import { Overlays } from "./overlays";
import { Pane } from "./pane";
import { Signal } from "./signal";

export type Tool = "scroll" | "window" | "pan" | "zoom" | Kind;
export const tools: readonly Tool[] = ["scroll", "window", "pan", "zoom", "length", "angle", "rectangle", "ellipse", "probe"];
export const isKind = (tool: Tool): tool is Kind => !["scroll", "window", "pan", "zoom"].includes(tool);

export type Layout = "1x1" | "1x2" | "2x2";
export const layouts: readonly Layout[] = ["1x1", "1x2", "2x2"];
const tilesOf: Record<Layout, number> = { "1x1": 1, "1x2": 2, "2x2": 4 };

// Desk is the state of the viewer. changed tells of what is not one tile's own.
export class Desk {
  readonly changed = new Signal();
  readonly panes: readonly Pane[] = [new Pane(), new Pane(), new Pane(), new Pane()];
  readonly overlays = new Overlays();
  layout: Layout = "1x1";
  active = 0;
  tool: Tool = "scroll";
  linked = true;
  lines = true;
  named = false; // whose images they are is shown
  marks: readonly Measurement[] = [];
  selected = "";
  readonly #layers: Record<"wash" | "regions", readonly Layer[]> = { wash: [], regions: [] };
  readonly #link = new Link();
  #made = 0;
  #looked = ""; // what the active tile showed when the others were last moved

  constructor() {
    for (const [i, pane] of this.panes.entries()) pane.changed.listen(() => { this.#follow(i); });
    this.cover("regions", []);
  }

  get pane(): Pane { return this.panes[this.active] ?? (this.panes[0] as Pane); }
  get tiles(): readonly Pane[] { return this.panes.slice(0, tilesOf[this.layout]); }

  set(change: Partial<Pick<Desk, "layout" | "active" | "tool" | "linked" | "lines" | "named" | "selected">>): void {
    const joined = change.linked === true && !this.linked;
    Object.assign(this, change);
    if (joined) this.#link.keep(this.tiles); // what is beside each other now stays so
    if (this.active >= this.tiles.length) this.active = 0;
    for (const pane of this.panes.slice(this.tiles.length)) pane.stop();
    this.changed.tell();
  }

  // cover lays layers over the images of all tiles: regions above a wash of colour, overlay
  // planes above all.
  cover(kind: "wash" | "regions", layers: readonly Layer[]): void {
    this.#layers[kind] = layers;
    for (const pane of this.panes) pane.cover([...this.#layers.wash, ...this.#layers.regions, this.overlays]);
  }

  // follow moves the other tiles to where the active one looks: those of the same frame
  // of reference whose planes are parallel, and those of another study.
  #follow(index: number): void {
    const { shown } = this.panes[index] ?? {};
    if (index !== this.active || !shown || this.#looked === shown.head.key) return;
    this.#looked = shown.head.key;
    this.changed.tell(); // lines of reference
    const { plane, reference } = shown.head;
    if (!this.linked) return;
    for (const pane of this.tiles) {
      const other = pane.source?.heads[0];
      if (pane === this.pane || !other) continue;
      if (reference === "" || other.reference !== reference) this.#link.follow(pane, this.pane);
      else if (plane && other.plane && parallel(other.plane, plane)) pane.nearest(plane.origin);
    }
  }

  // align moves the other tiles to where the active one looks, though it has not moved.
  align(): void {
    this.#looked = "";
    this.#follow(this.active);
  }

  // locate brings the other tiles to a place of the active one's image.
  locate(spot: Spot): void {
    const { head } = this.pane.shown ?? {};
    if (!head?.plane || head.reference === "") return;
    const point = toPatient(head.plane, spot.column, spot.row);
    for (const pane of this.tiles) if (pane !== this.pane && pane.source?.heads[0]?.reference === head.reference) pane.nearest(point);
  }

  newId(): string { return `m${++this.#made}`; }

  // keep adds a measurement, or changes that of the same id.
  keep(mark: Measurement): void {
    this.marks = this.marks.some((m) => m.id === mark.id) ? this.marks.map((m) => (m.id === mark.id ? mark : m)) : [...this.marks, mark];
    this.selected = mark.id;
    this.changed.tell();
  }

  drop(id: string): void {
    this.marks = this.marks.filter((m) => m.id !== id);
    this.changed.tell();
  }

  // find shows a measurement in the tile that has its series.
  find(mark: Measurement): void {
    const at = this.tiles.findIndex((pane) => pane.source?.heads.some((h) => isOn(mark, h)));
    const pane = this.tiles[at];
    if (!pane?.source) return;
    this.set({ active: at, selected: mark.id });
    pane.go(pane.source.heads.findIndex((h) => isOn(mark, h)));
  }

  close(): void {
    for (const pane of this.panes) pane.show(null);
  }
}
