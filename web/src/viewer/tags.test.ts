import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import names from "./names.json";
import { binaryBytes, isPrivate, linesOf, tagSays, valueSays } from "./tags";

const header: Dataset = {
  "00100010": { vr: "PN", Value: [{ Alphabetic: "DRAWN^FIGURE", Ideographic: "图^画" }] },
  "00080060": { vr: "CS", Value: ["CT"] }, "00280030": { vr: "DS", Value: [0.5, 0.25] }, "60103000": { vr: "OW", BulkDataURI: "/x" }, "00282000": { vr: "OB", InlineBinary: "AQIDBA==" },
  "00090010": { vr: "LO", Value: ["ACME 1.1"] }, "00091002": { vr: "LO", Value: ["hidden"] }, "00111003": { vr: "UN" },
  "00081140": { vr: "SQ", Value: [{ "00081150": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.2"] }, "0040A170": { vr: "SQ", Value: [{ "00080104": { vr: "LO", Value: ["Localizer"] } }] } }, null] },
};
const said = (open?: ReadonlySet<string>, filter?: string): string[] => linesOf(header, names, open, filter).lines.map(({ tag, item, name }) => (item === undefined ? tagSays(tag) : `item ${item} ${name}`.trim()));

test("a header is listed by tag, with the standard's names, its sequences folded", () => {
  const { lines, all, cut } = linesOf(header, names);
  expect(lines.map(({ tag, name, vr }) => `${tagSays(tag)} ${vr} ${name}`)).toEqual([
    "(0008,0060) CS Modality", "(0008,1140) SQ Referenced Image Sequence", "(0009,0010) LO ", "(0009,1002) LO ", "(0010,0010) PN Patient's Name",
    "(0011,1003) UN ", "(0028,0030) DS Pixel Spacing", "(0028,2000) OB ICC Profile", "(6010,3000) OW Overlay Data",
  ]);
  expect([all, cut, lines[1]?.inner]).toEqual([9, false, 2]);
});

test("a private tag says who reserved it, and is none of the standard's", () => {
  expect(linesOf(header, names).lines.filter(({ tag }) => isPrivate(tag)).map(({ creator }) => creator)).toEqual([undefined, "ACME 1.1", undefined]);
  expect([isPrivate("00090010"), isPrivate("00080010"), isPrivate("7FE10010")]).toEqual([true, false, true]);
});

test("values are written as the standard writes them, and no longer than asked for", () => {
  expect(["00100010", "00280030", "60103000"].map((tag) => valueSays(header[tag] ?? {}))).toEqual(["DRAWN^FIGURE=图^画", "0.5\\0.25", ""]);
  expect(binaryBytes(header["00282000"] ?? {})).toBe(4);
  expect(valueSays({ Value: [null, "x", { Phonetic: "a" }, [], true] as unknown[] })).toBe("\\x\\==a\\\\");
  for (const long of [Array.from({ length: 100_000 }, () => "1234567890"), ["x".repeat(9_000_000)]]) expect(valueSays({ Value: long }, 100)).toHaveLength(101);
  const began = performance.now();
  expect(valueSays({ Value: [{ Alphabetic: `${"=".repeat(200_000)}x` }] })).toHaveLength(200_001); // and in no time
  expect(performance.now() - began).toBeLessThan(1000);
  expect([binaryBytes({ InlineBinary: "AQI=" }), binaryBytes({ InlineBinary: "AQ==" }), binaryBytes({ InlineBinary: "AQID" }), binaryBytes({})]).toEqual([2, 1, 3, undefined]);
});

test("a sequence is unfolded by its path, and its items one by one", () => {
  const folded = said(new Set(["00081140"]));
  expect(folded.slice(0, 4)).toEqual(["(0008,0060)", "(0008,1140)", "item 0", "item 1"]);
  expect(said(new Set(["00081140", "00081140.0."])).slice(2, 6)).toEqual(["item 0", "(0008,1150)", "(0040,A170)", "item 1"]);
});

test("a filter finds names, keywords, tags and values at any depth, with what they are in", () => {
  for (const [filter, want] of [
    ["pixel spac", ["(0028,0030)"]], ["PixelSpacing", ["(0028,0030)"]], ["patientname", ["(0010,0010)"]], ["(0028,0030)", ["(0028,0030)"]], ["00280030", ["(0028,0030)"]], ["figure drawn", ["(0010,0010)"]],
    ["acme hidden", ["(0009,1002)"]], ["localizer", ["(0008,1140)", "item 0", "(0040,A170)", "item 0", "(0008,0104)"]], ["nothing so", []],
  ] as const) expect(said(undefined, filter)).toEqual(want);
  expect(linesOf(header, names, new Set(), "localizer")).toMatchObject({ matched: 1, all: 12 });
});

test("of a sequence that is found all is listed once it is unfolded", () => {
  expect(said(new Set(["00081140"]), "referenced")).toEqual(["(0008,1140)", "item 0", "item 1"]);
  expect(said(new Set(["00081140"]), "modality")).toEqual(["(0008,0060)"]); // and nothing of what was not
  expect(said(undefined, "referenced")).toEqual(["(0008,1140)", "item 0", "(0008,1150)"]); // itself, and what is in it
});

test("a header without end is looked at up to a bound, and says so", () => {
  const many: Dataset = { "52009230": { vr: "SQ", Value: Array.from({ length: 20_000 }, () => ({ "00080060": { vr: "CS", Value: ["CT"] }, "00080070": { vr: "LO" } })) } };
  for (const found of [linesOf(many, names, new Set(), "modality"), linesOf(many, names, new Set(["52009230", ...Array.from({ length: 20_000 }, (_, i) => `52009230.${i}.`)]))]) {
    expect(found.cut).toBe(true);
    expect(found.lines.length).toBeLessThanOrEqual(50_000);
  }
  let deep: Dataset = { "00080060": { vr: "CS", Value: ["CT"] } };
  for (let i = 0; i < 5000; i++) deep = { "00081140": { vr: "SQ", Value: [deep] } };
  expect(linesOf(deep, names, new Set(), "modality").lines).toEqual([]); // deeper than is looked
  expect(linesOf({ "00081140": { vr: "SQ", Value: "x" }, "zz": {}, "00080005": null } as unknown as Dataset, names).lines.map(({ tag }) => tag)).toEqual(["00081140"]);
}, 30_000);
