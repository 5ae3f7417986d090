// The frames of one series in the order in which they are looked through.
import { Problem } from "../api/client";
import type { Bulk, Dataset } from "./dataset";
import { type Feed, node } from "./feed";
import { dot, normal } from "./geometry";
import { bytesOf, type Head, headsOf } from "./head";
import { Lru } from "./lru";
import { mostData } from "./overlays";
import { mayBeFilm, paperOf } from "./papers";
import { readPart10 } from "./part10";
import { decode, type Pixels, readTables, type Tables, Unreadable } from "./pixels";
import type { Coded, Place } from "./wado";

// Source is a row of pictures that a tile shows: the frames of a series, or cuts that are
// computed of them.
export interface Source {
  readonly id: string;
  readonly study?: string; // its UID; of what is computed none
  readonly heads: readonly Head[];
  held(index: number): Pixels | undefined;
  ask(index: number): Promise<Pixels>; // rejects if it is not wanted any more
  around(index: number, step: number): void; // what is looked at, and in which direction it goes
  tables(head: Head): Tables;
  listen(changed: () => void): () => void; // something has arrived
  arrived(): number;
  header?(instance: string, signal: AbortSignal): Promise<Dataset | undefined>; // of what is computed there is none
  bulk?(data: Bulk, arrived: () => void): Uint8Array | undefined; // its bytes, none if they cannot be had; undefined until they are here
}

// ordered sorts heads: along their common normal if each lies elsewhere on it, else by
// number. The direction is that of the numbers.
export function ordered(heads: readonly Head[]): Head[] {
  const byNumber = [...heads].sort((a, b) => a.number - b.number || a.frame - b.frame);
  const [first] = byNumber;
  if (!first?.plane) return byNumber;
  const n = normal(first.plane), places = new Map<Head, number>();
  for (const h of byNumber) {
    if (!h.plane || dot(normal(h.plane), n) < 0.9994 || h.reference !== first.reference) return byNumber;
    places.set(h, dot(h.plane.origin, n));
  }
  const at = (h: Head | undefined): number => (h && places.get(h)) ?? 0;
  const sorted = [...byNumber].sort((a, b) => at(a) - at(b));
  if (sorted.some((h, i) => i > 0 && at(h) - at(sorted[i - 1]) < 1e-3)) return byNumber;
  let rising = 0;
  byNumber.forEach((h, i) => { if (i > 0) rising += Math.sign(at(h) - at(byNumber[i - 1])); });
  return rising < 0 ? sorted.reverse() : sorted;
}

const atOnce = 4; // requests
const ahead = 24, behind = 8; // frames that are fetched around the one that is shown
const batch = 8 << 20; // bytes of one request
const mostPapers = 64;
const notAcceptable = 406; // of HTTP: there is no form of the frames that was asked for
const moment = 100; // ms between what is told of arrivals
const bulkBytes = 4 * mostData; // of values other than pixels that are kept: those of an image in each tile, or they would come for ever

type Waiting = { done: Promise<Pixels>; resolve: (pixels: Pixels) => void; reject: (error: unknown) => void };

// Stack fetches the frames of a series: the one that is looked at first, then all in one
// stream if there is room for them, else those around it. What was fetched is in a
// memory that all stacks share.
export class Stack implements Source {
  readonly id: string;
  readonly study: string;
  readonly heads: readonly Head[];
  readonly first: Dataset | undefined; // the first object's attributes
  readonly #papers: readonly Dataset[];
  readonly #films: readonly Dataset[];
  #undecoded = false; // it is of films, and the node has no frames of them
  readonly #place: Place;
  readonly #feed: Feed;
  readonly #memory: Lru<Pixels>;
  readonly #index = new Map<string, number>(); // by key
  readonly #fetched = new Map<string, Uint8Array>(); // bulk data of tables
  readonly #bulk = new Lru<Uint8Array | null>(bulkBytes); // by address; null until it is here
  readonly #tables = new Map<string, Tables>(); // by instance
  readonly #waiting = new Map<number, Waiting>();
  readonly #asked = new Map<number, AbortController>(); // on their way
  readonly #listeners = new Set<() => void>();
  readonly #failed = new Set<number>();
  readonly #end = new AbortController();
  #streaming: "not yet" | "now" | "over" = "not yet";
  #focus = { index: 0, step: 1 };
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(place: Place, datasets: readonly Dataset[], memory: Lru<Pixels>, id = place.series, feed = node) {
    this.id = id;
    this.study = place.study;
    this.#place = place;
    this.#feed = feed;
    this.#memory = memory;
    this.first = datasets[0];
    this.#papers = datasets.filter((d) => paperOf(d) !== undefined).slice(0, mostPapers);
    this.#films = datasets.filter(mayBeFilm).slice(0, mostPapers);
    this.heads = ordered(datasets.flatMap(headsOf));
    this.heads.forEach((h, i) => this.#index.set(h.key, i));
  }

  static async open(place: Place, memory: Lru<Pixels>, signal: AbortSignal, id?: string, feed = node): Promise<Stack> {
    const stack = new Stack(place, await feed.metadata(place, signal), memory, id, feed);
    await stack.#fetchTables(signal);
    return stack;
  }

  async #fetchTables(signal: AbortSignal): Promise<void> {
    const uris = new Set(this.heads.flatMap((h) => [h.modalityLut, ...h.voiLuts, ...(h.palette ?? [])].flatMap((table) => table?.data.uri ?? [])));
    for (const uri of [...uris].slice(0, 64)) this.#fetched.set(uri, await this.#feed.bulkData(uri, signal));
  }

