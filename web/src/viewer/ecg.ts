// Electrocardiograms: what the waveforms of an object are in millivolts (PS3.3 C.10.9).
import { type Bulk, bulk, type Dataset, items, numberOf, text } from "./dataset";

// Lead is one channel. A stored value v is v * factor + baseline, in mV.
export type Lead = { name: string; channel: number; factor: number; baseline: number };

// Group are channels that were sampled together (multiplex group).
export type Group = {
  label: string; frequency: number; samples: number; channels: number; // Hz; of each channel; in the data
  bytes: 1 | 2; signed: boolean; padding?: number; data: Bulk; leads: readonly Lead[];
  lost: number; // channels that are in no unit of voltage
};

export type Ecg = { groups: readonly Group[]; lost: number; notes: readonly string[] }; // lost: groups that cannot be drawn

const mostGroups = 32, mostChannels = 64, mostNotes = 100;
const mostBytes = 64 << 20; // of the data of one group
const millivolts: Record<string, number> = { uV: 1e-3, mV: 1, V: 1e3 }; // UCUM, PS3.16 CID 3082
const integer = (n: number | undefined, least: number, most: number): n is number => n !== undefined && Number.isInteger(n) && n >= least && n <= most;

// ecgOf reads all but the samples.
export function ecgOf(d: Dataset): Ecg {
  const all = items(d, "54000100"), groups = all.slice(0, mostGroups).flatMap((item) => groupOf(item) ?? []);
  return { groups, lost: all.length - groups.length, notes: notesOf(d) };
}

function groupOf(d: Dataset): Group | undefined {
  const channels = numberOf(d, "003A0005"), samples = numberOf(d, "003A0010"), frequency = numberOf(d, "003A001A") ?? 0, data = bulk(d, "54001010");
  const said = text(d, "54001006"), bits = numberOf(d, "54001004"), bytes = bits === 8 && (said === "SB" || said === "UB") ? 1 : bits === 16 && (said === "SS" || said === "US") ? 2 : undefined;
  if (!integer(channels, 1, mostChannels) || !integer(samples, 1, mostBytes) || !(frequency > 0 && frequency <= 1e5) || !data || !bytes) return undefined;
  if (samples * channels * bytes > mostBytes) return undefined;
  const leads = items(d, "003A0200").slice(0, channels).flatMap((item, channel) => leadOf(item, channel) ?? []);
  if (leads.length === 0) return undefined;
  const padding = paddingOf(d, bytes, said.startsWith("S"));
  return { label: text(d, "003A0020"), frequency, samples, channels, bytes, signed: said.startsWith("S"), ...(padding === undefined ? {} : { padding }), data, leads, lost: channels - leads.length };
}

function leadOf(d: Dataset, channel: number): Lead | undefined {
  const unit = millivolts[text(items(d, "003A0211")[0], "00080100")], sensitivity = numberOf(d, "003A0210");
  if (unit === undefined || sensitivity === undefined || sensitivity === 0) return undefined;
  const name = text(d, "003A0203") || text(items(d, "003A0208")[0], "00080104").replace(/^Lead /, "") || String(channel + 1);
  return { name, channel, factor: sensitivity * (numberOf(d, "003A0212") ?? 1) * unit, baseline: (numberOf(d, "003A0213") ?? 0) * unit };
}

// paddingOf is the value of samples that were not taken: inline bytes, of the samples' kind.
function paddingOf(d: Dataset, bytes: 1 | 2, signed: boolean): number | undefined {
  const words = bulk(d, "5400100A")?.words;
  return words && words.length >= bytes ? reader(words, bytes, signed)(0) : undefined;
}

const reader = (data: Uint8Array, bytes: 1 | 2, signed: boolean): ((at: number) => number) => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (bytes === 1) return signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
  return signed ? (at) => view.getInt16(2 * at, true) : (at) => view.getUint16(2 * at, true);
};

// Trace is a group with its samples: of a lead in mV, NaN where none was taken. samples are
// those that are here, fewer than the group says if its data were cut off.
export type Trace = { group: Group; samples: number; at: (lead: Lead, i: number) => number };

export function traceOf(group: Group, data: Uint8Array): Trace {
  const { channels, bytes, signed, padding } = group, value = reader(data, bytes, signed);
  const samples = Math.min(group.samples, Math.floor(data.length / (channels * bytes)));
  return {
    group, samples,
    at: ({ channel, factor, baseline }, i) => {
      if (i < 0 || i >= samples) return Number.NaN;
      const stored = value(i * channels + channel);
      return stored === padding ? Number.NaN : stored * factor + baseline;
    },
  };
}

// notesOf are what was measured and found: texts, and numbers with their units (PS3.3 C.10.10).
function notesOf(d: Dataset): string[] {
  return items(d, "0040B020").slice(0, mostNotes).flatMap((item) => {
    const said = text(item, "00700006"), name = text(items(item, "0040A043")[0], "00080104"), value = numberOf(item, "0040A30A");
    const unit = text(items(item, "004008EA")[0], "00080100");
    return said || (name && value !== undefined ? `${name}: ${value}${unit ? ` ${unit}` : ""}` : []);
  });
}

export const speed = 25, gain = 10; // mm of paper for a second and for a mV

// lineOf is the course of a lead over columns of a screen, y in px downwards from its zero:
// [least, most] of each column where it has more samples than columns. secondsAt is the
// time at the left edge of a column.
export function lineOf(trace: Trace, lead: Lead, columns: number, secondsAt: (column: number) => number, pxOfMillivolt: number): (readonly [number, number] | undefined)[] {
  const { frequency } = trace.group;
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.round(secondsAt(column) * frequency), to = Math.max(from + 1, Math.round(secondsAt(column + 1) * frequency));
    let least = Number.POSITIVE_INFINITY, most = Number.NEGATIVE_INFINITY;
    for (let i = Math.max(0, from); i < Math.min(to, trace.samples); i++) {
      const v = trace.at(lead, i);
      if (v < least) least = v;
      if (v > most) most = v;
    }
    return least <= most ? [-most * pxOfMillivolt, -least * pxOfMillivolt] as const : undefined;
  });
}
