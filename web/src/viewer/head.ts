// What the metadata says of one frame: everything that is needed to draw it, to place it
// and to measure in it.
import { type Bulk, bulk, type Dataset, items, numberOf, numbers, text, texts } from "./dataset";
import { add, axisOf, type Axis, letters, normal, type Plane, planeOf, times } from "./geometry";
import { type OverlayPlane, overlaysOf } from "./overlays";
import { isWindow, type Voi, type Window } from "./window";

// Layout is how the samples of a frame lie in its bytes (PS3.3 C.7.6.3).
export type Layout = {
  rows: number; columns: number; samples: number;
  allocated: number; stored: number; high: number; // bits
  signed: boolean; planar: boolean; float: boolean;
  photometric: string;
  keepCells?: boolean; // overlays lie in bits that the pixels leave free
};

export type Table = { descriptor: readonly number[]; data: Bulk };

// Scale is millimetres of a pixel. from tells of what: of the patient; of the detector,
// which the patient lay before and is drawn larger on (PS3.3 10.7.1.3); of a region of an
// ultrasound image; by hand, of a line whose length a person gave. Only what is of the patient can be compared between images.
export type Scale = { row: number; column: number; from: "patient" | "detector" | "region" | "hand" };

// Head describes one frame. key is its own among all.
export type Head = Layout & {
  key: string; instance: string; frame: number; // from 1
  series: string; number: number; modality: string; sopClass: string;
  slope: number; intercept: number; unit: string; // of values after the Modality LUT: HU, SUV, "" for no unit
  toSuv?: number; // factor from values to SUV by body weight
  modalityLut?: Table; voiLuts: readonly Table[]; windows: readonly Window[]; inverse: boolean;
  padding?: readonly [number, number];
  palette?: readonly [Table, Table, Table];
  overlays: readonly OverlayPlane[];
  plane?: Plane; axis?: Axis; scale?: Scale; reference: string; // frame of reference
  aspect: number; // height of a pixel by its width
  edges: { row: string; column: string }; // letters of the directions, "" if not known
  side: string; // L, R, B: the laterality that the file states
  thickness: number; // mm, 0 if not said
  bodyPart: string; time: number; // ms between frames, 0 if it is no film
};

const within = (n: number | undefined, least: number, most: number): n is number => n !== undefined && Number.isInteger(n) && n >= least && n <= most;

const maxSide = 65_535, maxFrames = 100_000, maxPixels = 2 ** 28;

// layoutOf reads the Image Pixel Module; undefined for what is no image or cannot be one.
export function layoutOf(d: Dataset): Layout | undefined {
  const rows = numberOf(d, "00280010"), columns = numberOf(d, "00280011"), allocated = numberOf(d, "00280100");
  const samples = numberOf(d, "00280002") ?? 1;
  if (!within(rows, 1, maxSide) || !within(columns, 1, maxSide) || rows * columns > maxPixels || !within(samples, 1, 4)) return undefined;
  if (allocated === undefined || ![1, 8, 16, 32, 64].includes(allocated)) return undefined;
  const float = numberOf(d, "00280101") === undefined && allocated >= 32;
  const stored = numberOf(d, "00280101") ?? allocated, high = numberOf(d, "00280102") ?? stored - 1;
  if (!within(stored, 1, allocated) || !within(high, stored - 1, allocated - 1)) return undefined;
  return {
    rows, columns, samples, allocated, stored, high, float, signed: numberOf(d, "00280103") === 1,
    planar: numberOf(d, "00280006") === 1, photometric: text(d, "00280004"),
  };
}

export const bytesOf = (l: Layout): number => Math.ceil((l.rows * l.columns * l.samples * l.allocated) / 8);



// headsOf returns the frames of one instance; none of what is no image.
export function headsOf(d: Dataset): Head[] {
  const layout = layoutOf(d);
  if (!layout) return [];
  const count = Math.min(maxFrames, Math.max(1, numberOf(d, "00280008") ?? 1));
  const shared = items(d, "52009229")[0], each = items(d, "52009230");
  const common = commonOf(d, layout);
  return Array.from({ length: count }, (_, i) => ({ ...common, ...frameOf(d, i, [each[i], shared], common), key: `${common.instance}/${i + 1}`, frame: i + 1 }));
}

