// What is on the screen, in words: for who does not see it, and at the edges of a tile.
import { number, t, word } from "../words/words";
import { edges, type Edges } from "./geometry";
import type { Head } from "./head";
import type { Values } from "./measure";
import type { Pane, Shown } from "./pane";

const round = (v: number, digits = 0): string => number(v, { maximumFractionDigits: digits });

export const windowSays = (pane: Pane): string => {
  const { tone } = pane;
  if (!tone || pane.shown?.pixels.colour) return "";
  if (tone.lut !== undefined) return t("view.windowLut");
  const digits = tone.window.width < 20 ? 2 : 0;
  return t("view.windowSays", { center: round(tone.window.center, digits), width: round(tone.window.width, digits) });
};

export const sliceSays = (pane: Pane): string => (pane.source ? t("view.slice", { k: round((pane.shown?.index ?? pane.index) + 1), all: round(pane.source.heads.length) }) : "");

export const zoomSays = (pane: Pane): string => {
  const { head } = pane.shown ?? {};
  return head ? t("view.zoomSays", { percent: number(pane.scale(head)[0], { style: "percent", maximumFractionDigits: 0 }) }) : "";
};

// edgesOf are the letters at the sides of a tile; none of an image that does not say how
// it lies.
export function edgesOf(pane: Pane): Edges | null {
  const { row, column } = pane.shown?.head.edges ?? { row: "", column: "" };
  return row && column ? edges(row, column, pane.turn) : null;
}

export const sideSays = (head: Head): string => (["L", "R", "B"].includes(head.side) ? t(`view.side.${head.side}`) : "");

const planeSays = (head: Head): string => (head.axis ? t(`view.axis.${head.axis}`) : "");

// tileSays is the text alternative of a tile.
export function tileSays(pane: Pane): string {
  const { shown } = pane;
  if (!pane.source) return t("view.emptyTile");
  if (!shown) return pane.failure ? t("view.noImage") : t(pane.source.heads.length > 0 ? "state.loading" : "view.noImages");
  const { head } = shown, found = edgesOf(pane);
  const place = head.plane ? t("view.position", { mm: round(positionOf(head), 1) }) : "";
  const sides = found ? t("view.sides", { left: lettersSay(found.left), right: lettersSay(found.right) }) : t("view.noSides");
  return [
    word("modality", head.modality), head.bodyPart && word("bodyPart", head.bodyPart), planeSays(head), sliceSays(pane), place,
    windowSays(pane), pane.tone?.invert && t("view.inverted"), head.scale?.from === "hand" && t("view.byHand"), sides, sideSays(head), slabSays(pane), ...layersSay(pane, shown), t("view.pixelSize", { columns: round(head.columns), rows: round(head.rows) }),
  ].filter(Boolean).join(t("view.comma"));
}

const layersSay = ({ layers, source }: Pane, shown: Shown): string[] => (source ? layers.flatMap((layer) => [layer.says(shown, source), layer.warns(shown, source)]) : []);

// warnings are what should be drawn over a tile's image and cannot be.
export const warnings = ({ layers, source, shown }: Pane): string[] => (source && shown ? layers.map((layer) => layer.warns(shown, source)).filter(Boolean) : []);

// positionOf is where an image lies along the axis that it is across, in mm.
function positionOf({ plane, axis }: Head): number {
  if (!plane) return 0;
  return plane.origin[axis === "sagittal" ? 0 : axis === "coronal" ? 1 : 2];
}

const slabSays = (pane: Pane): string => {
  const { source } = pane;
  if (!source || !("slab" in source)) return "";
  const slab = source.slab as { thickness: number; blend: string };
  return slab.thickness > 0 ? t("view.slabSays", { mm: round(slab.thickness, 1), blend: t(`view.blend.${slab.blend}`) }) : "";
};

export const lettersSay = (letters: string): string => [...letters].map((letter) => t(`view.letter.${letter}`)).join(" ");

// valuesSay writes what a measurement measures.
export function valuesSay(v: Values): string[] {
  const length = (n: string): string => (v.unit === "px" ? t("view.px", { n }) : t({ "mm": "view.mm", "mm-detector": "view.mmDetector", "mm-hand": "view.mmHand" }[v.unit], { mm: n }));
  const area = (n: string): string => (v.unit === "px" ? t("view.px2", { n }) : t({ "mm": "view.mm2", "mm-detector": "view.mm2Detector", "mm-hand": "view.mm2Hand" }[v.unit], { mm: n }));
  const value = (x: number): string => `${round(x, Math.abs(x) < 20 ? 2 : 1)}${v.valueUnit ? ` ${v.valueUnit}` : ""}`;
  const lines: string[] = v.lacks ? [t(`view.lacks.${v.lacks}`)] : [];
  if (v.length !== undefined) lines.push(length(round(v.length, 1)) + (v.short === undefined ? "" : ` × ${length(round(v.short, 1))}`));
  if (v.angle !== undefined) lines.push(t("view.degrees", { n: round(v.angle, 1) }));
  if (v.value !== undefined) lines.push(value(v.value));
  if (v.mean !== undefined) lines.push(t("view.mean", { mean: value(v.mean), deviation: round(v.deviation ?? 0, 1) }), t("view.range", { least: value(v.least ?? 0), most: value(v.most ?? 0) }));
  if (v.area !== undefined) lines.push(area(round(v.area, 1)));
  return lines;
}
