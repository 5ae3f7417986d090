// Pictures of every photometric interpretation in every transfer syntax that dcmtk writes, and
// files of many makers: what the viewer shows of each is what dcmtk draws of it.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { dicom, type Element } from "./dicom";
import { desktop } from "./display";
import { sorted } from "./objects";
import { openBrowser, serve, visit } from "./rig";
import { type Compared, viewer } from "./viewer.e2e";

const run = promisify(execFile);
const quarantined = 3; // the program's status when some of the files were
const side = 96, cells = side * side, captured = "1.2.840.10008.5.1.4.1.1.7";

let browser: Browser, folder = "";

// Base is one picture: smooth with an edge, and some noise that is the same each time.
type Base = { name: string; samples: 1 | 3; bits: 8 | 12 | 16; signed?: boolean; photometric: string; more?: readonly Element[] };

const table = (of: (i: number) => number): Uint8Array => new Uint8Array(Uint16Array.from({ length: 256 }, (_, i) => of(i) * 257).buffer);
const palette: readonly Element[] = [
  ...[0x00281101, 0x00281102, 0x00281103].map((tag): Element => [tag, "US", new Uint8Array(Uint16Array.of(256, 0, 16).buffer)]),
  [0x00281201, "OW", table((i) => i)], [0x00281202, "OW", table((i) => 255 - i)], [0x00281203, "OW", table((i) => (i * 3) % 256)],
];
const bases: readonly Base[] = [
  { name: "grey 8", samples: 1, bits: 8, photometric: "MONOCHROME2" },
  { name: "grey 12", samples: 1, bits: 12, photometric: "MONOCHROME2", more: [[0x00281050, "DS", "2000"], [0x00281051, "DS", "3000"]] },
  { name: "grey 16", samples: 1, bits: 16, signed: true, photometric: "MONOCHROME2", more: [[0x00281050, "DS", "100"], [0x00281051, "DS", "20000"], [0x00281052, "DS", "-10"], [0x00281053, "DS", "0.5"]] },
  { name: "inverse 8", samples: 1, bits: 8, photometric: "MONOCHROME1" },
  { name: "inverse 12", samples: 1, bits: 12, photometric: "MONOCHROME1", more: [[0x00281050, "DS", "1500"], [0x00281051, "DS", "2500"]] },
  { name: "palette", samples: 1, bits: 8, photometric: "PALETTE COLOR", more: palette },
  { name: "colour", samples: 3, bits: 8, photometric: "RGB" },
  { name: "luminance", samples: 3, bits: 8, photometric: "YBR_FULL" },
];

function pixels({ samples, bits, signed = false, photometric }: Base): Buffer {
  const wide = bits === 8 ? 1 : 2, out = Buffer.alloc(cells * samples * wide), most = 2 ** bits - 1;
  let noise = 12_345;
  for (let i = 0; i < cells * samples; i++) {
    const cell = Math.floor(i / samples), x = cell % side, y = Math.floor(cell / side), sample = i % samples;
    noise = (noise * 1_103_515_245 + 12_345) % 2 ** 31;
    const smooth = ([x + y, 2 * y, 2 * side - x - y][sample] ?? 0) / (2 * side), edge = (x - 48) ** 2 + (y - 40) ** 2 < 500 ? 0.25 : 0;
    const colour = photometric === "YBR_FULL" && sample > 0 ? 0.4 + smooth * 0.2 : Math.min(1, smooth * 0.7 + edge + (noise / 2 ** 31) * 0.02);
    const value = Math.round(colour * most) - (signed ? 2 ** (bits - 1) : 0);
    if (wide === 1) out[i] = value;
    else out.writeInt16LE(((value & 0xffff) << 16) >> 16, i * 2);
  }
  return out;
}

