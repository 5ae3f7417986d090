// Where the viewer's pictures come from: this node's DICOMweb, or files that a link shows.
import type { Dataset } from "./dataset";
import { bulkBlob, bulkData, type Coded, files, frames, header, metadata, pathOf, type Place } from "./wado";

// Feed answers what the viewer asks of one series.
export interface Feed {
  metadata(at: Place, signal: AbortSignal): Promise<Dataset[]>;
  // header is all that is said of one instance of it, undefined if there is none.
  header(at: Place, instance: string, signal: AbortSignal): Promise<Dataset | undefined>;
  // frames brings frames of one instance, by number from 1, and calls take with each.
  frames(at: Place, instance: string, numbers: readonly number[], signal: AbortSignal, take: (number: number, coded: Coded) => void): Promise<void>;
  // files yields the objects of a series that readPart10 can read; it may leave some out.
  files(at: Place, signal: AbortSignal): AsyncGenerator<Uint8Array>;
  bulkData(uri: string, signal: AbortSignal): Promise<Uint8Array>;
  // bulkBlob is the same of a value that may be too large for memory.
  bulkBlob(uri: string, signal: AbortSignal): Promise<Blob>;
  // uidOf is the Series Instance UID of a series, in a feed that names them otherwise.
  uidOf?(at: Place): Promise<string>;
  // picture is the address of a small picture of a series, "" if there is none.
  picture(at: Place, side: number): string;
  // small is that of one frame; without it there are none.
  small?(at: Place, instance: string, frame: number, side: number): string;
}

export const node: Feed = {
  metadata, header, frames, files, bulkData, bulkBlob, picture: (at, side) => `${pathOf(at)}/thumbnail?viewport=${side},${side}`,
  small: (at, instance, frame, side) => `${pathOf(at)}/instances/${encodeURIComponent(instance)}/frames/${frame}/thumbnail?viewport=${side},${side}`,
};
