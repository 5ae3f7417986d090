// Writes measurements as a table for other programs (RFC 4180).
import { areaUnits, type Measurement, type Values } from "./measure";

const names = ["kind", "length", "short_axis", "length_unit", "angle_deg", "area", "area_unit", "value", "mean", "sd", "min", "max", "value_unit", "pixels", "text", "series", "image", "frame", "saved_by", "saved_at"] as const;

export type Measured = { mark: Measurement; values: Values | undefined };

// tableOf is a row of names and one a mark: numbers with a point, as exactly as they are known; empty where
// nothing is. series and image are UIDs; a mark on a computed plane has no image. It begins with the mark of
// UTF-8, without which a spreadsheet takes other letters for garbage.
export function tableOf(all: readonly Measured[]): string {
  return `\ufeff${[names, ...all.map(rowOf)].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

function rowOf({ mark, values: v }: Measured): readonly (string | number | undefined)[] {
  const area = v && areaUnits[v.unit], image = mark.instance !== "";
  return [
    mark.kind, v?.length, v?.short, v?.length === undefined ? "" : v.unit, v?.angle, v?.area, v?.area === undefined ? "" : area, v?.value, v?.mean, v?.deviation, v?.least, v?.most,
    v?.value === undefined && v?.mean === undefined ? "" : v.valueUnit, v?.count, words(mark), mark.series, mark.instance, image ? mark.frame : "", mark.saved?.by, mark.saved?.at,
  ];
}

// words are a note's, or what another program says.
const words = ({ text, saved }: Measurement): string => text ?? (saved?.own === false ? saved.lines.join("; ") : "");

// cell quotes what needs it. A spreadsheet would run what begins like a formula, and words can be anybody's.
function cell(value: string | number | undefined): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = /^\s*[=+\-@]|^[\t\r]/.test(value ?? "") ? `'${value}` : value ?? "";
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
