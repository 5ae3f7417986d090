// Reads what was saved: measurement reports (PS3.16 TID 1500) and key object selections
// (TID 2010), as DICOM JSON. They may be anybody's: what does not fit is passed over, and
// of everything there is a most.
import { type Dataset, items, numberOf, numbers, personName, text } from "./dataset";
import { add, cross, dot, length, sub, unit, type Vec } from "./geometry";
import { type Kind, type Measurement, mostContour, type Values } from "./measure";

const mostItems = 200_000, mostOwn = 2_000_000; // own: each saving leaves the older documents
const mostOfOne = 60_000; // of one document of this program: the node files 500 marks at most, of some 40 items each; three times that for what comes
const mostDepth = 12, mostMarks = 2000, mostPoints = 2000, mostKeys = 5000;
const mostNumbers = 20, mostPlaces = 100; // of a mark, of a group
const mostValues = 8; // of a mark, as the node files them
const mostText = 1000; // characters

// Key is an image, or a frame of it, that is of interest.
export type Key = { instance: string; frame: number; series: string; own: boolean; by: string };

// Document is one report or selection. number orders those of a series; at is when it was
// made, as a time that Date reads, or "". own: this program's, of which all was read and can be
// written again. unread: it says that it is this program's, but could not be read so: it is
// taken as another's.
export type Document = {
  uid: string; series: string; number: number; kind: "report" | "keys"; own: boolean; unread: boolean; at: string; by: string;
  replaces: readonly string[]; marks: readonly Measurement[]; keys: readonly Key[];
};

type Code = { value: string; scheme: string; meaning: string };

const short = (said: string, most = 64): string => [...said].slice(0, most).join("");

function codeOf(d: Dataset | undefined, tag: string): Code {
  const [item] = items(d, tag);
  return { value: text(item, "00080100"), scheme: text(item, "00080102"), meaning: short(text(item, "00080104")) };
}

const is = (code: Code, value: string, scheme = "DCM"): boolean => code.value === value && code.scheme === scheme;
const nameOf = (d: Dataset): Code => codeOf(d, "0040A043");
const children = (d: Dataset): Dataset[] => items(d, "0040A730");

// Budget is how many content items may still be looked at, in all documents together. Those
// of this program have one of their own, which neither the others nor those can use up that
// say so and cannot be read (unread).
export type Budget = { own: number; others: number; unread: number };

export const budget = (): Budget => ({ own: mostOwn, others: mostItems, unread: mostOwn });

// all lists the content items of a document, as far as the budget goes.
function* all(root: Dataset, left: Budget, whose: "own" | "others"): Generator<Dataset> {
  const waiting = [{ item: root, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.depth > 0) yield next.item;
    const inner = next.depth < mostDepth ? children(next.item) : [];
    if ((left[whose] -= inner.length) < 0) return;
    for (let i = inner.length - 1; i >= 0; i--) waiting.push({ item: inner[i] ?? {}, depth: next.depth + 1 });
  }
}

const report = "126000", selection = "113000";

// documentOf reads one; undefined for what is neither a report with groups of measurements
// nor a selection of what is of interest.
export function documentOf(d: Dataset, left = budget()): Document | undefined {
  const uid = text(d, "00080018"), title = nameOf(d), keys = is(title, selection);
  if (uid === "" || text(d, "0040A040") !== "CONTAINER" || (text(d, "00080060") !== "SR" && !keys)) return undefined;
  const own = text(d, "00080070") === "SINSO" && text(d, "00081090") === "SINSO viewer" && (keys || is(title, report));
  if (own && left.unread > 0) {
    const room = Math.min(left.own, mostOfOne), trial = { ...left, own: room }, { document, whole } = readAs(d, { uid, own, unread: false, keys }, trial);
    left[whole ? "own" : "unread"] -= room - trial.own;
    if (whole) return document;
  }
  const { document } = readAs(d, { uid, own: false, unread: own, keys }, left);
  return own || keys || document.marks.length > 0 ? document : undefined;
}

