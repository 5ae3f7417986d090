// Sends files to the node in parts that survive a broken line (tus 1.0).
import { type HttpResponse, Upload } from "tus-js-client";
import { Problem } from "../../api/client";
import type { Sender } from "./queue";

export type What = { batch: string; research: boolean };

const folder = "/api/v1/uploads/";
const chunk = 16 << 20; // bytes that are sent, and acknowledged, at a time

// sender sends files as one batch. Whose they are is asked where the node does not know.
export const sender = ({ batch, research }: What): Sender => (entry, told) => {
  const upload = new Upload(entry.file, {
    endpoint: folder,
    ...(entry.upload && { uploadUrl: folder + entry.upload }),
    metadata: { filename: entry.path, filetype: entry.file.type, batch, ask: "true", ...(research && { research: "true" }) },
    chunkSize: chunk,
    uploadDataDuringCreation: true,
    storeFingerprintForResuming: false, // it would keep the files' names in this browser; the node knows what it has
    retryDelays: [500, 2000, 5000, 15_000],
    onProgress: (sent) => { told.progress(sent); },
    onUploadUrlAvailable: () => { told.begun(upload.url?.split("/").at(-1) ?? ""); },
    onSuccess: () => { told.done(); },
    onError: (error) => { told.failed("originalResponse" in error ? problemOf(error.originalResponse) : error); },
  });
  upload.start();
  return { stop: () => upload.abort() };
};

// problemOf reads the node's answer as every other page does.
function problemOf(response: HttpResponse | null): Problem {
  if (!response) return new Problem({});
  try {
    return new Problem({ class: "internal", ...(JSON.parse(response.getBody()) as object), status: response.getStatus() });
  } catch {
    return new Problem({ class: "internal", status: response.getStatus() });
  }
}
