// Millimetres by hand: of a picture that does not say them, or those of a detector only, by a line whose length is known.
import type { Desk } from "./desk";
import { length, sub } from "./geometry";
import type { Head, Scale } from "./head";
import { type Measurement, toSpot } from "./measure";

export const mostMillimetres = 10_000;

// mayCalibrate tells a picture that is drawn on and lies nowhere in the patient: what does has its millimetres.
export const mayCalibrate = (head: Head | undefined): head is Head => head !== undefined && head.instance !== "" && !head.plane;

// scaleBy is that of a picture on which a line is so many mm long; undefined for no length.
export function scaleBy(head: Head, line: Measurement, mm: number): Scale | undefined {
  const [a, b] = line.points.map((point) => toSpot(head, line, point)), { aspect } = head;
  if (!a || !b || !(mm > 0) || mm > mostMillimetres) return undefined;
  const column = mm / length(sub([a.column, a.row * aspect, 0], [b.column, b.row * aspect, 0]));
  return Number.isFinite(column) ? { column, row: column * aspect, from: "hand" } : undefined;
}

// Calibrations are those of the pictures of a page, for as long as it is open.
export class Calibrations {
  readonly #desk: Desk;
  readonly #by = new Map<string, Scale>(); // by instance
  readonly #own = new Map<Head, Scale | undefined>(); // what the file says

  constructor(desk: Desk) { this.#desk = desk; }

  // take has a line be so many mm long; false for what is no length.
  take(head: Head, line: Measurement, mm: number): boolean {
    const scale = mayCalibrate(head) ? scaleBy(head, line, mm) : undefined;
    if (!scale) return false;
    this.#by.set(head.instance, scale);
    this.#changed(head.instance);
    return true;
  }

  // undo measures a picture again as its file says.
  undo({ instance }: Head): void {
    this.#by.delete(instance);
    this.#changed(instance);
  }

  // settle gives pictures that have come the scale that was taken for them.
  settle(heads: readonly Head[]): void {
    for (const head of heads) {
      const scale = this.#by.get(head.instance);
      if (scale && !this.#own.has(head)) this.#own.set(head, head.scale);
      if (scale) head.scale = scale;
      else if (this.#own.has(head)) this.#restore(head);
    }
  }

  #restore(head: Head): void {
    const own = this.#own.get(head);
    if (own) head.scale = own;
    else delete head.scale;
    this.#own.delete(head);
  }

  // changed measures what is marked on an image anew: a document has it as it was.
  #changed(instance: string): void {
    const desk = this.#desk;
    for (const { source } of desk.panes) if (source) this.settle(source.heads.filter((head) => head.instance === instance));
    desk.measureAnew((mark) => mark.instance === instance);
  }
}