// readAs reads a document as this program's or another's. whole: nothing of it was left out.
function readAs(d: Dataset, { keys, ...of }: Pick<Document, "uid" | "own" | "unread"> & { keys: boolean }, left: Budget): { document: Document; whole: boolean } {
  const about = { ...of, series: text(d, "0020000E"), number: numberOf(d, "00200013") ?? 0, at: timeOf(d), by: observerOf(d) };
  if (keys) {
    const { whole, ...more } = keysOf(d, about, left);
    return { document: { ...about, kind: "keys", replaces: [], marks: [], ...more }, whole };
  }
  const replaces = references(d, "0040A360").map(({ instance }) => instance), { whole, marks } = marksOf(d, about, left);
  return { document: { ...about, kind: "report", replaces, marks, keys: [] }, whole };
}

// current leaves out what a later document takes the place of: it says so, or is a newer
// selection of this program in the same series. Another program's takes the place of nothing
// of this one: whoever can send a document could hide what a clinician marked. No more does
// what cannot be read.
export function current(documents: readonly Document[]): Document[] {
  const gone = new Set(documents.flatMap(({ replaces, own }) => replaces.map((uid) => keyOf(uid, own))));
  const newest = new Map<string, number>();
  for (const { kind, own, series, number } of documents) if (kind === "keys" && own) newest.set(series, Math.max(number, newest.get(series) ?? number));
  return documents.filter(({ uid, kind, own, unread, series, number }) => !gone.has(keyOf(uid, own || unread)) && !(kind === "keys" && own && number < (newest.get(series) ?? 0)));
}

const keyOf = (uid: string, own: boolean): string => `${uid} ${String(own)}`;

// timeOf is the moment of a document, with its offset from UTC if it has one.
function timeOf(d: Dataset): string {
  const said = text(d, "0040A032") || text(d, "00080023") + text(d, "00080033");
  const [, y, mo, da, h = "00", mi = "00", s = "00", zone = ""] = /^(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:\.\d{1,6})?([+-]\d{4})?$/.exec(said) ?? [];
  const at = `${y}-${mo}-${da}T${h}:${mi}:${s}${zone.replace(/(\d\d)$/, ":$1")}`;
  return y && Number.isFinite(Date.parse(at)) ? at : "";
}

// observerOf names who or what observed: a device's name, a person's, else the maker.
function observerOf(d: Dataset): string {
  for (const item of children(d).slice(0, 100)) {
    if (is(nameOf(item), "121013")) return short(text(item, "0040A160"));
    if (is(nameOf(item), "121008")) return short(personName(item, "0040A123"));
  }
  return short(text(d, "00080070"));
}

// references lists the objects of a hierarchy (PS3.3 C.17.2.1).
function references(d: Dataset, tag: string): { instance: string; series: string }[] {
  const found: { instance: string; series: string }[] = [];
  for (const study of items(d, tag)) {
    for (const series of items(study, "00081115")) {
      for (const object of items(series, "00081199")) {
        if (found.length === mostKeys) return found;
        found.push({ instance: text(object, "00081155"), series: text(series, "0020000E") });
      }
    }
  }
  return found;
}

type Image = { instance: string; frame: number };

// imagesOf are the images of an IMAGE item, a frame each.
function imagesOf(item: Dataset): Image[] {
  const [object] = items(item, "00081199"), instance = text(object, "00081155");
  if (text(item, "0040A040") !== "IMAGE" || instance === "") return [];
  const frames = numbers(object, "00081160").filter((n) => Number.isInteger(n) && n > 0).slice(0, mostKeys);
  return (frames.length > 0 ? frames : [1]).map((frame) => ({ instance, frame }));
}

function keysOf(d: Dataset, { own, by }: About, left: Budget): { keys: readonly Key[]; whole: boolean } {
  const seriesOf = new Map(references(d, "0040A375").map(({ instance, series }) => [instance, series]));
  const keys: Key[] = [], whose = own ? "own" : "others";
  for (const item of all(d, left, whose)) {
    for (const image of imagesOf(item)) if (keys.length <= mostKeys) keys.push({ ...image, series: seriesOf.get(image.instance) ?? "", own, by });
  }
  return { keys: keys.slice(0, mostKeys), whole: left[whose] >= 0 && keys.length <= mostKeys };
}

// Coordinates are where something is: on an image, or in a frame of reference.
type Coordinates = { graphic: string; points: Vec[]; image?: Image; space?: string };

