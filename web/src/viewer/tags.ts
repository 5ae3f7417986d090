// The header of an object as lines: what is said by which attribute. It is what some program
// wrote once: how much of it is looked at is bounded.
import { type Attribute, type Dataset, texts } from "./dataset";

// Names are those of the standard by tag; an x stands for any digit ("60xx3000").
export type Names = Readonly<Record<string, string>>;

// Line is an attribute, or one item of a sequence. path tells it apart from all others. inner is how many
// lines of it are folded away or follow it: items of a sequence, attributes of an item; of others undefined.
// held: it is listed for what is in it, and is not folded.
export type Line = { path: string; depth: number; tag: string; name: string; creator?: string; vr: string; of?: Attribute; item?: number; inner?: number; open: boolean; held?: boolean };

// Lines are those to be shown. all counts every attribute that was looked at, matched those that a filter finds;
// cut tells that there are more than are looked at.
export type Lines = { lines: Line[]; all: number; matched: number; cut: boolean };

const mostLines = 50_000, mostDepth = 16, mostSearched = 1000, mostCreator = 64; // characters, of a value and of a Private Creator, which is LO
const plain: ReadonlySet<string> = new Set(), plainWords: readonly string[] = [];

// tagSays writes a tag as the standard does: (0010,0020).
export const tagSays = (tag: string): string => `(${tag.slice(0, 4)},${tag.slice(4)})`;

// isPrivate reports whether a tag is not of the standard (PS3.5 §7.8): its group is odd.
export const isPrivate = (tag: string): boolean => Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;

// nameOf is what the standard calls a tag, "" if it does not.
export const nameOf = (tag: string, names: Names): string => (isPrivate(tag) ? "" : names[tag] ?? names[`${tag.slice(0, 2)}xx${tag.slice(4)}`] ?? "");

// creatorOf is who reserved the block of a private tag (PS3.5 §7.8.1); "" for what reserves one.
function creatorOf(d: Dataset, tag: string): string {
  const block = tag.slice(4, 6);
  return block === "00" ? "" : texts(d, `${tag.slice(0, 4)}00${block}`).join("\\").slice(0, mostCreator);
}

// valueSays is a value as text, with one character more than asked for if it is longer; "" for what is no text.
export function valueSays({ Value }: Attribute, most = Number.POSITIVE_INFINITY): string {
  let said = "";
  for (const [i, one] of (Array.isArray(Value) ? Value : []).entries()) {
    if (said.length > most) break;
    said += (i > 0 ? "\\" : "") + oneSays(one);
  }
  return said.slice(0, most + 1);
}

// oneSays is one value; of a name all of its forms (PS3.18 F.2.2).
function oneSays(one: unknown): string {
  if (typeof one === "string" || typeof one === "number") return String(one);
  if (typeof one !== "object" || one === null) return "";
  const forms = ["Alphabetic", "Ideographic", "Phonetic"].map((form) => (one as Record<string, unknown>)[form]).map((form) => (typeof form === "string" ? form : ""));
  return forms.slice(0, forms.findLastIndex((form) => form !== "") + 1).join("=");
}

// binaryBytes is how long a value is that is in the header as base64; undefined for any other.
export const binaryBytes = ({ InlineBinary: coded }: Attribute): number | undefined =>
  (typeof coded === "string" ? Math.floor((coded.length * 3) / 4) - (coded.endsWith("==") ? 2 : coded.endsWith("=") ? 1 : 0) : undefined);

// linesOf lists a header. Sequences and items are folded but for those whose path is in open; with words
// to look for, what has all of them is listed, with what it is in; what is open of that is listed whole.
export function linesOf(d: Dataset, names: Names, open: ReadonlySet<string> = plain, filter = ""): Lines {
  const found: Lines = { lines: [], all: 0, matched: 0, cut: false }, { lines } = found;
  let left = mostLines;
  const more = (): boolean => { found.cut ||= left-- <= 0; return !found.cut; };
  const attributes = (of: Dataset, path: string, depth: number, words: readonly string[]): void => {
    for (const tag of Object.keys(of).filter((key) => /^[0-9A-Fa-f]{8}$/.test(key)).sort()) {
      const attribute = of[tag];
      if (typeof attribute !== "object" || attribute === null) continue;
      if (!more()) return;
      found.all++;
      attributeLines(of, attribute, { tag, path: path + tag, depth }, words);
    }
  };
  const attributeLines = (of: Dataset, attribute: Attribute, at: Pick<Line, "tag" | "path" | "depth">, words: readonly string[]): void => {
    const line = lineOf(of, attribute, at, names), { path, depth } = at, items = line.inner === undefined ? [] : attribute.Value ?? [], asked = open.has(path);
    const itself = words.length === 0 || matches(line, words), place = lines.push(line);
    if (itself && words.length > 0) found.matched++;
    if ((asked || words.length > 0) && depth < mostDepth) for (const [i, item] of items.entries()) itemLines(item, i, items.length === 1, at, asked && itself ? plainWords : words);
    line.open = lines.length > place;
    line.held = !itself;
    if (!itself && !line.open) lines.pop();
  };
  const itemLines = (item: unknown, i: number, only: boolean, { path, depth }: Pick<Line, "path" | "depth">, words: readonly string[]): void => {
    if (!more()) return;
    const of = typeof item === "object" && item !== null ? (item as Dataset) : {}, own = `${path}.${i}.`;
    const shown = words.length > 0 || only !== open.has(own), place = lines.push({ path: own, depth: depth + 1, tag: "", name: "", vr: "", item: i, inner: Object.keys(of).length, open: shown, held: words.length > 0 }); // one alone is open at first
    if (shown) attributes(of, own, depth + 2, words);
    if (words.length > 0 && lines.length === place) lines.pop();
  };
  attributes(d, "", 0, filter.toLowerCase().split(/\s+/).filter(Boolean));
  return found;
}

function lineOf(d: Dataset, of: Attribute, at: Pick<Line, "tag" | "path" | "depth">, names: Names): Line {
  const { vr, Value } = of, creator = isPrivate(at.tag) ? creatorOf(d, at.tag) : "";
  return {
    ...at, name: nameOf(at.tag, names), ...(creator ? { creator } : {}), vr: typeof vr === "string" ? vr.slice(0, 2) : "", of, open: false,
    ...(vr === "SQ" && Array.isArray(Value) ? { inner: Value.length } : {}),
  };
}

// matches looks for words in all that a line says. A keyword is a name without what is between its words.
function matches({ tag, name, creator = "", vr, of = {} }: Line, words: readonly string[]): boolean {
  const said = `${tag} ${tagSays(tag)} ${name} ${name.replace(/'s\b|[^A-Za-z0-9]/g, "")} ${creator} ${vr} ${valueSays(of, mostSearched)}`.toLowerCase();
  return words.every((word) => said.includes(word));
}