type Common = Omit<Head, "key" | "frame" | "slope" | "intercept" | "unit" | "windows" | "voiLuts" | "plane" | "axis" | "scale" | "aspect" | "edges" | "thickness" | "toSuv">;

function commonOf(d: Dataset, layout: Layout): Common {
  const shape = text(d, "20500020"); // Presentation LUT Shape, PS3.3 C.11.6
  const modalityLut = items(d, "00283000").map(tableOf).find((t) => t !== undefined);
  const palette = ["1101", "1102", "1103"].map((tag, i) => {
    const descriptor = numbers(d, `0028${tag}`), data = bulk(d, `0028120${i + 1}`);
    return descriptor.length === 3 && data ? { descriptor, data } : undefined;
  });
  const [red, green, blue] = palette, overlays = overlaysOf(d, layout);
  return {
    ...layout, overlays, ...(overlays.some(({ bit }) => bit !== undefined) ? { keepCells: true } : {}),
    instance: text(d, "00080018"), series: text(d, "0020000E"), sopClass: text(d, "00080016"), modality: text(d, "00080060"),
    number: numberOf(d, "00200013") ?? 0, inverse: shape ? shape === "INVERSE" : layout.photometric === "MONOCHROME1",
    ...(modalityLut ? { modalityLut } : {}), ...(red && green && blue ? { palette: [red, green, blue] as const } : {}),
    ...paddingOf(d), reference: text(d, "00200052"), side: text(d, "00200062") || text(d, "00200060"),
    bodyPart: text(d, "00180015"), time: frameTime(d),
  };
}

// frameTime is that of a film: Frame Time, or of how many frames a second it is to be shown
// (PS3.3 C.7.6.5).
function frameTime(d: Dataset): number {
  const rate = numberOf(d, "00082144") ?? numberOf(d, "00180040") ?? 0;
  return Math.max(0, numberOf(d, "00181063") ?? (rate > 0 ? 1000 / rate : 0));
}

const ctImage = "1.2.840.10008.5.1.4.1.1.2"; // PS3.4 Table B.5-1

// suvTypes are what SUV is by, as its units are annotated (PS3.16 CID 85); of body weight it is the usual one.
const suvTypes: ReadonlyMap<string, string> = new Map([["", "SUV"], ["BW", "SUV"], ["LBM", "SUVlbm"], ["LBMJAMES128", "SUVlbm(James128)"], ["LBMJANMA", "SUVlbm(Janma)"], ["BSA", "SUVbsa"], ["IBW", "SUVibw"]]);

// unitOf is the unit of what a rescale or a table of the Modality LUT gives, "" if it is
// not known. rescale is the item that holds the rescale. A CT image that was not computed
// of others is in HU where it names nothing else (PS3.3 C.8.2.1); the pixels of PET name
// their own unit: g/ml is SUV, by body weight if its SUV Type names nothing else (PS3.3 C.8.9.1.1.3).
function unitOf(d: Dataset, rescale: Dataset | undefined): string {
  if (text(d, "00541001") === "GML") return suvTypes.get(text(d, "00541006")) ?? "g/ml";
  const said = text(items(d, "00283000")[0], "00283004") || text(rescale, "00281054"); // PS3.3 C.11.1.1.2
  if (said !== "") return said === "US" ? "" : said; // US: unspecified
  const [made, , kind] = texts(d, "00080008");
  const plain = text(d, "00080016") === ctImage && text(d, "00189361") !== "YES"; // of one energy
  return rescale && plain && made === "ORIGINAL" && kind !== "LOCALIZER" ? "HU" : "";
}

function paddingOf(d: Dataset): { padding?: readonly [number, number] } {
  const value = numberOf(d, "00280120");
  if (value === undefined) return {};
  const limit = numberOf(d, "00280121") ?? value;
  return { padding: [Math.min(value, limit), Math.max(value, limit)] };
}

function tableOf(item: Dataset): Table | undefined {
  const descriptor = numbers(item, "00283002"), data = bulk(item, "00283006");
  return descriptor.length === 3 && data ? { descriptor, data } : undefined;
}