function coordinatesOf(item: Dataset): Coordinates | undefined {
  const kind = text(item, "0040A040"), wide = kind === "SCOORD" ? 2 : kind === "SCOORD3D" ? 3 : 0;
  if (wide === 0) return undefined;
  const data = numbers(item, "00700022"), graphic = text(item, "00700023"), points: Vec[] = [];
  if (data.length === 0 || data.length > mostPoints * wide) return undefined;
  for (let i = 0; i + wide <= data.length; i += wide) points.push([data[i] ?? 0, data[i + 1] ?? 0, wide === 3 ? (data[i + 2] ?? 0) : 0]);
  if (points.some((p) => p.some((v) => Math.abs(v) > 1e6))) return undefined;
  if (wide === 3) {
    const space = text(item, "30060024");
    return space ? { graphic, points, space } : undefined;
  }
  const image = children(item).slice(0, 10).flatMap(imagesOf)[0];
  // The upper left corner of the first pixel is 0\0 (PS3.3 C.18.6.1.2); ours is its centre.
  return image && { graphic, points: points.map(([column, row]): Vec => [column - 0.5, row - 0.5, 0]), image };
}

type Numeric = { name: Code; derived: Code; value: number; unit: Code; method: "" | "-detector" | "-hand" };

function numericOf(item: Dataset): Numeric | undefined {
  const [measured] = items(item, "0040A300");
  const value = numberOf(measured, "0040A161") ?? numberOf(measured, "0040A30A");
  if (text(item, "0040A040") !== "NUM" || value === undefined) return undefined;
  const inner = children(item).slice(0, 50), modifier = (tag: string, scheme: string): Code => codeOf(inner.find((one) => is(nameOf(one), tag, scheme)), "0040A168");
  const method = modifier("370129005", "SCT"), ours = (one: string): boolean => is(method, one, "99SINSO");
  return { name: nameOf(item), derived: modifier("121401", "DCM"), value, unit: codeOf(measured, "004008EA"), method: ours("on-detector") ? "-detector" : ours("by-hand") ? "-hand" : "" };
}

type About = Pick<Document, "uid" | "own" | "at" | "by">;

function marksOf(d: Dataset, about: About, left: Budget): { marks: readonly Measurement[]; whole: boolean } {
  const seriesOf = new Map(references(d, "0040A375").map(({ instance, series }) => [instance, series]));
  const marks: Measurement[] = [], whose = about.own ? "own" : "others";
  let understood = true;
  for (const item of all(d, left, whose)) {
    if (marks.length > mostMarks) break;
    if (text(item, "0040A040") !== "CONTAINER" || !is(nameOf(item), "125007")) continue;
    const found = groupOf(item, about, seriesOf);
    understood &&= found.length > 0 && found.every(({ saved }) => saved?.own);
    marks.push(...found);
  }
  return { marks: marks.slice(0, mostMarks), whole: understood && left[whose] >= 0 && marks.length <= mostMarks };
}

type Place = { at: Coordinates; numerics: Numeric[]; words: string };

// groupOf reads a measurement group: each place in it is a mark. Numbers that have a place of
// their own belong there, the others to those of the group.
function groupOf(group: Dataset, about: About, seriesOf: ReadonlyMap<string, string>): Measurement[] {
  const inner = children(group).slice(0, 500), places: Place[] = [], common: Numeric[] = [], qualities: string[] = [];
  let label = "", tracking = "";
  for (const item of inner) {
    const name = nameOf(item), at = coordinatesOf(item), numeric = numericOf(item);
    const own = children(item).slice(0, 50).map(coordinatesOf).filter((one) => one !== undefined);
    const words = text(item, "0040A040") === "TEXT" ? short(text(item, "0040A160"), mostText) : "";
    if (is(name, "112039")) label = short(words);
    else if (is(name, "112040")) tracking = short(text(item, "0040A124"));
    else if (at) places.push({ at, numerics: common, words: "" });
    else if (own.length > 0) places.push(...own.map((one): Place => ({ at: one, numerics: numeric ? [numeric] : [], words })));
    else if (numeric) common.push(numeric);
    else if (text(item, "0040A040") === "CODE") qualities.push(`${name.meaning}: ${codeOf(item, "0040A168").meaning}`);
    else if (words && text(item, "0040A010") === "CONTAINS") qualities.push(words);
  }
  places.splice(2 * mostPlaces); // two of which may be one
  joinAxes(places);
  joinCobb(places);
  const id = /^[\d.]{1,64}$/.test(tracking) ? tracking : "";
  return places.slice(0, mostPlaces).map((place, i) => markOf(place, { ...about, label, id: id && i === 0 && about.own ? id : `${about.uid}/${id}/${i}`, qualities }, seriesOf));
}

