// Draws a study of an invented person, as DICOM files (PS3.10, explicit little endian): a
// chest and a head by CT, and an ultrasound with writing around its picture.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

type Value = string | number | Uint8Array | Element[][];
type Element = { tag: number; vr: string; value: Value };

const long = new Set(["OB", "OW", "SQ", "UN", "UT"]);

const el = (tag: number, vr: string, value: Value): Element => ({ tag, vr, value });

// encode writes elements in the order of their tags.
function encode(elements: Element[]): Buffer {
  return Buffer.concat([...elements].sort((a, b) => a.tag - b.tag).map(({ tag, vr, value }) => {
    const body = bodyOf(vr, value);
    const head = Buffer.alloc(long.has(vr) ? 12 : 8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.write(vr, 4, "ascii");
    if (long.has(vr)) head.writeUInt32LE(body.length, 8);
    else head.writeUInt16LE(body.length, 6);
    return Buffer.concat([head, body]);
  }));
}

function bodyOf(vr: string, value: Value): Buffer {
  if (Array.isArray(value)) {
    return Buffer.concat(value.map((item) => {
      const body = encode(item), head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
      head.writeUInt32LE(body.length, 4);
      return Buffer.concat([head, body]);
    }));
  }
  if (typeof value === "number") {
    const body = Buffer.alloc(vr === "UL" ? 4 : 2);
    if (vr === "UL") body.writeUInt32LE(value);
    else body.writeUInt16LE(value);
    return body;
  }
  const body = Buffer.from(value as string);
  return body.length % 2 ? Buffer.concat([body, Buffer.from(vr === "UI" || vr === "OB" ? "\0" : " ")]) : body;
}

// part10 puts a data set into a file.
function part10(dataset: Element[]): Buffer {
  const text = (tag: number): string => String(dataset.find((e) => e.tag === tag)?.value ?? "");
  const meta = encode([el(0x00020001, "OB", new Uint8Array([0, 1])), el(0x00020002, "UI", text(0x00080016)), el(0x00020003, "UI", text(0x00080018)),
    el(0x00020010, "UI", "1.2.840.10008.1.2.1"), el(0x00020012, "UI", "2.25.4711")]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), encode([el(0x00020000, "UL", meta.length)]), meta, encode(dataset)]);
}

// common are the elements of every image of the study.
const common = (series: number, n: number, sopClass: string, modality: string, says: string): Element[] => [
  el(0x00080016, "UI", sopClass), el(0x00080018, "UI", `2.25.88${series}0${n}`), el(0x0020000d, "UI", "2.25.880000"), el(0x0020000e, "UI", `2.25.889${series}`),
  el(0x00100010, "PN", "INVENTED^IRIS"), el(0x00100020, "LO", "MRN-77001"), el(0x00100030, "DA", "19790314"), el(0x00100040, "CS", "F"), el(0x00101010, "AS", "045Y"),
  el(0x00080020, "DA", "20240517"), el(0x00080030, "TM", "101500"), el(0x00080050, "SH", "ACC-9"), el(0x00080080, "LO", "Invented Hospital"), el(0x00080090, "PN", "DOCTOR^DORA"),
  el(0x00080060, "CS", modality), el(0x00080070, "LO", "Synthetic Works"), el(0x00081090, "LO", `Model ${modality}`), el(0x00081030, "LO", "Checkup"), el(0x0008103e, "LO", says),
  el(0x00200011, "IS", String(series)), el(0x00200013, "IS", String(n)), el(0x00280002, "US", 1), el(0x00280004, "CS", "MONOCHROME2"),
];

const side = 128;

// slice is one axial slice of CT: an ellipse of soft tissue with a bone in it, in air.
function slice(series: number, n: number, part: string, says: string): Buffer {
  const pixels = Buffer.alloc(2 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const dx = (x - side / 2) / 50, dy = (y - side / 2) / 36;
      const lung = ((x - 40) / 14) ** 2 + ((y - 64) / 18) ** 2 < 1 || ((x - 88) / 14) ** 2 + ((y - 64) / 18) ** 2 < 1;
      const bone = (x - 64) ** 2 + (y - 86) ** 2 < 40;
      pixels.writeUInt16LE(dx * dx + dy * dy > 1 ? 24 : bone ? 1900 : lung ? 250 + n : 1060 + ((x * 7 + y * 13) % 20), 2 * (y * side + x));
    }
  }
  return part10([...common(series, n, "1.2.840.10008.5.1.4.1.1.2", "CT", says),
    el(0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"), el(0x00180015, "CS", part), el(0x00180050, "DS", "3"), el(0x00280030, "DS", "3\\3"), el(0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
    el(0x00200032, "DS", `-190\\-190\\${n * 3}`), el(0x00200052, "UI", "2.25.8877"), el(0x00280010, "US", side), el(0x00280011, "US", side), el(0x00280100, "US", 16), el(0x00280101, "US", 12),
    el(0x00280102, "US", 11), el(0x00280103, "US", 0), el(0x00281052, "DS", "-1024"), el(0x00281053, "DS", "1"), el(0x00281050, "DS", "40"), el(0x00281051, "DS", "400"),
    el(0x00280301, "CS", "NO"), el(0x7fe00010, "OW", pixels)]);
}

export const echo = { rows: 200, columns: 240, top: 40 }; // above top is the machine's own screen

// sound is one ultrasound image: a fan of speckle, and strokes like those of letters above.
function sound(series: number, n: number): Buffer {
  const pixels = Buffer.alloc(echo.rows * echo.columns, 6);
  for (let y = 0; y < echo.rows; y++) {
    for (let x = 0; x < echo.columns; x++) {
      const depth = y - echo.top, across = Math.abs(x - echo.columns / 2);
      if (depth > 4 && across < 20 + depth * .5) pixels[y * echo.columns + x] = 60 + ((x * 31 + y * 17 + n * 7) % 70);
      if (y > 10 && y < 26 && x > 12 && x < 150 && (x % 11 < 2 || (y % 7 === 0 && x % 11 < 7))) pixels[y * echo.columns + x] = 240;
    }
  }
  const region = [el(0x00186018, "UL", 0), el(0x0018601a, "UL", echo.top), el(0x0018601c, "UL", echo.columns - 1), el(0x0018601e, "UL", echo.rows - 1),
    el(0x00186012, "US", 1), el(0x00186014, "US", 1), el(0x00186024, "US", 3), el(0x00186026, "US", 3)];
  return part10([...common(series, n, "1.2.840.10008.5.1.4.1.1.6.1", "US", "Abdomen"),
    el(0x00080008, "CS", "ORIGINAL\\PRIMARY"), el(0x00180015, "CS", "ABDOMEN"), el(0x00186011, "SQ", [region]), el(0x00280010, "US", echo.rows), el(0x00280011, "US", echo.columns),
    el(0x00280100, "US", 8), el(0x00280101, "US", 8), el(0x00280102, "US", 7), el(0x00280103, "US", 0), el(0x7fe00010, "OB", pixels)]);
}

// drawStudy writes the files: five slices of a chest, three ultrasound images, six slices
// that say that they are of a head.
export async function drawStudy(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = [
    ...[1, 2, 3, 4, 5].map((n) => slice(1, n, "CHEST", "Chest, soft tissue")),
    ...[1, 2, 3].map((n) => sound(2, n)),
    ...[1, 2, 3, 4, 5, 6].map((n) => slice(3, n, "HEAD", "Head")),
  ];
  await Promise.all(files.map((file, i) => writeFile(join(folder, `${i}.dcm`), file)));
}
