// Waveforms in millivolts, and the marks of documents and films.
import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import { ecgOf, type Group, lineOf, traceOf } from "./ecg";
import { containerOf, isPdf, mayBeFilm, paperOf, videoOf } from "./papers";

const value = (...Value: unknown[]) => ({ Value });
const inline = (...bytes: number[]) => ({ vr: "OW", InlineBinary: btoa(String.fromCharCode(...bytes.map((v) => v & 255))) });
const code = (coded: string, meaning = coded): Dataset => ({ "00080100": value(coded), "00080104": value(meaning) });
const channel = (unit: string, more: Dataset = {}): Dataset => ({ "003A0208": value(code("x", "Lead I")), "003A0210": value(2), "003A0211": value(code(unit)), ...more });

const group = (more: Dataset = {}): Dataset => ({
  "003A0005": value(2), "003A0010": value(3), "003A001A": value(500), "54001004": value(16), "54001006": value("SS"), "54001010": inline(1, 0, 255, 255, 2, 0, 254, 255, 3, 0, 0, 128),
  "003A0200": value(channel("uV", { "003A0212": value(1.5), "003A0213": value(10) }), channel("mV", { "003A0203": value("V1") })), ...more,
});
const ecg = (...groups: (Dataset | null)[]) => ecgOf({ "54000100": { Value: groups } });
const words = ({ data }: Group): Uint8Array => data.words ?? new Uint8Array();

// read lists the samples of each lead in mV.
function read(found: Group | undefined, data = found ? words(found) : new Uint8Array()): number[][] {
  if (!found) return [];
  const trace = traceOf(found, data);
  return found.leads.map((lead) => Array.from({ length: found.samples }, (_, i) => Number(trace.at(lead, i).toFixed(6))));
}

test("samples are millivolts by sensitivity, correction and baseline", () => {
  const [found] = ecg(group()).groups;
  expect(found?.leads.map(({ name }) => name)).toEqual(["I", "V1"]);
  expect(read(found)).toEqual([[0.013, 0.016, 0.019], [-2, -4, -65_536]]);
});

test("bytes and words are read with their signs, and what was not sampled is none", () => {
  const eight = { "54001004": value(8), "54001010": inline(1, 255, 2, 254, 3, 128), "5400100A": inline(128, 0) };
  expect(read(ecg(group({ ...eight, "54001006": value("SB") })).groups[0])[1]).toEqual([-2, -4, Number.NaN]);
  expect(read(ecg(group({ ...eight, "54001006": value("UB") })).groups[0])[1]).toEqual([510, 508, Number.NaN]);
  expect(read(ecg(group({ "54001006": value("US") })).groups[0])[1]).toEqual([131_070, 131_068, 65_536]);
});

test("data that are cut off end where they do", () => {
  const [found] = ecg(group()).groups;
  expect(found && traceOf(found, words(found).subarray(0, 7)).samples).toBe(1);
  expect(read(found, new Uint8Array(7))[0]?.slice(1)).toEqual([Number.NaN, Number.NaN]);
});

test("what is no voltage is counted, and what cannot be a waveform is left out", () => {
  expect(ecg(group({ "003A0200": value(channel("mm[Hg]"), channel("mV")) })).groups.map(({ leads, lost }) => [leads.length, lost])).toEqual([[1, 1]]);
  const bad: (Dataset | null)[] = [
    null, group({ "003A0005": value(65) }), group({ "003A0010": value(2 ** 40) }), group({ "003A0010": value(60_000_000) }), group({ "003A001A": value(0) }), group({ "003A001A": value(1e9) }),
    group({ "54001006": value("MB") }), group({ "54001004": value(12) }), group({ "54001004": value(8) }), group({ "54001010": undefined }), group({ "003A0200": value() }),
    group({ "003A0200": value(channel("mV", { "003A0210": value(0) })) }), group({ "003A0005": value("x") }),
  ];
  expect(ecg(...bad)).toMatchObject({ groups: [], lost: bad.length });
  expect(ecg(...Array.from({ length: 40 }, () => group()))).toMatchObject({ lost: 8 });
});

test("findings are texts, and numbers with their units", () => {
  const notes = value({ "00700006": value("Sinus rhythm") }, { "0040A043": value(code("x", "QRS Duration")), "0040A30A": value("92"), "004008EA": value(code("ms")) }, { "0040A043": value(code("x", "Axis")) }, null);
  expect(ecgOf({ "0040B020": notes }).notes).toEqual(["Sinus rhythm", "QRS Duration: 92 ms"]);
});

test("a column of the screen has the least and the most of its samples", () => {
  const [found] = ecg(group()).groups, trace = found && traceOf(found, words(found)), lead = found?.leads[0];
  if (!trace || !lead) throw new Error("it is one");
  const at = (step: number) => lineOf(trace, lead, 3, (column) => (column * step) / 500, 1000).map((one) => one?.map(Math.round));
  expect(at(1)).toEqual([[-13, -13], [-16, -16], [-19, -19]]);
  expect(at(2)).toEqual([[-16, -13], [-19, -19], undefined]);
});

test("objects are what their classes say", () => {
  expect(paperOf({ "54000100": value(null) })).toBe("waveform");
  expect(paperOf({ "00080016": value("1.2.840.10008.5.1.4.1.1.104.1") })).toBe("pdf");
  expect(paperOf({ "54000100": value(null), "00280010": value(8) })).toBeUndefined(); // an image with a trace in it
  expect([{ "00080016": value("1.2.840.10008.5.1.4.1.1.77.1.1.1") }, { "00280004": value("YBR_PARTIAL_420") }, { "00280004": value("RGB") }].map(mayBeFilm)).toEqual([true, true, false]);
  expect(paperOf({ "00080016": value("1.2.840.10008.5.1.4.1.1.2") })).toBeUndefined();
  expect(videoOf({ "00280008": value(50), "00181063": value(40) })).toMatchObject({ frames: 50, seconds: 2 });
  expect(videoOf({ "00280008": value(50), "00180040": value(25) })).toMatchObject({ seconds: 2 });
});

test("streams are told by their first bytes", () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
  expect([isPdf(bytes("%PDF-1.7")), isPdf(bytes("  %PDF-1.7")), isPdf(bytes("<html>%PDX-")), isPdf(bytes("")), isPdf(bytes(`${" ".repeat(2000)}%PDF-1.7`))]).toEqual([true, true, false, false, false]);
  expect([containerOf(bytes("\0\0\0\x18ftypisom")), containerOf(bytes("\x47abc")), containerOf(bytes("\0\0\x01\xb3")), containerOf(bytes("MZ")), containerOf(bytes(""))]).toEqual(["mp4", "ts", "mpeg", "", ""]);
});