// joinAxes makes one place of a long axis and a short one on the same image or in the same space.
function joinAxes(places: Place[]): void {
  const line = (of: "long" | "short"): Place | undefined => places.find(({ at, numerics: [one] }) => at.graphic === "POLYLINE" && at.points.length === 2 && one && quantityOf(one) === of);
  const long = line("long"), short = line("short");
  if (!long || !short || whereOf(long) !== whereOf(short)) return;
  places[places.indexOf(long)] = { at: { ...long.at, graphic: axesGraphic, points: [...long.at.points, ...short.at.points] }, numerics: [...long.numerics, ...short.numerics], words: "" };
  places.splice(places.indexOf(short), 1);
}

const whereOf = ({ at }: Place): string => `${at.space ?? ""} ${at.image?.instance ?? ""} ${at.image?.frame ?? ""}`;

// joinCobb makes one place of the two lines that a Cobb angle is between. Some write them as one line through all four ends.
function joinCobb(places: Place[]): void {
  for (const one of places.slice()) {
    const { at, numerics: [number] } = one;
    if (!number || quantityOf(number) !== "cobb" || at.graphic !== "POLYLINE" || !places.includes(one)) continue;
    const other = places.find((place) => place !== one && place.numerics[0] === number && place.at.graphic === "POLYLINE" && place.at.points.length === 2 && whereOf(place) === whereOf(one));
    if (at.points.length === 2 && other) places.splice(places.indexOf(other), 1);
    const points = at.points.length === 4 ? at.points : [...at.points, ...(other?.at.points ?? [])];
    if (points.length === 4) places[places.indexOf(one)] = { ...one, at: { ...at, graphic: cobbGraphic, points } };
  }
}

const axesGraphic = "two axes"; // no Graphic Type: ours for both lines together
const cobbGraphic = "two lines"; // so is this

function markOf({ at, numerics, words }: Place, about: About & { label: string; id: string; qualities: string[] }, seriesOf: ReadonlyMap<string, string>): Measurement {
  const { kind, points } = formOf(at, words !== "", about.own), some = numerics.slice(0, mostNumbers);
  const instance = at.image?.instance ?? "", frame = at.image?.frame ?? 0;
  const lines = [...(about.own ? [] : [about.label]), ...some.map(lineOf), ...about.qualities.slice(0, 10)].filter(Boolean);
  const written = { kind: kindWritten(kind, at.image !== undefined), tracking: about.id, label: about.label, points: [], ...(instance ? { image: instance, frame } : { space: at.space ?? "" }) };
  return {
    id: about.id, kind, points, space: at.image ? "pixels" : "patient", reference: at.space ?? "", instance, frame, series: seriesOf.get(instance) ?? "", plane: at.image ? null : planeOf(at.points),
    ...(words ? { text: words } : {}),
    saved: { document: about.uid, at: about.at, by: about.by, own: about.own && mayBeWritten(kind, valuesWritten(some), { ...about, space: at.space }, words), values: valuesIn(valuesWritten(some)), lines, written: { ...written, points: pointsWritten(at), ...(words ? { text: words } : { values: valuesWritten(some) }) } },
  };
}

// kindWritten is the kind that the node is told: a circle in the patient is an ellipse (SCOORD3D has no CIRCLE).
function kindWritten(kind: Kind, onImage: boolean): Exclude<Kind, "outline"> {
  if (kind === "outline") return "length";
  return kind === "circle" && !onImage ? "ellipse" : kind;
}

const isUid = (text: string): boolean => text.length <= 64 && /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/.test(text); // PS3.5 §9.1
const ofPixels: ReadonlySet<string> = new Set(["value", "mean", "deviation", "least", "most"]), inPixels: ReadonlySet<string> = new Set(["HU", "SUV", "1"]);
const mostNumber = 3.4028234e38; // what a float of 32 bits has

