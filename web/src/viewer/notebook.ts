// What is marked in a study, and which documents have it.
import type { FiledDocument, NewKeyImages, NewMark, NewReport, Series } from "../api/types";
import { t } from "../words/words";
import type { Desk } from "./desk";
import type { Feed } from "./feed";
import type { Measurement } from "./measure";
import { written } from "./report";
import { budget, current, type Document, documentsOf, valuesIn } from "./saved";
import { Signal } from "./signal";
import type { Source } from "./stack";

// Keeping files documents in the study.
export type Keeping = { report: (all: NewReport) => Promise<FiledDocument>; keyImages: (all: NewKeyImages) => Promise<FiledDocument> };

const mostSeries = 40, mostInstances = 500; // that are asked for documents
const mostMarks = 500, mostKeys = 1000; // of all documents together: as many as the node files

// namesOf are the ids and UIDs of a study's series.
export const namesOf = (all: readonly Series[]): ReadonlySet<string> => new Set(all.flatMap(({ id, uid }) => [id, uid ?? ""]));

// Barred is why nothing is saved now: what is there is being read, or is more than one
// document has.
export type Barred = "" | "reading" | "full";

// Notebook reads the documents of a study into a desk, and writes new ones of what the desk
// has then. changed tells of what is read and written.
export class Notebook {
  readonly changed = new Signal();
  missing = 0; // series whose documents did not come, or are too many
  unread: readonly Document[] = []; // that say they are of this program and cannot be read as such: they stay as they are
  unshown = 0; // marks and key images that are too many
  at = ""; // when it was last saved or, at first, what was restored
  #reports: readonly string[] = []; // UIDs of the documents of this program that hold
  #selections: readonly string[] = [];
  #marks = ""; // what they have
  #keys = "";
  #gone: string[] = []; // selections that hold no longer, which the next report says
  #barred: Barred = "reading";

