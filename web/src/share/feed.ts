// The viewer's pictures out of an opened share. What is in it somebody with the link has
// written, who may be anybody: sizes are checked before anything is read.
import { Problem } from "../api/client";
import { type Dataset, numberOf, text } from "../viewer/dataset";
import type { Feed } from "../viewer/feed";
import { bytesOf, type Layout, layoutOf } from "../viewer/head";
import { Lru } from "../viewer/lru";
import { readPart10 } from "../viewer/part10";
import type { Coded, Place } from "../viewer/wado";
import { attributesType, framesType } from "./gather";
import type { Bytes } from "./link";
import type { Shared } from "./open";

const mostAttributes = 128 << 20, mostFile = 1 << 30, kept = 96 << 20; // bytes

// Item is one object of a series: where its file and its decoded frames are among all
// files of the share.
export type Item = { file: number; frames?: number };

// Row is one series of a share.
export type Row = { attributes?: number; items: Item[] };

type Known = { item: Item; dataset: Dataset; layout: Layout };

// rowsOf finds the series of a share in its files.
export function rowsOf(shared: Shared): Row[] {
  let index = 0;
  return shared.manifest.series.map((series) => {
    const row: Row = { items: [] };
    for (const { type = "" } of series.files) {
      const at = index++, last = row.items.at(-1);
      if (type === attributesType) row.attributes = at;
      else if (type.split(";")[0] === framesType) {
        if (last) last.frames = at;
      } else row.items.push({ file: at });
    }
    return row;
  });
}

const unreadable = (): Problem => new Problem({ class: "corrupt" });

// SharedFeed is a Feed. A series is named by its place in the manifest.
export class SharedFeed implements Feed {
  readonly rows: readonly Row[];
  readonly #read = new Lru<Promise<Bytes>>(kept);
  readonly #known = new Map<string, Known>(); // by series and instance

  constructor(private readonly shared: Shared) { this.rows = rowsOf(shared); }

  picture(): string { return ""; }

  bulkData(): Promise<Uint8Array> { return Promise.reject(unreadable()); } // all of it is in the attributes

  async metadata({ series }: Place): Promise<Dataset[]> {
    const row = this.rows[Number(series)];
    if (row?.attributes === undefined) return [];
    if ((this.shared.files[row.attributes]?.size ?? 0) > mostAttributes) throw new Problem({ class: "unsupported" });
    const said: unknown = JSON.parse(new TextDecoder().decode(await this.#file(row.attributes)));
    if (!Array.isArray(said) || said.length !== row.items.length) throw unreadable();
    const datasets = said.filter((d): d is Dataset => typeof d === "object" && d !== null && !Array.isArray(d));
    for (const [i, item] of row.items.entries()) {
      const dataset = datasets[i] ?? {}, layout = layoutOf(dataset);
      if (layout) this.#known.set(`${series}/${text(dataset, "00080018")}`, { item, dataset, layout });
    }
    return datasets;
  }

  async uidOf(at: Place): Promise<string> { return text((await this.metadata(at))[0], "0020000E"); }

  async frames({ series }: Place, instance: string, numbers: readonly number[], signal: AbortSignal, take: (number: number, coded: Coded) => void): Promise<void> {
    const known = this.#known.get(`${series}/${instance}`);
    if (!known) throw new Problem({ class: "not-found" });
    const { bytes, size, photometric } = await this.#pixels(known);
    for (const number of numbers) {
      signal.throwIfAborted();
      if (number * size > bytes.length) throw unreadable();
      take(number, { bytes: bytes.slice((number - 1) * size, number * size), photometric });
    }
  }

  async *files({ series }: Place, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const item of this.rows[Number(series)]?.items ?? []) {
      signal.throwIfAborted();
      if (item.frames === undefined) yield await this.#file(item.file);
    }
  }

  // pixels are all frames of an object, each of size bytes.
  async #pixels({ item, dataset, layout }: Known): Promise<{ bytes: Uint8Array; size: number; photometric: string }> {
    if (item.frames !== undefined) {
      const bytes = await this.#file(item.frames), size = bytes.length / Math.max(1, numberOf(dataset, "00280008") ?? 1);
      if (!Number.isInteger(size)) throw unreadable();
      return { bytes, size, photometric: /;photometric=([A-Z0-9_ ]{1,16})$/.exec(this.shared.files[item.frames]?.type ?? "")?.[1] ?? "" };
    }
    const { pixels } = readPart10(await this.#file(item.file));
    return { bytes: pixels, size: layout.photometric === "YBR_FULL_422" ? layout.rows * layout.columns * 2 : bytesOf(layout), photometric: "" };
  }

  // file reads a file once while it is in use.
  #file(index: number): Promise<Bytes> {
    const size = this.shared.files[index]?.size ?? 0, key = String(index), held = this.#read.get(key);
    if (held) return held;
    if (size > mostFile) return Promise.reject(new Problem({ class: "unsupported" }));
    const reading = this.shared.read(index);
    reading.catch(() => { this.#read.drop(key); }); // it is asked for again
    this.#read.put(key, reading, size);
    return reading;
  }
}
