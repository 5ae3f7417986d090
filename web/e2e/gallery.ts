// One synthetic study of each sort that a viewer is asked to show: an invented person, drawn
// pixels. What uses it is in features.bench.ts.
import { dicom, type Element, items } from "./dicom";
import { about, bits, type Box, enclosed, film, segmentation, side, sorted, type Stack, stackOf, structures, waveform } from "./objects";

const root = "2.25.7";
export const studyOf = { ct: `${root}001`, pet: `${root}002`, mr: `${root}003`, us: `${root}004`, xa: `${root}005`, mg: `${root}006`, sc: `${root}007`, ecg: `${root}008`, pdf: `${root}009`, film: `${root}010`, marked: `${root}011`, slide: `${root}012`, time: `${root}013`, little: `${root}014` } as const;

// body is an ellipse of soft tissue in air, in HU + 1024, with a bright spot on the patient's left.
function body(column: number, row: number, k: number): number {
  const u = (column / side - 0.5) * 2, v = (row / side - 0.5) * 2;
  if (u * u / 0.64 + v * v / 0.36 > 1) return 24;
  return (u - 0.45) ** 2 + v ** 2 < 0.01 ? 1724 : 1044 + (column * 7 + row * 13 + k * 29) % 40;
}

const ct: Stack = { study: studyOf.ct, series: `${studyOf.ct}.1`, modality: "CT", description: "Chest", slices: 24, value: body };
const base: Stack = { study: studyOf.pet, series: `${studyOf.pet}.1`, modality: "CT", description: "Body", slices: 12, date: "20240218", value: body };
const uptake: Stack = {
  ...base, series: `${studyOf.pet}.2`, modality: "PT", description: "Uptake", slices: 12,
  value: (column, row) => ((column - 80) ** 2 + (row - 64) ** 2 < 60 ? 4000 : 200),
  more: () => [[0x00080021, "DA", "20240218"], [0x00080022, "DA", "20240218"], [0x00080031, "TM", "101500"], [0x00080032, "TM", "101500"], [0x00101020, "DS", "1.7"], [0x00101030, "DS", "70"], [0x00281052, "DS", "0"], [0x00281053, "DS", "0.001"],
    [0x00541001, "CS", "GML"], [0x00280051, "CS", "ATTN\\DECY"], [0x00541102, "CS", "START"], [0x00540016, "SQ", items([[0x00181072, "TM", "091500"], [0x00181074, "DS", "370000000"], [0x00181075, "DS", "6586.2"]])]],
};
const marked: Stack = {
  study: studyOf.marked, series: `${studyOf.marked}.1`, modality: "CT", description: "Overlay", slices: 3, value: body,
  more: () => [[0x60000010, "US", side], [0x60000011, "US", side], [0x60000040, "CS", "G"], [0x60000050, "SS", new Uint8Array([1, 0, 1, 0])], [0x60000100, "US", 1], [0x60000102, "US", 0],
    [0x60003000, "OW", bits(side * side, (i) => Math.floor(i / side) >= 20 && Math.floor(i / side) < 40 && i % side >= 20 && i % side < 40)]],
};

type Plain = { study: string; modality: string; sopClass: string; description: string; date: string; series?: number; n?: number; columns?: number; rows?: number; frames?: number; colour?: boolean; value: (column: number, row: number, frame: number) => number; more?: readonly Element[] };

// plain is an object of 8 bits that lies nowhere in the patient.
function plain(of: Plain): Buffer {
  const { columns = 256, rows = 256, frames = 1, colour = false, series = 1, n = 1 } = of, samples = colour ? 3 : 1, pixels = Buffer.alloc(columns * rows * frames * samples);
  for (let f = 0, at = 0; f < frames; f++) for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) for (let s = 0; s < samples; s++) pixels[at++] = of.value(column + s * 40, row, f) & 0xff;
  const uid = `${of.study}.${series}.${n}`;
  return dicom(of.sopClass, uid, sorted([
    ...about({ study: of.study, series: `${of.study}.${series}`, modality: of.modality, description: of.description, date: of.date }, of.sopClass, uid, n),
    [0x00080008, "CS", "ORIGINAL\\PRIMARY"], [0x00280002, "US", samples], [0x00280004, "CS", colour ? "RGB" : "MONOCHROME2"], ...(colour ? [[0x00280006, "US", 0]] as const : []), ...(frames > 1 ? [[0x00280008, "IS", String(frames)]] as const : []),
    [0x00280010, "US", rows], [0x00280011, "US", columns], [0x00280100, "US", 8], [0x00280101, "US", 8], [0x00280102, "US", 7], [0x00280103, "US", 0], [0x7fe00010, "OB", pixels], ...(of.more ?? []),
  ]));
}

