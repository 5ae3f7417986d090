// What a view of models shows, in words: for who does not see it.
import type { Figures } from "../api/types";
import { letters, sub } from "../viewer/geometry";
import { decimal, number, t } from "../words/words";
import { basisOf } from "./pose";
import { fitting } from "./presets";
import { lengthOf, type Made, type Outline, type Rendering, type Shown } from "./state";
import type { Voxels } from "./voxels";

export const millimetres = (mm: number): string => t("view.mm", { mm: decimal(Math.round(mm * 10) / 10 + 0) }); // -0 is 0

// Named are the segments that a series has, as somebody called them.
export type Named = readonly (Outline & { label: string })[];

// titleOf names what a model is of.
export function titleOf({ kind, outline }: Made, named: Named): string {
  if (!outline) return t(`model.kind.${kind}`);
  const found = named.find(({ record, segment }) => record === outline.record && segment === outline.segment);
  return found?.label || t("model.segment", { k: outline.segment });
}

// kindSays names a model with its least value.
export const kindSays = (made: Made, hounsfield: boolean, named: Named): string =>
  made.outline ? titleOf(made, named) : t("model.named", { kind: titleOf(made, named), level: hounsfield ? t("model.hounsfield", { level: made.level }) : number(made.level) });

export const sizeSays = ({ sizeMm }: Figures): string => t("view.mm", { mm: sizeMm.map((side) => decimal(side)).join(" × ") });

// fromSays is where the viewer stands.
const fromSays = (shown: Shown): string => [...letters(basisOf(shown.pose).near)].map((letter) => t(`view.letter.${letter}`)).join(t("view.comma"));

export const cutSays = ({ axis, at, turned }: NonNullable<Shown["cut"]>): string => t("model.cutSays", { axis: t(`view.axis.${axis}`), at: millimetres(at), gone: t(`model.gone.${axis}.${turned ? "turned" : "plain"}`) });

// shiftSays is by how much the values of a preset are moved.
export function shiftSays({ shift }: Rendering, hounsfield: boolean): string {
  const by = number(shift, { signDisplay: "exceptZero" });
  return t(hounsfield ? "volume.shiftHounsfield" : "volume.shiftShare", { by });
}

// viewSays is from where and how something is seen.
const viewSays = (shown: Shown): (string | undefined)[] => [
  t("model.from", { where: fromSays(shown) }), t("model.zoomSays", { percent: number(shown.pose.zoom, { style: "percent", maximumFractionDigits: 0 }) }),
  shown.cut && cutSays(shown.cut), ...shown.marks.map((mark, i) => t("model.markSays", { k: i + 1, mm: millimetres(lengthOf(mark)) })),
];

// volumeSays is the text alternative of a volume.
export function volumeSays(shown: Shown, rendering: Rendering, { hounsfield, box: { low, high } }: Voxels): string {
  const size = t("view.mm", { mm: sub(high, low).map((side) => decimal(Math.round(side))).join(" × ") });
  const what = t("volume.says", { preset: t(`volume.preset.${fitting(rendering.preset, hounsfield)}`), size });
  return [what, rendering.shift !== 0 && shiftSays(rendering, hounsfield), ...viewSays(shown)].filter(Boolean).join(t("model.stop"));
}

// says is the text alternative of the view.
export function says(shown: Shown, figures: readonly (Figures | undefined)[], named: Named): string {
  const bodies = shown.layers.flatMap((layer, i) => {
    const found = figures[i];
    return found ? [t("model.bodySays", { model: kindSays(layer, found.hounsfield, named), size: sizeSays(found), volume: decimal(found.volumeCm3), opacity: number(layer.opacity) })] : [];
  });
  return [...bodies, ...viewSays(shown)].filter(Boolean).join(t("model.stop"));
}
