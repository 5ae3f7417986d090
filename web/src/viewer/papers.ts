// Objects that are looked at, and are no images of a stack: waveforms, documents, films.
import { type Bulk, bulk, type Dataset, numberOf, text } from "./dataset";

const pdfClass = "1.2.840.10008.5.1.4.1.1.104.1"; // Encapsulated PDF
const videoClasses: ReadonlySet<string> = new Set(["1.2.840.10008.5.1.4.1.1.77.1.1.1", "1.2.840.10008.5.1.4.1.1.77.1.2.1", "1.2.840.10008.5.1.4.1.1.77.1.4.1"]); // Video Endoscopic, Microscopic, Photographic

export type PaperKind = "waveform" | "pdf";

// paperOf tells what an object is; undefined for an image and for what is not shown at all.
export function paperOf(d: Dataset): PaperKind | undefined {
  if (d["00280010"]) return undefined; // it has rows: it is an image, whatever else is in it
  return d["54000100"] ? "waveform" : text(d, "00080016") === pdfClass ? "pdf" : undefined;
}

// mayBeFilm reports whether the frames of an object may be one stream of MPEG: those of the
// classes for it, and those that halve the colours in both directions, which only it does
// (PS3.3 C.7.6.3.1.2). Whether they are is in no metadata.
export const mayBeFilm = (d: Dataset): boolean => videoClasses.has(text(d, "00080016")) || text(d, "00280004") === "YBR_PARTIAL_420";

export type Document = { title: string; data: Bulk | undefined };

export const documentOf = (d: Dataset): Document => ({ title: text(d, "00420010"), data: bulk(d, "00420011") });

export type Video = { data: Bulk | undefined; frames: number; seconds: number };

// videoOf reads how long a film is: frames, and seconds if their rate is stated (PS3.3 C.7.6.5).
export function videoOf(d: Dataset): Video {
  const frames = Math.max(1, numberOf(d, "00280008") ?? 1), ms = numberOf(d, "00181063") ?? 0, rate = numberOf(d, "00180040") ?? 0;
  return { data: bulk(d, "7FE00010"), frames, seconds: ms > 0 ? (frames * ms) / 1000 : rate > 0 ? frames / rate : 0 };
}

const starts = (bytes: Uint8Array, at: number, mark: string): boolean => [...mark].every((c, i) => bytes[at + i] === c.charCodeAt(0));

// isPdf looks for the mark of a PDF, which may stand behind some bytes (ISO 32000-1 H.3).
export function isPdf(bytes: Uint8Array): boolean {
  for (let at = 0; at < Math.min(1024, bytes.length - 4); at++) if (starts(bytes, at, "%PDF-")) return true;
  return false;
}

// containerOf tells in what a film's stream is (PS3.5 §8.2.5 to 8.2.7): a browser plays MP4
// alone. "" for what it is not known of.
export function containerOf(bytes: Uint8Array): "mp4" | "ts" | "mpeg" | "" {
  if (starts(bytes, 4, "ftyp")) return "mp4";
  if (bytes[0] === 0x47 && (bytes.length <= 188 || bytes[188] === 0x47)) return "ts"; // ISO 13818-1: packets of 188 bytes
  return bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 1 ? "mpeg" : "";
}