// frameOf reads what may be different in each frame: of its functional groups, of those
// that are shared, of the object (PS3.3 C.7.6.16).
function frameOf(d: Dataset, index: number, groups: readonly (Dataset | undefined)[], common: Common) {
  const macro = (tag: string): Dataset[] => [...groups.flatMap((group) => items(group, tag).slice(0, 1)), d];
  const first = <T>(tag: string, read: (d: Dataset) => T | undefined): T | undefined => macro(tag).map(read).find((v) => v !== undefined);
  const some = (tag: string) => (scope: Dataset): number[] | undefined => { const n = numbers(scope, tag); return n.length ? n : undefined; };
  const spacing = first("00289110", some("00280030")) ?? [];
  const position = first("00209113", some("00200032")) ?? [], orientation = first("00209116", some("00200037")) ?? [];
  const plane = planeInGrid(d, index, planeOf(position, orientation, spacing));
  const scale = scaleOf(d, plane, spacing);
  const [rowRatio = 1, columnRatio = 1] = numbers(d, "00280034");
  const rescale = macro("00289145").find((scope) => numberOf(scope, "00281053") !== undefined && numberOf(scope, "00281052") !== undefined);
  const voi = macro("00289132").find((scope) => windowsOf(scope).length > 0 || items(scope, "00283010").length > 0);
  const directions = text(d, "00200020") ? (d["00200020"]?.Value ?? []).map(String) : [];
  return {
    slope: first("00289145", (s) => numberOf(s, "00281053")) || 1, intercept: first("00289145", (s) => numberOf(s, "00281052")) ?? 0, unit: unitOf(d, rescale),
    windows: voi ? windowsOf(voi) : [], voiLuts: voi ? items(voi, "00283010").flatMap((item) => tableOf(item) ?? []) : [],
    ...(plane ? { plane, axis: axisOf(plane) } : {}), ...(scale ? { scale } : {}),
    aspect: scale ? scale.row / scale.column : rowRatio > 0 && columnRatio > 0 ? rowRatio / columnRatio : 1,
    edges: plane ? { row: letters(plane.right), column: letters(plane.down) } : { row: directions[0] ?? "", column: directions[1] ?? "" },
    thickness: first("00289110", (s) => numberOf(s, "00180050")) ?? 0, ...suvOf(d, common.modality),
  };
}

// planeInGrid places the frames of an object that says how far apart they are, of which
// Image Position is the first's: along the normal if the first is at 0, else by their z in
// the patient, which only frames across it may do (RT Dose: Grid Frame Offset Vector, mm,
// PS3.3 C.8.8.3.2). A frame that the vector leaves out lies nowhere.
function planeInGrid(d: Dataset, index: number, plane: Plane | undefined): Plane | undefined {
  if (!plane || !d["3004000C"]) return plane;
  const { origin } = plane, offsets = numbers(d, "3004000C"), [start] = offsets, offset = offsets[index];
  if (index === 0) return plane;
  if (start === undefined || offset === undefined) return undefined;
  if (start === 0) return { ...plane, origin: add(origin, times(normal(plane), offset)) };
  const across = plane.right[0] > 0.9999 && plane.down[1] > 0.9999;
  return across && Math.abs(start - origin[2]) < 0.01 ? { ...plane, origin: [origin[0], origin[1], offset] } : undefined;
}

function scaleOf(d: Dataset, plane: Plane | undefined, spacing: readonly number[]): Scale | undefined {
  if (plane) return { row: plane.rowSpacing, column: plane.columnSpacing, from: "patient" };
  const region = items(d, "00186011"), [only] = region; // US regions, PS3.3 C.8.5.5
  if (only && region.length === 1 && numberOf(only, "00186024") === 3 && numberOf(only, "00186026") === 3) { // centimetres
    const column = 10 * Math.abs(numberOf(only, "0018602C") ?? 0), row = 10 * Math.abs(numberOf(only, "0018602E") ?? 0);
    if (row > 0 && column > 0) return { row, column, from: "region" };
  }
  const detector = numbers(d, "00181164");
  const [row, column] = spacing.length === 2 ? spacing : detector;
  if (!row || !column || row <= 0 || column <= 0) return undefined;
  const corrected = spacing.length === 2 && ["GEOMETRY", "FIDUCIAL"].includes(text(d, "00280A02")); // PS3.3 10.7.1.3
  const projected = detector.length === 2 || ["CR", "DX", "MG", "XA", "RF"].includes(text(d, "00080060"));
  return { row, column, from: projected && !corrected ? "detector" : "patient" };
}