const storage = "1.2.840.10008.5.1.4.1.1", disc = (column: number, row: number, x: number): boolean => (column - x) ** 2 + (row - 128) ** 2 < 1600;
const fan = (column: number, row: number): boolean => row > 40 && Math.abs(column - 128) < (row + 20) / 2 && Math.hypot(column - 128, row + 20) < 250;
const region = items([[0x00186012, "US", 1], [0x00186014, "US", 1], [0x00186018, "UL", 0], [0x0018601a, "UL", 32], [0x0018601c, "UL", 255], [0x0018601e, "UL", 255],
  [0x00186024, "US", 3], [0x00186026, "US", 3], [0x0018602c, "FD", new Uint8Array(new Float64Array([0.05]).buffer)], [0x0018602e, "FD", new Uint8Array(new Float64Array([0.05]).buffer)]]);

// echoes are two echoes of each of eight slices, in one series: a dynamic volume to who splits it so.
function echoes(): Buffer[] {
  const mr = `${storage}.4`;
  return [1, 2].flatMap((echo) => stackOf({
    study: studyOf.mr, series: `${studyOf.mr}.1`, modality: "MR", description: "Echoes", date: "20240319", slices: 8, value: (column, row, k) => body(column, row, k) / echo,
    more: (k) => [[0x00080016, "UI", mr], [0x00080018, "UI", `${studyOf.mr}.1.${echo}.${k + 1}`], [0x00180081, "DS", String(echo * 20)], [0x00180086, "IS", String(echo)],
      [0x00200013, "IS", String((echo - 1) * 8 + k + 1)], [0x00200100, "IS", String(echo)], [0x00200105, "IS", "2"], [0x00281052, "DS", "0"]],
  }));
}

// little is a volume that a computer without a graphics processor can render.
const little: Stack = { study: studyOf.little, series: `${studyOf.little}.1`, modality: "CT", description: "Little", slices: 32, edge: 64, spacing: 2, date: "20241022", value: (column, row, k) => body(column * 2, row * 2, k) };

// takes are four takes of a tracer, eight slices each, in one series (PS3.3 C.7.6.16.2.2.6), over their CT.
const still: Stack = { ...base, study: studyOf.time, series: `${studyOf.time}.1`, slices: 8, date: "20240921" };
function takes(): Buffer[] {
  return [0, 1, 2, 3].flatMap((take) => stackOf({
    ...uptake, study: studyOf.time, series: `${studyOf.time}.2`, slices: 8, date: "20240921", description: "Takes",
    value: (column, row) => ((column - 80) ** 2 + (row - 64) ** 2 < 60 ? 1000 + take * 1000 : 200),
    more: (k) => [...(uptake.more?.(k) ?? []), [0x00080018, "UI", `${studyOf.time}.2.${take + 1}.${k + 1}`], [0x00200013, "IS", String(take * 8 + k + 1)], [0x00200100, "IS", String(take + 1)], [0x00200105, "IS", "4"], [0x00541300, "DS", String(take * 60_000 + 30_000)]],
  }));
}

