import { useId } from "react";
import { Panel } from "../ui/Panel";
import { Slider } from "../ui/Slider";
import { number, t } from "../words/words";
import { Cutting, Lamp } from "./Looks";
import type { Machine } from "./Rendered";
import { fitting, mostShift, presetsOf } from "./presets";
import { shiftSays } from "./says";
import type { Rendering, Shown } from "./state";
import type { Voxels } from "./voxels";

type Props = { voxels: Voxels | undefined; hounsfield: boolean; rendering: Rendering; machine: Machine; shown: Shown; onShown: (change: (was: Shown) => Shown) => void };

// Tuning is what is seen of a volume, the light, and the cut.
export function Tuning({ voxels, hounsfield, rendering, machine, shown, onShown }: Props) {
  const id = useId(), most = mostShift(hounsfield), now = fitting(rendering.preset, hounsfield);
  const set = (to: Rendering): void => { onShown((was) => ({ ...was, rendering: to })); };
  return (
    <Panel title={t("volume.title")} className="looks">
      <div className="presets" role="group" aria-label={t("volume.presets")}>
        {presetsOf(hounsfield).map((preset) => (
          <button key={preset} type="button" aria-pressed={preset === now} onClick={() => { set({ preset, shift: 0 }); }}>
            <span className={`swatch swatch-${preset}`} aria-hidden="true" />{t(`volume.preset.${preset}`)}
          </button>
        ))}
      </div>
      <p className="small">{t(`volume.about.${now}`)}</p>
      <div className="field">
        <label htmlFor={id}>{shiftSays(rendering, hounsfield)}</label>
        <Slider id={id} from={-most} to={most} step={hounsfield ? 10 : 1} at={Math.max(-most, Math.min(most, rendering.shift))} onMove={(shift) => { set({ ...rendering, shift }); }} />
      </div>
      {now !== "mip" && <Lamp shown={shown} onShown={onShown} />}
      {voxels && <Cutting cut={shown.cut} box={voxels.box} onCut={(cut) => { onShown((was) => ({ ...was, cut })); }} />}
      {machine.draws && machine.slow && <p className="note small">{t("volume.slowNow")}</p>}
      {(now === "skin" || now === "plain") && <p className="note small">{t("volume.face")}</p>}
      {voxels && <p className="small">{sides(voxels.full) === sides(voxels.grid.size) ? t("volume.madeOfAll", { full: sides(voxels.full) }) : t("volume.madeOf", { full: sides(voxels.full), held: sides(voxels.grid.size) })}</p>}
      <p className="small">{t("volume.logged")}</p>
    </Panel>
  );
}

const sides = (size: readonly number[]): string => size.map((side) => number(side)).join(" × ");