function windowsOf(d: Dataset): Window[] {
  const centers = numbers(d, "00281050"), widths = numbers(d, "00281051"), said = text(d, "00281056");
  const voi: Voi = said === "LINEAR_EXACT" || said === "SIGMOID" ? said : "LINEAR";
  const names = (d["00281055"]?.Value ?? []).map((name) => (typeof name === "string" ? name : ""));
  return centers.slice(0, 256).flatMap((center, i) => {
    const window: Window = { center, width: widths[i] ?? Number.NaN, voi, ...(names[i] ? { name: names[i] } : {}) };
    return isWindow(window) ? [window] : [];
  });
}

// suvOf is the factor from Bq/ml to the standardised uptake value by body weight: weight
// in g by the dose in Bq, decayed to when the pixels are corrected to, the start of the
// scan or the injection (PS3.3 C.8.9.1; QIBA's pseudo-code for vendor-neutral SUV, happy
// path). None where anything that it needs is not said.
function suvOf(d: Dataset, modality: string): { toSuv?: number } {
  if (modality !== "PT" || text(d, "00541001") !== "BQML") return {};
  const corrected = texts(d, "00280051"), [dose] = items(d, "00540016");
  const weight = numberOf(d, "00101030") ?? 0, given = numberOf(dose, "00181074") ?? 0, halfLife = numberOf(dose, "00181075") ?? 0;
  if (!corrected.includes("ATTN") || !corrected.includes("DECY") || weight <= 0 || given <= 0 || halfLife <= 0) return {};
  const how = text(d, "00541102"), passed = how === "ADMIN" ? 0 : how === "START" ? passedOf(d, dose, halfLife) : undefined;
  if (passed === undefined) return {};
  const toSuv = (weight * 1000) / (given * 2 ** (-passed / halfLife));
  return Number.isFinite(toSuv) ? { toSuv } : {};
}

const day = 86_400; // seconds

// passedOf is the seconds from the injection to the start of the scan, which is that of the
// series; undefined if it cannot be told. A series that is later than what it was acquired
// of was made afterwards. An injection that has a time only was at most half a day before,
// over midnight or not; what takes longer to decay may have been given days before.
function passedOf(d: Dataset, dose: Dataset | undefined, halfLife: number): number | undefined {
  const start = moment(text(d, "00080021"), text(d, "00080031")), acquired = moment(text(d, "00080022"), text(d, "00080032"));
  if (start === undefined || acquired === undefined || start > acquired) return undefined;
  const [, date = "", time = "", zone = ""] = /^(\d{8})([\d.]+)([+-]\d{4})?$/.exec(text(dose, "00181078")) ?? [];
  if (date !== "") {
    const given = moment(date, time);
    return given === undefined || given > start || (zone !== "" && zone !== text(d, "00080201")) ? undefined : start - given;
  }
  const given = moment("", text(dose, "00181072"));
  if (given === undefined || halfLife > day / 4) return undefined;
  const passed = (start - given + day) % day;
  return passed <= day / 2 ? passed : undefined;
}

// moment is the seconds of a DA and a TM; of the day alone if there is no DA.
function moment(date: string, time: string): number | undefined {
  const at = seconds(time), [, year, month, dayOf] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
  return at === undefined || year === undefined ? at : at + Date.UTC(Number(year), Number(month) - 1, Number(dayOf)) / 1000;
}

// seconds of a day of a TM (PS3.5 Table 6.2-1).
function seconds(tm: string): number | undefined {
  const found = /^(\d\d)(\d\d)?(\d\d(?:\.\d+)?)?/.exec(tm);
  return found ? Number(found[1]) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0) : undefined;
}
