// The viewer's pictures out of what was bought. Somebody else made it: sizes are checked
// before anything is drawn.
import { part, Problem, request } from "../../api/client";
import type { BoughtRecord, Series } from "../../api/types";
import { type Dataset, numberOf, text } from "../../viewer/dataset";
import type { Feed } from "../../viewer/feed";
import { Lru } from "../../viewer/lru";
import { readPart10 } from "../../viewer/part10";
import type { Coded, Place } from "../../viewer/wado";

const kept = 96 << 20, most = 1 << 30; // bytes: of files that are kept, and of one

type Item = { number: number; size: number; dataset: Dataset };

// Load brings one object of a purchase, by its number.
export type Load = (number: number) => Promise<Uint8Array>;

export const loadOf = (order: string): Load => async (number) =>
  new Uint8Array(await (await request("GET", `purchases/${part(order)}/records/${number}`)).arrayBuffer());

// BoughtFeed is a Feed. A series is named by its Series Instance UID.
export class BoughtFeed implements Feed {
  readonly #series = new Map<string, Item[]>();
  readonly #files = new Lru<Promise<Uint8Array>>(kept);

  constructor(records: readonly BoughtRecord[], private readonly load: Load) {
    for (const { number, size, attributes } of records) {
      if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes)) continue;
      const dataset = attributes as Dataset, uid = text(dataset, "0020000E");
      const items = this.#series.get(uid) ?? [];
      items.push({ number, size, dataset });
      this.#series.set(uid, items);
    }
  }

  // series lists them as the viewer names them.
  get series(): Series[] {
    return [...this.#series].map(([uid, items]) => {
      const dataset = items[0]?.dataset;
      return { id: uid, uid, modality: text(dataset, "00080060"), bodyPart: text(dataset, "00180015"), description: text(dataset, "0008103E"), instances: items.length };
    });
  }

  get study(): string { return text([...this.#series.values()][0]?.[0]?.dataset, "0020000D"); }

  // deidentified counts what says of itself that it is a copy (PS3.3 C.7.1.1).
  get deidentified(): number { return [...this.#series.values()].flat().filter(({ dataset }) => text(dataset, "00120062") === "YES").length; }

  picture(): string { return ""; }

  bulkData(): Promise<Uint8Array> { return Promise.reject(new Problem({ class: "unsupported" })); } // what is drawn with is in the attributes

  bulkBlob(): Promise<Blob> { return Promise.reject(new Problem({ class: "unsupported" })); } // of films and documents no copy is made

  metadata({ series }: Place): Promise<Dataset[]> { return Promise.resolve((this.#series.get(series) ?? []).map(({ dataset }) => dataset)); }

  async header(at: Place, instance: string): Promise<Dataset | undefined> { return (await this.metadata(at)).find((d) => text(d, "00080018") === instance); }

  async frames({ series }: Place, instance: string, numbers: readonly number[], signal: AbortSignal, take: (number: number, coded: Coded) => void): Promise<void> {
    const item = this.#series.get(series)?.find(({ dataset }) => text(dataset, "00080018") === instance);
    if (!item) throw new Problem({ class: "not-found" });
    const { pixels, photometric } = readPart10(await this.#file(item)), count = Math.max(1, numberOf(item.dataset, "00280008") ?? 1);
    const size = Math.floor(pixels.length / count); // a byte of padding is no frame
    for (const number of numbers) {
      signal.throwIfAborted();
      if (number < 1 || number > count) throw new Problem({ class: "corrupt" });
      // What the node has decoded may have other colours than the object says.
      take(number, { bytes: pixels.slice((number - 1) * size, number * size), photometric: photometric === text(item.dataset, "00280004") ? "" : photometric });
    }
  }

  async *files({ series }: Place, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const item of this.#series.get(series) ?? []) {
      signal.throwIfAborted();
      yield await this.#file(item);
    }
  }

  // file brings an object once while it is in use.
  #file({ number, size }: Item): Promise<Uint8Array> {
    const key = String(number), held = this.#files.get(key);
    if (held) return held;
    if (size > most) return Promise.reject(new Problem({ class: "unsupported" }));
    const reading = this.load(number);
    reading.catch(() => { this.#files.drop(key); }); // it is asked for again
    this.#files.put(key, reading, size);
    return reading;
  }
}