const object = (of: Base, n: number): Buffer => dicom(captured, `2.25.7300.${n}.1`, sorted([
  [0x00080016, "UI", captured], [0x00080018, "UI", `2.25.7300.${n}.1`], [0x00080020, "DA", "20240117"], [0x00080030, "TM", "101500"], [0x00080060, "CS", "OT"], [0x00080064, "CS", "SYN"], [0x0008103e, "LO", of.name],
  [0x00100010, "PN", "DRAWN^FIGURE"], [0x00100020, "LO", "DRAWN"], [0x00100030, "DA", "19700101"], [0x0020000d, "UI", "2.25.7300"], [0x0020000e, "UI", `2.25.7300.${n}`], [0x00200011, "IS", String(n)], [0x00200013, "IS", "1"],
  [0x00280002, "US", of.samples], [0x00280004, "CS", of.photometric], ...(of.samples === 3 ? [[0x00280006, "US", 0]] as const : []), [0x00280010, "US", side], [0x00280011, "US", side],
  [0x00280100, "US", of.bits === 8 ? 8 : 16], [0x00280101, "US", of.bits], [0x00280102, "US", of.bits - 1], [0x00280103, "US", of.signed ? 1 : 0], ...(of.more ?? []), [0x7fe00010, of.bits === 8 ? "OB" : "OW", pixels(of)],
]));

// ways are how dcmtk writes an object anew; what it cannot, it refuses.
const ways: readonly (readonly [string, ...string[]])[] = [
  ["dcmconv", "+ti"], ["dcmconv", "+tb"], ["dcmconv", "+td"], ["dcmcrle"], ["dcmcjpeg", "+e1"], ["dcmcjpeg", "+el"], ["dcmcjpeg", "+eb"], ["dcmcjpeg", "+eb", "+s4"], ["dcmcjpeg", "+ee"], ["dcmcjpeg", "+ee", "+s4"], ["dcmcjpls", "+el"], ["dcmcjpls", "+en"],
];

// written writes each picture in each way, as one series.
async function written(to: string): Promise<void> {
  await Promise.all(bases.map(async (base, i) => {
    const first = join(to, `${i}.dcm`);
    await writeFile(first, object(base, i + 1));
    for (const [k, [tool, ...args]] of ways.entries()) {
      const path = join(to, `${i}-${k}.dcm`);
      const done = await run(tool, [...args, first, path]).then(() => true, () => false);
      if (done) await run("dcmodify", ["-nb", "-m", `SOPInstanceUID=2.25.7300.${i + 1}.${k + 2}`, "-m", `InstanceNumber=${k + 2}`, path]);
    }
  }));
}

beforeAll(async () => { [browser, folder] = await Promise.all([openBrowser(), mkdtemp(join(tmpdir(), "sinso-frames-"))]); });

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

// seen has a node take in files, and compares all that the viewer shows of them with dcmtk's.
// What the browser says of answers that refuse is put up with, if it is.
async function seen(files: string, refused: RegExp = /^$/): Promise<Compared> {
  const data = join(await mkdtemp(join(folder, "node-")), "data"), sinso = inject("sinso");
  await run(sinso, ["init", "--data", data]);
  await run(sinso, ["import", files, "--data", data]).catch((error: { code?: number }) => { if (error.code !== quarantined) throw error; });
  const node = await serve(sinso, data);
  try {
    node.tokens.clinician = (await run(sinso, ["token", "create", "--role", "clinician", "--research", "--data", data])).stdout.trim(); // sees what says that it is de-identified, too
    const { page, complaints, context } = await visit(browser, node, desktop, "clinician"), found = await viewer(page, { base: node.base });
    expect(complaints.filter((one) => !refused.test(one))).toEqual([]);
    await context.close();
    return found;
  } finally {
    await node.stop();
  }
}

test("each picture in each syntax is dcmtk's, within one grey level", async () => {
  const files = await mkdtemp(join(folder, "files-"));
  await written(files);
  const found = await seen(files);
  expect(found.wrong).toEqual([]);
  expect(found.images - found.two).toBeGreaterThanOrEqual(60);
  for (const jpeg of ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"]) expect(found.kinds).toContain(`YBR_FULL ${jpeg}`);
  expect(found.kinds.size).toBeGreaterThanOrEqual(50); // of a photometric interpretation in a syntax
}, 300_000);

// What others have written: pydicom's own test files, of many makers, some of them wrong.
test("each picture of others' files is dcmtk's, within one grey level", async () => {
  const found = await seen("/usr/lib/python3/dist-packages/pydicom/data/test_files", /status of (406|501|502)/); // no picture, or one that is damaged
  expect(found.wrong).toEqual([]);
  expect(found.two).toBe(0);
  expect(found.images).toBeGreaterThanOrEqual(60);
}, 300_000);
