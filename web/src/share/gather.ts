// What of a study goes into a share: of each series its attributes as DICOM JSON, its
// files as they came, and the decoded frames of those whose pixels a page cannot cut out.
import { list, part, Problem, request } from "../api/client";
import type { Record as Instance, Series, Study } from "../api/types";
import { type Dataset, numberOf, text } from "../viewer/dataset";
import { bytesOf, layoutOf } from "../viewer/head";
import { bulkData, frames, metadata, type Place } from "../viewer/wado";
import type { SeriesEntry } from "./manifest";
import type { SealFile } from "./seal";

// Media types of the files of a share. Frames say what their colours are, as the node does
// ("photometric", "" if they are as the object has them).
export const attributesType = "application/dicom+json";
export const framesType = "application/octet-stream";

export const explicitLittleEndian = "1.2.840.10008.1.2.1"; // PS3.5 §A.2, which readPart10 reads

const atOnce = 8 << 20; // bytes of frames that are asked for together

// Alive is the signal of the attempt under way: one that was stopped is gone on with under another.
export type Alive = () => AbortSignal;

// gather says what is sealed of the chosen series; the bytes are fetched when their turn
// comes. The files of a series are its attributes, and then, in the same order, each
// object, behind it its frames where there are some.
export async function gather(study: Study, chosen: readonly Series[], alive: Alive): Promise<SeriesEntry<SealFile>[]> {
  const records = await list<Instance>(`studies/${part(study.id)}/records`, alive());
  const all: SeriesEntry<SealFile>[] = [];
  for (const series of chosen) {
    const own = records.filter((record) => record.series === series.id);
    const files = study.uid && series.uid ? await filesOf({ study: study.uid, series: series.uid }, own, alive) : [];
    if (files.length > 0) all.push({ modality: series.modality, label: series.description ?? "", files });
  }
  return all;
}

async function filesOf(at: Place, records: readonly Instance[], alive: Alive): Promise<SealFile[]> {
  const datasets = new Map((await metadata(at, alive())).map((d) => [text(d, "00080018"), d]));
  const shown = records.filter(({ uid }) => datasets.has(uid ?? "")); // what was rejected is in no metadata
  const attributes: Dataset[] = [], files: SealFile[] = [];
  for (const record of shown) {
    const dataset = datasets.get(record.uid ?? "") ?? {};
    attributes.push(await whole(dataset, alive()));
    files.push(original(record, alive));
    const decoded = await framesOf(at, record, dataset, alive);
    if (decoded) files.push(decoded);
  }
  if (files.length === 0) return [];
  const json = new TextEncoder().encode(JSON.stringify(attributes));
  return [{ size: json.length, type: attributesType, read: () => Promise.resolve(json) }, ...files];
}

const original = (record: Instance, alive: Alive): SealFile => ({
  size: record.size, number: record.number, frames: record.frames, rows: record.rows, columns: record.columns,
  read: async () => (await request("GET", `records/${part(record.id)}/file`, { signal: alive() })).body ?? new Uint8Array(),
});

// framesOf is the decoded frames of an object that has some, and whose own bytes are not
// enough: they are compressed or lie in another order, frames of bits share bytes, or
// there are two objects of this name.
async function framesOf(at: Place, record: Instance, dataset: Dataset, alive: Alive): Promise<SealFile | undefined> {
  const layout = layoutOf(dataset), count = Math.max(1, numberOf(dataset, "00280008") ?? 1), uid = record.uid ?? "";
  if (!layout || (record.syntax === explicitLittleEndian && layout.allocated > 1 && !record.conflict)) return undefined;
  let size = 0, photometric = "";
  try {
    await frames(at, uid, [1], alive(), (_, coded) => { [size, photometric] = [coded.bytes.length, coded.photometric]; });
  } catch (error) {
    if (error instanceof Problem && [404, 406, 415].includes(error.status)) return undefined; // the node cannot decode it: it is shown nowhere
    throw error;
  }
  const batch = Math.max(1, Math.floor(atOnce / Math.max(1, bytesOf(layout))));
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    for (let first = 1; first <= count; first += batch) {
      const numbers = Array.from({ length: Math.min(batch, count - first + 1) }, (_, i) => first + i), got: Uint8Array[] = [];
      await frames(at, uid, numbers, alive(), (_, coded) => { got.push(coded.bytes); });
      yield* got;
    }
  }
  return {
    size: size * count, frames: count, rows: layout.rows, columns: layout.columns, number: record.number,
    type: photometric ? `${framesType};photometric=${photometric}` : framesType, read: () => Promise.resolve(streamOf(bytes())),
  };
}

function streamOf(bytes: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await bytes.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() { await bytes.return(); },
  }, { highWaterMark: 0 });
}

const waveformData = "54001010";
const waveformBytes = (d: Dataset): number => ((numberOf(d, "003A0005") ?? 0) * (numberOf(d, "003A0010") ?? 0) * (numberOf(d, "54001004") ?? 0)) / 8; // PS3.3 C.10.9
// Values of tables (PS3.3 C.11.1, C.7.9), documents and waveforms, which the viewer draws with.
const drawnWith = new Set(["00281201", "00281202", "00281203", "00283006", "00420011", waveformData]);
const mostInline = 16 << 20; // bytes of one value
const overlayData = /^60[01][02468ACE]3000$/; // PS3.3 C.9.2

// whole is a dataset that names nothing at the node: what is drawn with has its bytes in it,
// other bulk data are in the file alone.
async function whole(dataset: Dataset, signal: AbortSignal): Promise<Dataset> {
  const out: { [tag: string]: NonNullable<Dataset[string]> } = {};
  for (const [tag, attribute] of Object.entries(dataset)) {
    if (!attribute) continue;
    const { BulkDataURI: uri, ...kept } = attribute;
    if (uri !== undefined) {
      const bytes = (drawnWith.has(tag) || overlayData.test(tag)) && !(tag === waveformData && waveformBytes(dataset) > mostInline) ? await bulkData(uri, signal) : undefined;
      if (bytes && bytes.length <= mostInline) out[tag] = { ...kept, InlineBinary: base64(bytes) };
    } else if (kept.vr === "SQ" && kept.Value) out[tag] = { ...kept, Value: await Promise.all(kept.Value.map((item) => whole(item as Dataset, signal))) };
    else out[tag] = kept;
  }
  return out;
}

function base64(bytes: Uint8Array): string {
  let raw = "";
  for (const byte of bytes) raw += String.fromCharCode(byte);
  return btoa(raw);
}
