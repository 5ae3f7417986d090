// The npm package dicomweb-client against a node: stores files, finds them, and
// gets them back in every way that it knows. Prints one JSON object.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import XHR from "xhr2";

globalThis.XMLHttpRequest = XHR;
const loaded = await import("dicomweb-client");
const { DICOMwebClient } = (loaded.default?.api ?? loaded.api);

const [url, token, ...files] = process.argv.slice(2);
const client = new DICOMwebClient({ url, headers: { Authorization: `Bearer ${token}` } });
const bytes = files.map((file) => {
  const b = readFileSync(file);
  return b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);
});
const sha = (buffer) => createHash("sha256").update(Buffer.from(buffer)).digest("hex");
const first = (answer) => (Array.isArray(answer) ? answer[0] : answer);
const value = (object, tag) => object[tag]?.Value?.[0];

const stored = JSON.parse(await client.storeInstances({ datasets: bytes }));
const again = JSON.parse(await client.storeInstances({ datasets: bytes }));
const studies = await client.searchForStudies({ queryParams: { limit: 25, includefield: "all" } });
const studyInstanceUID = value(studies[0], "0020000D");
const series = await client.searchForSeries({ studyInstanceUID });
const seriesInstanceUID = value(series[0], "0020000E");
const instances = await client.searchForInstances({ studyInstanceUID, seriesInstanceUID });
const sopInstanceUID = value(instances[0], "00080018");
const one = { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
const metadata = await client.retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID });
const instance = await client.retrieveInstance(one);
const whole = await client.retrieveStudy({ studyInstanceUID });
const frames = await client.retrieveInstanceFrames({ ...one, frameNumbers: [1] });
const rendered = await client.retrieveInstanceRendered({ ...one, mediaTypes: [{ mediaType: "image/png" }] });
const photograph = await client.retrieveInstanceRendered({ ...one, mediaTypes: [{ mediaType: "image/jpeg" }] });
const bulk = await client.retrieveBulkData({ BulkDataURI: metadata[0]["7FE00010"].BulkDataURI });
let refused = 0;
try {
  await new DICOMwebClient({ url }).searchForStudies();
} catch (error) {
  refused = error.status ?? error.request?.status ?? -1;
}

process.stdout.write(JSON.stringify({
  stored: stored["00081199"].Value.length,
  failed: stored["00081198"]?.Value?.length ?? 0,
  again: again["00081199"].Value.length,
  warned: again["00081199"].Value.filter((item) => item["00081196"]).length,
  studies: studies.length,
  studyInstances: value(studies[0], "00201208"),
  series: series.length,
  instances: instances.length,
  metadata: metadata.length,
  instance: sha(instance),
  whole: whole.map(sha).sort(),
  frame: sha(first(frames)),
  png: Buffer.from(first(rendered)).subarray(1, 4).toString("latin1"),
  jpeg: Buffer.from(first(photograph)).subarray(0, 2).toString("hex"),
  bulk: sha(first(bulk)),
  refused,
}) + "\n");