// mayBeWritten reports whether the node files a mark again, which of a forged document it need not do.
const mayBeWritten = (kind: Kind, values: NonNullable<Written>, { id, label, space }: { id: string; label: string; space: string | undefined }, words: string): boolean =>
  kind !== "outline" && isUid(id) && (space === undefined || isUid(space)) && label !== "" && !/[^\P{Cc}\n]/u.test(label + words) &&
  values.length <= mostValues && (kind === "text" || values.length > 0) && values.every((one) => valueMayBe(kind, one));

const valueMayBe = (kind: Kind, { of, in: unit, number }: NonNullable<Written>[number]): boolean =>
  (kind === "axes") === (of === "long" || of === "short") && (kind === "cobb") === (of === "cobb") && (!ofPixels.has(of) || inPixels.has(unit)) && Math.abs(number) <= mostNumber;

// planeOf is one in which points lie, for what is in the patient.
function planeOf([a = [0, 0, 0], b, ...others]: readonly Vec[]): Measurement["plane"] {
  const right = b && length(sub(b, a)) > 0 ? unit(sub(b, a)) : ([1, 0, 0] as const);
  const normals = others.map((c) => cross(right, sub(c, a))), [normal] = normals.sort((x, y) => length(y) - length(x));
  return { origin: a, right, down: normal && length(normal) > 1e-6 ? unit(cross(unit(normal), right)) : [0, 1, 0], columnSpacing: 1, rowSpacing: 1 };
}

const middle = (a: Vec, b: Vec): Vec => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
const along = (a: Vec, b: Vec): boolean => Math.abs(a[0] - b[0]) < 1e-3 || Math.abs(a[1] - b[1]) < 1e-3;

// formOf is what is drawn: what a person can draw here as just that, all else as an outline.
// A box lies along its image, which in the patient only this program's are known to do.
function formOf({ graphic, points, image }: Coordinates, noted: boolean, own: boolean): { kind: Kind; points: Vec[] } {
  const [a, b, c, d, e] = points, flat = image !== undefined;
  if (a && points.length === 1) return { kind: noted ? "text" : "probe", points: [a] };
  if (graphic === axesGraphic && points.length === 4) return { kind: "axes", points };
  if (graphic === cobbGraphic && points.length === 4) return { kind: "cobb", points };
  if (graphic === "POLYLINE" && points.length === 2) return { kind: "length", points };
  if (graphic === "POLYLINE" && points.length === 3 && length(sub(c ?? [0, 0, 0], a ?? [0, 0, 0])) > 1e-3) return { kind: "angle", points };
  if (graphic === "ELLIPSE" && points.length === 4 && a && b && c && d) {
    if (own && !flat && Math.abs(length(sub(a, b)) / length(sub(c, d)) - 1) < 1e-4) return { kind: "circle", points: [middle(a, b), b] };
    if (flat ? along(a, b) : own) return { kind: "ellipse", points: cornersOf(a, b, c, d) };
    return { kind: "outline", points: around(middle(a, b), sub(b, middle(a, b)), sub(d, middle(a, b))) };
  }
  if (points.length === 5 && a && b && c && d && e && length(sub(a, e)) < 1e-3 && (flat ? along(a, b) && along(b, c) && along(c, d) && along(d, e) : own && isBox(a, b, c, d))) return { kind: "rectangle", points: [a, c] };
  if (own && isContour(points)) return { kind: "contour", points: points.slice(0, -1) };
  if (own && graphic === "CIRCLE" && flat && a && b && points.length === 2) return { kind: "circle", points: [a, b] };
  if (graphic === "CIRCLE" && flat && a && b) return { kind: "outline", points: around(a, [length(sub(b, a)), 0, 0], [0, length(sub(b, a)), 0]) };
  return { kind: "outline", points };
}

// isBox reports whether four points are corners with right angles, as far as 32 bits tell.
const isBox = (a: Vec, b: Vec, c: Vec, d: Vec): boolean =>
  length(sub(add(a, c), add(b, d))) < 1e-2 && Math.abs(dot(unit(sub(b, a)), unit(sub(c, b)))) < 1e-3;

// isContour tells a line that ends where it began, of no more points than can be written again.
const isContour = (points: readonly Vec[]): boolean =>
  points.length > 3 && points.length <= mostContour + 1 && length(sub(points[0] ?? [0, 0, 0], points.at(-1) ?? [0, 0, 0])) === 0;

