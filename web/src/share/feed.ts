// The viewer's pictures out of an opened share. What is in it somebody with the link has
// written, who may be anybody: sizes are checked before anything is read.
import { Problem } from "../api/client";
import { bulk, type Dataset, items, numberOf, text } from "../viewer/dataset";
import type { Feed } from "../viewer/feed";
import { bytesOf, type Layout, layoutOf } from "../viewer/head";
import { Lru } from "../viewer/lru";
import { mayBeFilm, paperOf } from "../viewer/papers";
import { readPart10 } from "../viewer/part10";
import { Unreadable } from "../viewer/pixels";
import type { Coded, Place } from "../viewer/wado";
import { attributesType, framesType } from "./gather";
import type { Bytes } from "./link";
import type { Shared } from "./open";
import { type Path, valueIn } from "./value";

const mostAttributes = 128 << 20, mostFile = 1 << 30, mostValue = 256 << 20, kept = 96 << 20; // bytes
const mostBlob = 2 ** 32; // bytes of a file that is read and not held in memory

// Item is one object of a series: where its file and its decoded frames are among all
// files of the share.
export type Item = { file: number; frames?: number };

// Row is one series of a share.
export type Row = { attributes?: number; items: Item[] };

// undecoded is what the node answers, too, where an object has no frames that can be
// decoded: it may be a film.
const undecoded = (): Problem => new Problem({ class: "unsupported", status: 406 });

function pixelsIn(file: Bytes): Uint8Array {
  try {
    return readPart10(file).pixels;
  } catch (error) {
    throw error instanceof Unreadable ? undecoded() : error;
  }
}

// leastBytes are those of the frames of an object that is not compressed.
const leastBytes = (d: Dataset, layout: Layout): number => (bytesOf(layout) * Math.max(1, numberOf(d, "00280008") ?? 1)) / (layout.photometric.includes("42") ? 2 : 1);

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
const tooLarge = (): Problem => new Problem({ class: "too-large" });

// Values that are not in the attributes, but in the file itself: a document, a film, samples
// of waveforms. They are named by their file and the way to them in it.
const scheme = "share:", encapsulated = "00420011", pixelData = "7FE00010", waveforms = "54000100", samples = "54001010";

// located is a dataset that says where such values are.
function located(d: Dataset, file: number): Dataset {
  const name = (of: Dataset, tag: string, ...path: (string | number)[]): Dataset =>
    (bulk(of, tag)?.words ? of : { ...of, [tag]: { BulkDataURI: scheme + [file, ...path, tag].join("/") } });
  if (mayBeFilm(d)) return name(d, pixelData);
  switch (paperOf(d)) {
    case "pdf": return name(d, encapsulated);
    case "waveform": return { ...d, [waveforms]: { vr: "SQ", Value: items(d, waveforms).map((item, i) => name(item, samples, waveforms, i)) } };
    case undefined: return d;
  }
}

// placeOf reads what located wrote; undefined for anything else.
function placeOf(uri: string): { file: number; path: Path } | undefined {
  const [, file, way = ""] = /^share:(\d{1,6})\/((?:[0-9A-F]{8}\/\d{1,2}\/)?[0-9A-F]{8})$/.exec(uri) ?? [];
  return file === undefined ? undefined : { file: Number(file), path: way.split("/").map((part) => Number.parseInt(part, part.length === 8 ? 16 : 10)) };
}

// SharedFeed is a Feed. A series is named by its place in the manifest.
export class SharedFeed implements Feed {
  readonly rows: readonly Row[];
  readonly #read = new Lru<Promise<Bytes>>(kept);
  readonly #known = new Map<string, Known>(); // by series and instance

  constructor(private readonly shared: Shared) { this.rows = rowsOf(shared); }

  picture(): string { return ""; }

  async bulkData(uri: string, signal: AbortSignal): Promise<Uint8Array> {
    const value = await this.bulkBlob(uri, signal);
    if (value.size > mostValue) throw tooLarge();
    return new Uint8Array(await value.arrayBuffer());
  }

  // bulkBlob cuts a value out of its file, which is read for it.
  async bulkBlob(uri: string, signal: AbortSignal): Promise<Blob> {
    const place = placeOf(uri);
    if (!place) throw unreadable();
    if ((this.shared.files[place.file]?.size ?? 0) > mostBlob) throw tooLarge();
    return valueIn(await this.shared.blob(place.file, { signal }), place.path, signal);
  }

  async metadata({ series }: Place): Promise<Dataset[]> {
    const row = this.rows[Number(series)];
    if (row?.attributes === undefined) return [];
    if ((this.shared.files[row.attributes]?.size ?? 0) > mostAttributes) throw tooLarge();
    const said: unknown = JSON.parse(new TextDecoder().decode(await this.#file(row.attributes)));
    if (!Array.isArray(said) || said.length !== row.items.length) throw unreadable();
    const datasets = said.map((d: unknown) => (typeof d === "object" && d !== null && !Array.isArray(d) ? (d as Dataset) : {}));
    for (const [i, item] of row.items.entries()) {
      const dataset = datasets[i] ?? {}, layout = layoutOf(dataset);
      if (layout) this.#known.set(`${series}/${text(dataset, "00080018")}`, { item, dataset, layout });
    }
    return datasets.map((d, i) => located(d, row.items[i]?.file ?? 0));
  }

  // header has what is in the attributes: of other bulk data nothing is said there.
  header({ series }: Place, instance: string): Promise<Dataset | undefined> { return Promise.resolve(this.#known.get(`${series}/${instance}`)?.dataset); }

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
    if ((this.shared.files[item.file]?.size ?? 0) < leastBytes(dataset, layout)) throw undecoded(); // it need not be read
    const pixels = pixelsIn(await this.#file(item.file));
    return { bytes: pixels, size: layout.photometric === "YBR_FULL_422" ? layout.rows * layout.columns * 2 : bytesOf(layout), photometric: "" };
  }

  // file reads a file once while it is in use.
  #file(index: number): Promise<Bytes> {
    const size = this.shared.files[index]?.size ?? 0, key = String(index), held = this.#read.get(key);
    if (held) return held;
    if (size > mostFile) return Promise.reject(tooLarge());
    const reading = this.shared.read(index);
    reading.catch(() => { this.#read.drop(key); }); // it is asked for again
    this.#read.put(key, reading, size);
    return reading;
  }
}