// slideLevel is one level of a slide of four tiles (PS3.3 A.32.8).
function slideLevel(level: number): Buffer {
  const sopClass = `${storage}.77.1.6`, whole = 512 >> level;
  return plain({
    study: studyOf.slide, modality: "SM", sopClass, description: "Slide", date: "20240820", n: level + 1, columns: 256, rows: 256, frames: (whole / 256) ** 2, colour: true, value: (column, row, f) => 120 + ((column >> 4) + (row >> 4) + f) % 2 * 90,
    more: [[0x00080008, "CS", "DERIVED\\PRIMARY\\VOLUME\\NONE"], [0x00200052, "UI", `${studyOf.slide}.9`], [0x00400512, "LO", "S1"], [0x00480001, "FL", new Uint8Array(new Float32Array([10]).buffer)], [0x00480002, "FL", new Uint8Array(new Float32Array([10]).buffer)],
      [0x00480006, "UL", whole], [0x00480007, "UL", whole], [0x00480008, "SQ", items([[0x0040072a, "DS", "0"], [0x0040073a, "DS", "0"]])], [0x00480102, "DS", "0\\1\\0\\1\\0\\0"], [0x00480303, "US", 1], [0x00209311, "CS", "TILED_FULL"],
      [0x00480302, "UL", 1],
      [0x00480105, "SQ", items([[0x00220016, "SQ", items([[0x00080100, "SH", "111744"], [0x00080102, "SH", "DCM"], [0x00080104, "LO", "Brightfield illumination"]])], [0x00480106, "SH", "1"]])], [0x52009229, "SQ", items([[0x00289110, "SQ", items([[0x00180050, "DS", "0.001"], [0x00280030, "DS", `${10 / whole}\\${10 / whole}`]])]])]],
  });
}

// gallery are all objects. video is an MP4.
export function gallery(video: Buffer, pdf: string): Buffer[] {
  const box = (slice: number): Box => ({ slice, from: [30, 50], to: [60, 80] }), middle = [10, 11, 12, 13].map(box);
  const leads = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"].map((name) => ({ name, microvolts: 5, baseline: 0, value: (second: number) => (second % 1 < 0.04 ? 200 : Math.round(20 * Math.sin(second * 9))) }));
  return [
    ...stackOf(ct), segmentation(ct, `${ct.study}.2`, [{ name: "Liver", lab: [35_579, 53_664, 50_858], boxes: middle }]), structures(ct, `${ct.study}.3`, "Heart", "0\\255\\0", middle.map((b) => ({ ...b, from: [70, 50], to: [90, 70] }))),
    ...stackOf(base), ...stackOf(uptake), ...stackOf(marked), ...echoes(), ...stackOf(still), ...takes(), ...stackOf(little),
    plain({ study: studyOf.us, modality: "US", sopClass: `${storage}.6.1`, description: "Abdomen", date: "20240420", value: (column, row) => (fan(column, row) ? 60 + ((column * 31 + row * 17) % 70) : 0), more: [[0x00186011, "SQ", region]] }),
    plain({ study: studyOf.xa, modality: "XA", sopClass: `${storage}.12.1`, description: "Run", date: "20240521", frames: 12, value: (column, row, f) => (disc(column, row, 40 + f * 16) ? 220 : 40), more: [[0x00181063, "DS", "66"], [0x00280009, "AT", new Uint8Array([0x18, 0, 0x63, 0x10])]] }),
    ...(["L", "R"] as const).flatMap((at, i) => ["CC", "MLO"].map((view, j) => plain({ study: studyOf.mg, modality: "MG", sopClass: `${storage}.1.2`, description: `${at} ${view}`, date: "20240622", series: i * 2 + j + 1, value: (column, row) => ((at === "L" ? column : 255 - column) < 120 && Math.abs(row - 128) < 90 ? 150 : 8), more: [[0x00200062, "CS", at], [0x00185101, "CS", view], [0x00280030, "DS", "0.1\\0.1"], [0x00200020, "CS", at === "L" ? "A\\F" : "P\\F"]] }))),
    plain({ study: studyOf.sc, modality: "OT", sopClass: `${storage}.7`, description: "Colours", date: "20240723", colour: true, value: (column) => column }),
    waveform({ study: studyOf.ecg, series: `${studyOf.ecg}.1`, description: "Rhythm" }, 10, leads), enclosed({ study: studyOf.pdf, series: `${studyOf.pdf}.1`, description: "Letter" }, pdf),
    film({ study: studyOf.film, series: `${studyOf.film}.1`, description: "Endoscopy" }, video, 25), slideLevel(0), slideLevel(1),
  ];
}