// cornersOf are two opposite corners of the box around an ellipse, by the ends of its axes.
function cornersOf(a: Vec, b: Vec, c: Vec, d: Vec): Vec[] {
  const center = middle(a, b), x = sub(b, center), y = sub(d, middle(c, d));
  const corner = (k: number): Vec => [center[0] + k * (x[0] + y[0]), center[1] + k * (x[1] + y[1]), center[2] + k * (x[2] + y[2])];
  return [corner(-1), corner(1)];
}

// around is an ellipse as a line, by its centre and half axes.
function around(center: Vec, x: Vec, y: Vec): Vec[] {
  return Array.from({ length: 65 }, (_, i): Vec => {
    const c = Math.cos((i * Math.PI) / 32), s = Math.sin((i * Math.PI) / 32);
    return [center[0] + c * x[0] + s * y[0], center[1] + c * x[1] + s * y[1], center[2] + c * x[2] + s * y[2]];
  });
}

// pointsWritten are the places as a document has them.
const pointsWritten = ({ points, image }: Coordinates): number[][] => points.map(([x, y, z]) => (image ? [x + 0.5, y + 0.5] : [x, y, z]));

const quantities: Record<string, "length" | "long" | "short" | "angle" | "cobb" | "area"> = { "285285000": "cobb", "410668003": "length", "103339001": "long", "103340004": "short", "1483009": "angle", "42798000": "area" };
const derivations: Record<string, "mean" | "deviation" | "least" | "most"> = { "373098007": "mean", "386136009": "deviation", "255605001": "least", "56851009": "most" };

type Written = NonNullable<Measurement["saved"]>["written"]["values"];

// valuesWritten are the numbers as the node takes them; those that it does not know go.
function valuesWritten(all: readonly Numeric[]): NonNullable<Written> {
  return all.flatMap((n) => {
    const of = quantityOf(n), unit = unitOf(n);
    return of && unit ? [{ of, in: of === "area" ? areaUnit(unit) : unit, number: n.value }] : [];
  });
}

const areaUnit = (unit: NonNullable<Written>[number]["in"]): NonNullable<Written>[number]["in"] => (unit === "px" ? "px2" : unit);

const quantityOf = ({ name, derived, unit }: Numeric): NonNullable<Written>[number]["of"] | undefined =>
  name.scheme === "SCT" ? quantities[name.value] : (derived.scheme === "SCT" && derivations[derived.value]) || (["[hnsf'U]", "{SUVbw}g/ml", "1"].includes(unit.value) ? "value" : undefined);

function unitOf({ unit, method }: Numeric): NonNullable<Written>[number]["in"] | undefined {
  switch (unit.value) {
    case "mm": return `mm${method}`;
    case "mm2": return `mm2${method}`;
    case "{pixels}": return "px";
    case "deg": return "deg";
    case "[hnsf'U]": return "HU";
    case "{SUVbw}g/ml": return "SUV";
    case "1": return "1";
    default: return undefined;
  }
}

// valuesIn are the numbers of a document as this program measures them.
export function valuesIn(written: NonNullable<Written>): Values {
  const found: Values = { unit: "mm", valueUnit: "" };
  for (const { of, in: unit, number } of written) {
    found[of === "long" ? "length" : of === "cobb" ? "angle" : of] = number;
    if (of === "length" || of === "long" || of === "short" || of === "area") found.unit = unit.startsWith("px") ? "px" : unit.endsWith("-detector") ? "mm-detector" : unit.endsWith("-hand") ? "mm-hand" : "mm";
    else if (of !== "angle" && of !== "cobb") found.valueUnit = unit === "1" ? "" : unit;
  }
  return found;
}

// lineOf is a number of another program in its own words.
function lineOf({ name, derived, value, unit }: Numeric): string {
  const shown = Number(value.toPrecision(5)), usual: Record<string, string> = { "[hnsf'U]": "HU", "{SUVbw}g/ml": "SUV", mm2: "mm²", deg: "°", "1": "" };
  const said = unit.scheme === "UCUM" && unit.value in usual ? usual[unit.value] : unit.value;
  return `${[name.meaning, derived.meaning].filter(Boolean).join(", ")} ${shown}${said && ` ${said}`}`;
}

// documentsOf reads those of a series.
export const documentsOf = (datasets: readonly Dataset[], left = budget()): Document[] => datasets.flatMap((d) => documentOf(d, left) ?? []);