  // barred is why nothing is saved, "" if it can be: a new document takes the place of all
  // that are here, and has to have what they have.
  get barred(): Barred { return this.#barred; }

  // read restores what is saved, as far as it comes.
  async read(desk: Desk, study: string, all: readonly Series[], feed: Feed, signal: AbortSignal): Promise<void> {
    const found: Document[] = [];
    this.#barred = "reading";
    const kept = all.filter(({ uid, modality }) => uid && (modality === "SR" || modality === "KO"));
    const asked = kept.filter(({ instances }) => instances <= mostInstances).slice(0, mostSeries);
    this.missing = kept.length - asked.length;
    const left = budget();
    for (const { uid } of asked) {
      try {
        found.push(...documentsOf(await feed.metadata({ study, series: uid ?? "" }, signal), left));
        if (left.own < 0 || left.others < 0) this.missing++;
      } catch {
        signal.throwIfAborted();
        this.missing++;
      }
    }
    signal.throwIfAborted();
    this.take(desk, found);
  }

  // take restores what documents have, as far as the node would file it: of this program
  // first. Of a mark that several have, the newest counts.
  take(desk: Desk, found: readonly Document[]): void {
    const holding = current(found).sort((a, b) => Number(b.own) - Number(a.own) || b.at.localeCompare(a.at) || b.number - a.number), own = holding.filter((one) => one.own);
    this.#reports = own.filter(({ kind }) => kind === "report").map(({ uid }) => uid);
    this.#selections = own.filter(({ kind }) => kind === "keys").map(({ uid }) => uid);
    this.at = own[0]?.at ?? "";
    const marks = firsts(holding.flatMap((one) => one.marks), ({ id }) => id), keys = firsts(holding.flatMap((one) => one.keys), keyOf);
    const shown = { marks: marks.slice(0, mostMarks), keys: keys.slice(0, mostKeys) }, left = [...marks.slice(mostMarks).map(({ saved }) => saved?.own), ...keys.slice(mostKeys).map((key) => key.own)];
    this.unshown = left.length;
    this.unread = holding.filter(({ unread }) => unread);
    this.#barred = left.includes(true) ? "full" : "";
    desk.restore(shown.marks, shown.keys);
    this.#marks = markSum(shown.marks);
    this.#keys = keySum(shown.keys.filter((key) => key.own).map(keyOf));
    this.changed.tell();
  }

  // unsaved reports whether a document would have other things than the last.
  unsaved(desk: Desk): boolean { return this.#gone.length > 0 || desk.marks.some(({ saved }) => !saved) || markSum(desk.marks) !== this.#marks || this.#keysOf(desk) !== this.#keys; }

  #keysOf(desk: Desk): string { return keySum([...desk.keys].filter(([, { own }]) => own).map(([key]) => key)); }

  // save files what the desk has, and returns how many marks cannot be kept. It rejects
  // where it is barred.
  async save(desk: Desk, sources: readonly Source[], keeping: Keeping): Promise<number> {
    if (this.#barred) throw new Error(t(`view.barred.${this.#barred}`));
    const left = (await this.#saveKeys(desk, keeping)) + (await this.#saveMarks(desk, sources, keeping));
    this.changed.tell();
    return left;
  }

  async #saveKeys(desk: Desk, keeping: Keeping): Promise<number> {
    const keys = this.#keysOf(desk), images = [...desk.keys.values()].filter(({ own }) => own);
    let left = 0;
    if (keys === this.#keys) return left;
    if (images.length === 0) { // a selection of nothing is none: the report says that there is none
      this.#gone.push(...this.#selections);
      this.#selections = [];
    } else {
      const filed = await keeping.keyImages({ images: images.map(({ instance, frame }) => ({ image: instance, frame })), replaces: [...this.#selections] });
      this.#gone.push(...this.#selections.slice(0, -1)); // the new one is in the series of the last
      this.#selections = [filed.uid];
      this.at = filed.at;
      left = filed.left.length;
    }
    this.#keys = keys;
    return left;
  }

  async #saveMarks(desk: Desk, sources: readonly Source[], keeping: Keeping): Promise<number> {
    const nth = new Map<string, number>(), all: { mark: Measurement; wrote: NewMark | undefined }[] = [];
    for (const mark of desk.marks.filter(({ saved }) => saved?.own !== false)) {
      nth.set(mark.kind, (nth.get(mark.kind) ?? 0) + 1);
      all.push({ mark, wrote: mark.saved || desk.isOurs(mark) ? await written(mark, sources, nth.get(mark.kind) ?? 1) : undefined });
    }
    const kept = all.flatMap(({ wrote }) => wrote ?? []), sum = markSum(desk.marks);
    if (sum === this.#marks && this.#gone.length === 0 && all.every(({ mark, wrote }) => mark.saved || !wrote)) return all.length - kept.length;
    const filed = await keeping.report({ marks: kept, replaces: [...this.#reports, ...this.#gone] }), left = new Set(filed.left);
    for (const { mark, wrote } of all) {
      if (!wrote || left.has(wrote.tracking)) continue;
      desk.refile(mark, { document: filed.uid, at: filed.at, by: `SINSO (${filed.by})`, own: true, values: valuesIn(wrote.values ?? []), lines: [], written: wrote });
    }
    [this.#reports, this.#gone, this.#marks, this.at] = [[filed.uid], [], markSum(all.flatMap(({ wrote, mark }) => (wrote ? { ...mark, saved: { own: true } } : []))), filed.at];
    return all.length - kept.length + left.size;
  }
}

// firsts are those of all that have a name that none before them has.
function firsts<T>(all: readonly T[], nameOf: (one: T) => string): T[] {
  const found = new Map<string, T>();
  for (const one of all) if (!found.has(nameOf(one))) found.set(nameOf(one), one);
  return [...found.values()];
}

const keyOf = ({ instance, frame }: { instance: string; frame: number }): string => `${instance}/${frame}`;

// markSum tells sets of saved marks of this program apart.
const markSum = (marks: readonly { id: string; saved?: { own: boolean } }[]): string => marks.filter(({ saved }) => saved?.own).map(({ id }) => id).sort().join();
const keySum = (keys: readonly string[]): string => [...new Set(keys)].sort().join();
