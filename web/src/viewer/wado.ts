// Requests to the node's DICOMweb (PS3.18), by the same session as the rest of the page.
import { Problem } from "../api/client";
import type { Dataset } from "./dataset";
import { boundaryOf, Parts } from "./multipart";

const explicitLittleEndian = "1.2.840.10008.1.2.1"; // PS3.5 §A.2
const octets = `application/octet-stream; transfer-syntax=${explicitLittleEndian}`;

export type Place = { study: string; series: string }; // UIDs

export const pathOf = (at: Place): string => `/dicom-web/studies/${encodeURIComponent(at.study)}/series/${encodeURIComponent(at.series)}`;

async function ask(path: string, accept: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { Accept: accept }, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Problem({});
  }
  if (response.ok) return response;
  const told = (await response.json().catch(() => ({}))) as { class?: string; detail?: string; id?: string };
  if (response.status === 401) dispatchEvent(new Event("signed-out"));
  throw new Problem({ ...told, class: told.class ?? "internal", status: response.status });
}

export const metadata = async (at: Place, signal: AbortSignal): Promise<Dataset[]> =>
  (await (await ask(`${pathOf(at)}/metadata`, "application/dicom+json", signal)).json()) as Dataset[];

export const header = async (at: Place, instance: string, signal: AbortSignal): Promise<Dataset | undefined> =>
  ((await (await ask(`${pathOf(at)}/instances/${encodeURIComponent(instance)}/metadata`, "application/dicom+json", signal)).json()) as Dataset[])[0];

// Coded is a frame as the node decoded it. photometric is what became of its colours, ""
// if the bytes are as the object has them.
export type Coded = { bytes: Uint8Array; photometric: string };

// frames asks for frames of one instance, by number from 1; size is what each has in bytes,
// and calls take with each when it is there.
export async function frames(at: Place, instance: string, numbers: readonly number[], signal: AbortSignal, take: (number: number, coded: Coded) => void): Promise<void> {
  const many = numbers.length > 1;
  const path = `${pathOf(at)}/instances/${encodeURIComponent(instance)}/frames/${numbers.join(",")}`;
  const response = await ask(path, many ? `multipart/related; type="application/octet-stream"; transfer-syntax=${explicitLittleEndian}` : octets, signal);
  const photometric = response.headers.get("Photometric-Interpretation") ?? "";
  if (!many) {
    take(numbers[0] ?? 1, { bytes: new Uint8Array(await response.arrayBuffer()), photometric });
    return;
  }
  let n = 0;
  for await (const bytes of parts(response)) {
    const number = numbers[n++];
    if (number !== undefined) take(number, { bytes, photometric });
  }
  if (n < numbers.length) throw new Problem({ class: "cut-off" });
}

// files asks for all objects of a series and yields each when it is there.
export async function* files(at: Place, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await ask(pathOf(at), `multipart/related; type="application/dicom"; transfer-syntax=${explicitLittleEndian}`, signal);
  yield* parts(response);
}

async function* parts(response: Response): AsyncGenerator<Uint8Array> {
  const boundary = boundaryOf(response.headers.get("Content-Type"));
  if (!boundary || !response.body) throw new Problem({ class: "cut-off" });
  const cutter = new Parts(boundary), reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield* cutter.push(read.value);
  if (!cutter.ended) throw new Problem({ class: "cut-off" });
}

// bulk asks for a value that metadata only names. Another server's address is not asked.
function bulk(uri: string, signal: AbortSignal): Promise<Response> {
  const url = new URL(uri, location.href);
  if (!url.pathname.startsWith("/dicom-web/")) throw new Problem({ class: "invalid" });
  return ask(url.pathname, octets, signal);
}

export const bulkData = async (uri: string, signal: AbortSignal): Promise<Uint8Array> => new Uint8Array(await (await bulk(uri, signal)).arrayBuffer());
export const bulkBlob = async (uri: string, signal: AbortSignal): Promise<Blob> => (await bulk(uri, signal)).blob();