  tables(head: Head): Tables {
    const key = head.voiLuts.length > 0 ? head.key : head.instance;
    let found = this.#tables.get(key);
    if (!found) this.#tables.set(key, (found = readTables(head, this.#fetched)));
    return found;
  }

  // papers are its objects that are looked at and are no images, where it has no images:
  // films, once it has turned out that their frames cannot be decoded.
  get papers(): readonly Dataset[] { return this.#undecoded ? this.#films : this.heads.length === 0 ? this.#papers : []; }

  // header is all that is said of the object that a picture is of.
  header(instance: string, signal: AbortSignal): Promise<Dataset | undefined> { return this.#feed.header(this.#place, instance, signal); }

  // fetch brings a value that may be large, and does not keep it.
  fetch({ words, uri = "" }: Bulk, signal: AbortSignal): Promise<Uint8Array> { return words ? Promise.resolve(words) : this.#feed.bulkData(uri, signal); }

  // whole brings a value that may be too large for memory.
  whole({ words, uri = "" }: Bulk, signal: AbortSignal): Promise<Blob> { return words ? Promise.resolve(new Blob([words.slice()])) : this.#feed.bulkBlob(uri, signal); }

  bulk({ words, uri, most }: Bulk, arrived: () => void): Uint8Array | undefined {
    if (words || !uri) return words;
    const held = this.#bulk.get(uri);
    if (held !== undefined) return held ?? undefined;
    this.#bulk.put(uri, null, 0);
    void this.#feed.bulkData(uri, this.#end.signal).catch(() => new Uint8Array()).then((all) => {
      const bytes = most !== undefined && all.length > most ? all.slice(0, most) : all;
      this.#bulk.put(uri, bytes, bytes.length);
      arrived();
    });
    return undefined;
  }

  held(index: number): Pixels | undefined { return this.#memory.get(this.heads[index]?.key ?? ""); }

  arrived(): number { return this.heads.reduce((n, h) => n + Number(this.#memory.has(h.key)), 0); }

  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => { this.#listeners.delete(changed); };
  }

  ask(index: number): Promise<Pixels> {
    const held = this.held(index);
    if (held) return Promise.resolve(held);
    const waiting = this.#waiting.get(index) ?? waitFor(() => { this.#waiting.delete(index); });
    this.#waiting.set(index, waiting);
    this.#failed.delete(index);
    this.around(index, this.#focus.step);
    return waiting.done;
  }

  around(index: number, step: number): void {
    this.#focus = { index, step: Math.sign(step) || 1 };
    this.#pump();
  }

  // close ends all requests. What has arrived stays in the memory.
  close(): void {
    this.#end.abort();
    clearTimeout(this.#telling);
    for (const controller of this.#asked.values()) controller.abort();
    for (const waiting of this.#waiting.values()) waiting.reject(new Problem({ class: "cut-off" }));
  }

  // wanted lists the frames to fetch, the most urgent first.
  #wanted(): number[] {
    const { index, step } = this.#focus, list = [...this.#waiting.keys()].sort((a, b) => Math.abs(a - index) - Math.abs(b - index));
    if (this.#streaming === "over" && !this.#undecoded) { // until the first is here, nothing stands in its way
      for (let i = 0; i <= ahead; i++) {
        list.push(index + i * step);
        if (i > 0 && i <= behind) list.push(index - i * step);
      }
    }
    const free = (i: number): boolean => i >= 0 && i < this.heads.length && !this.#asked.has(i) && !this.#failed.has(i) && !this.#memory.has(this.heads[i]?.key ?? "");
    return [...new Set(list)].filter(free);
  }

  #pump(): void {
    if (this.#end.signal.aborted) return;
    const { index } = this.#focus;
    for (const [i, controller] of this.#asked) if (!this.#waiting.has(i) && Math.abs(i - index) > 2 * ahead) controller.abort();
    const running = new Set(this.#asked.values()).size;
    const wanted = this.#wanted();
    for (let n = running; n < atOnce && wanted.length > 0; n++) void this.#fetch(this.#take(wanted));
  }

  // take cuts the next request off a list: one frame, or some of one instance.
  #take(wanted: number[]): number[] {
    const first = wanted.shift() ?? 0, head = this.heads[first];
    if (!head) return [];
    const most = Math.max(1, Math.floor(batch / bytesOf(head)));
    const taken = [first];
    for (let i = 0; i < wanted.length && taken.length < most;) {
      const next = wanted[i] ?? 0;
      if (this.heads[next]?.instance === head.instance) taken.push(...wanted.splice(i, 1));
      else i++;
    }
    return taken;
  }

  async #fetch(taken: number[]): Promise<void> {
    const [first = 0] = taken, head = this.heads[first];
    if (!head) return;
    const controller = new AbortController();
    for (const i of taken) this.#asked.set(i, controller);
    const byNumber = new Map(taken.map((i) => [this.heads[i]?.frame ?? 0, i]));
    try {
      await this.#feed.frames(this.#place, head.instance, [...byNumber.keys()], controller.signal, (number, coded) => {
        const i = byNumber.get(number);
        if (i !== undefined) this.#arrive(i, coded);
      });
    } catch (error) {
      if (!controller.signal.aborted) this.#fail(taken, error);
    }
    for (const i of taken) if (this.#asked.get(i) === controller) this.#asked.delete(i);
    this.#stream();
    this.#pump();
  }

  #fail(indexes: readonly number[], error: unknown): void {
    if (error instanceof Problem && error.status === notAcceptable) this.#undecoded = this.#films.length > 0;
    for (const i of indexes) {
      if (this.#memory.has(this.heads[i]?.key ?? "")) continue;
      this.#failed.add(i); // not asked again by itself
      this.#waiting.get(i)?.reject(error);
    }
    for (const changed of this.#listeners) changed();
  }

  #arrive(index: number, { bytes, photometric }: Coded, planar = false): void {
    const head = this.heads[index];
    if (!head || this.#memory.has(head.key)) return;
    try {
      const pixels = decode(bytes, photometric ? { ...head, photometric, planar } : head);
      this.#memory.put(head.key, pixels, pixels.data.byteLength + (pixels.cells?.byteLength ?? 0));
      this.#waiting.get(index)?.resolve(pixels);
    } catch (error) {
      this.#fail([index], error instanceof Unreadable ? new Problem({ class: "unsupported", detail: error.message }) : error);
    }
    this.#tellSoon();
  }

  // tellSoon tells that pictures have arrived, of all of a moment at once: a page that is drawn anew for each of
  // hundreds does not answer meanwhile. Who waits for one has it at once.
  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      for (const changed of this.#listeners) changed();
    }, moment);
  }

  // keepOverlays keeps the data of an object's overlays, which need not be asked for then.
  #keepOverlays(head: Head, found: ReadonlyMap<string, Uint8Array>): void {
    for (const { group, data } of head.overlays) {
      const bytes = data && found.get(group)?.slice(0, data.most);
      if (bytes && data.uri) this.#bulk.put(data.uri, bytes, bytes.length);
    }
  }

  // stream fetches the whole series by one request, once, if all of it may stay in memory.
  #stream(): void {
    const total = this.heads.reduce((n, h) => n + bytesOf(h), 0);
    if (this.#streaming !== "not yet" || this.#end.signal.aborted) return;
    this.#streaming = "over";
    if (this.#undecoded || this.heads.length < 4 || total > this.#memory.budget * 0.9 || this.heads.some((h) => h.allocated === 1)) return; // bits of frames share bytes
    this.#streaming = "now";
    void this.#readStream().catch(() => { /* what did not come is asked for frame by frame */ }).finally(() => {
      this.#streaming = "over";
      this.#pump();
    });
  }

  async #readStream(): Promise<void> {
    await new Promise((drawn) => { requestAnimationFrame(() => setTimeout(drawn, 50)); }); // the first image goes first
    for await (const file of this.#feed.files(this.#place, this.#end.signal)) {
      let found;
      try {
        found = readPart10(file);
      } catch {
        continue; // no image
      }
      for (let frame = 1; ; frame++) {
        const index = this.#index.get(`${found.instance}/${frame}`), head = this.heads[index ?? -1];
        if (index === undefined || !head) break;
        if (frame === 1) this.#keepOverlays(head, found.overlays);
        const size = found.photometric === "YBR_FULL_422" ? (head.rows * head.columns * 2) : bytesOf(head);
        const bytes = found.pixels.slice((frame - 1) * size, frame * size);
        this.#arrive(index, { bytes, photometric: found.photometric }, found.planar);
      }
    }
  }
}

function waitFor(over: () => void): Waiting {
  let resolve: Waiting["resolve"] = () => {}, reject: Waiting["reject"] = () => {};
  const done = new Promise<Pixels>((yes, no) => { resolve = yes; reject = no; });
  done.then(over, over);
  return { done, resolve, reject };
}
