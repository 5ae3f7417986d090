// All tiles together: what is where, which tool is in hand, what was measured.
import { Calibrations } from "./calibration";
import { parallel, type Spot, toPatient } from "./geometry";
import type { Head } from "./head";
import type { Layer } from "./layer";
import type { factors } from "./lens";
import { Link } from "./link";
import { isOn, type Kind, type Measurement, type Saved, settled, unsaved } from "./measure";
import { Overlays } from "./overlays";
import { Pane } from "./pane";
import type { Key } from "./saved";
import { Signal } from "./signal";

const handlings = ["scroll", "window", "pan", "zoom", "magnify", "calibrate"] as const; // that leave no mark
type Handling = (typeof handlings)[number];
export type Tool = Handling | Kind;
export const tools: readonly Tool[] = ["scroll", "window", "pan", "zoom", "length", "axes", "angle", "rectangle", "ellipse", "probe", "text", "magnify"];
export const moreTools: readonly Tool[] = ["circle", "contour", "cobb", "calibrate"]; // that are chosen from a list
export const isKind = (tool: Tool): tool is Kind => !(handlings as readonly Tool[]).includes(tool);

export type Layout = "1x1" | "1x2" | "2x2";
export const layouts: readonly Layout[] = ["1x1", "1x2", "2x2"];
const tilesOf: Record<Layout, number> = { "1x1": 1, "1x2": 2, "2x2": 4 };

// Desk is the state of the viewer. changed tells of what is not one tile's own.
export class Desk {
  readonly changed = new Signal();
  readonly panes: readonly Pane[] = [new Pane(), new Pane(), new Pane(), new Pane()];
  readonly overlays = new Overlays();
  readonly calibrations = new Calibrations(this);
  layout: Layout = "1x1";
  active = 0;
  tool: Tool = "scroll";
  factor: (typeof factors)[number] = 2; // of the magnifying glass
  linked = true;
  lines = true;
  named = false; // whose images they are is shown
  marks: readonly Measurement[] = [];
  keys: ReadonlyMap<string, Key> = new Map(); // images of interest, by the key of their head
  ours: ReadonlySet<string> | null = null; // the study's series: what is marked in others is not kept
  savedShown = true; // marks of documents are drawn
  selected = "";
  tags = false; // the header of what is shown is listed
  ruler = ""; // the line whose length is asked for
  writing = ""; // the note whose words are asked for
  readonly #layers: Record<"wash" | "regions", readonly Layer[]> = { wash: [], regions: [] };
  readonly #link = new Link();
  #looked = ""; // what the active tile showed when the others were last moved

  constructor() {
    for (const [i, pane] of this.panes.entries()) pane.changed.listen(() => { this.#follow(i); });
    this.cover("regions", []);
  }

  get pane(): Pane { return this.panes[this.active] ?? (this.panes[0] as Pane); }
  get tiles(): readonly Pane[] { return this.panes.slice(0, tilesOf[this.layout]); }

  set(change: Partial<Pick<Desk, "layout" | "active" | "tool" | "factor" | "linked" | "lines" | "named" | "savedShown" | "selected" | "writing" | "ruler" | "tags">>): void {
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

  // newId is a UID of a random UUID (PS3.5 B.2): reports follow a measurement by it.
  newId(): string {
    const id = crypto.getRandomValues(new Uint8Array(16)).map((byte, i) => (i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte));
    return `2.25.${BigInt(`0x${[...id].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`)}`;
  }

  // drawn are the marks that tiles show.
  get drawn(): readonly Measurement[] { return this.savedShown ? this.marks : this.marks.filter(({ saved }) => !saved); }

  // restore adds what documents have.
  restore(marks: readonly Measurement[], keys: readonly Key[]): void {
    const here = new Set(this.marks.map(({ id }) => id));
    this.marks = [...this.marks, ...marks.filter(({ id }) => !here.has(id))];
    this.keys = new Map([...keys.map((key): [string, Key] => [`${key.instance}/${key.frame}`, key]), ...this.keys]);
    for (const { source } of this.panes) if (source) this.settle(source.heads);
    this.changed.tell();
  }

  // settle places restored marks in the space of their images, which have come.
  settle(heads: readonly Head[]): void {
    this.calibrations.settle(heads);
    if (!this.marks.some((m) => m.saved && m.space === "pixels" && !m.plane)) return;
    const by = new Map(heads.map((head) => [head.key, head]));
    this.marks = this.marks.map((mark) => { const head = by.get(`${mark.instance}/${mark.frame}`); return head ? settled(mark, head) : mark; });
  }

  // measureAnew has marks measure something else than the documents that have them.
  measureAnew(which: (mark: Measurement) => boolean): void {
    this.marks = this.marks.map((mark) => (mark.saved?.own && which(mark) ? unsaved(mark) : mark));
    this.changed.tell();
  }

  // isOurs reports whether something is of the study, as far as that is known.
  isOurs({ series }: { series: string }): boolean { return this.ours?.has(series) ?? true; }

  // toggleKey makes an image one of interest or not; false for a computed plane, an image of
  // another study, and for what another program chose.
  toggleKey(head: Head): boolean {
    const was = this.keys.get(head.key), keys = new Map(this.keys);
    if (head.instance === "" || was?.own === false || !this.isOurs(head)) return false;
    if (was) keys.delete(head.key);
    else keys.set(head.key, { instance: head.instance, frame: head.frame, series: head.series, own: true, by: "" });
    this.keys = keys;
    this.changed.tell();
    return true;
  }

  // keep adds a measurement, or changes that of the same id.
  keep(mark: Measurement): void {
    this.marks = this.marks.some((m) => m.id === mark.id) ? this.marks.map((m) => (m.id === mark.id ? mark : m)) : [...this.marks, mark];
    this.selected = mark.id;
    this.changed.tell();
  }

  // refile says in which document a mark is, unless it was changed meanwhile.
  refile(mark: Measurement, saved: Saved): void {
    this.marks = this.marks.map((m) => (m.id === mark.id && m.points === mark.points && m.text === mark.text ? { ...m, saved } : m));
    this.changed.tell();
  }

  drop(id: string): void {
    if (this.marks.some((m) => m.id === id && m.saved?.own === false)) return; // another program's
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

  // look shows an image in the tile that has it.
  look({ instance, frame }: { instance: string; frame: number }): void {
    const there = (h: Head): boolean => h.instance === instance && h.frame === frame;
    const at = this.tiles.findIndex(({ source }) => source?.heads.some(there)), pane = this.tiles[at];
    if (!pane?.source) return;
    this.set({ active: at });
    pane.go(pane.source.heads.findIndex(there));
  }

  close(): void {
    for (const pane of this.panes) pane.show(null);
  }
}
