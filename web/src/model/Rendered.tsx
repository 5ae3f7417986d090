import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { Failure } from "../ui/Failure";
import { Progress } from "../ui/pieces";
import { number, t } from "../words/words";
import { graphics } from "./graphics";
import { dragged, Spoken, stepOf, useSize, useStage } from "./ground";
import { Overlay } from "./Overlay";
import { frameOf, moved, type Pose, zoomed } from "./pose";
import { volumeSays } from "./says";
import { type Rendering, type Shown, write } from "./state";
import { useHand } from "./useHand";
import type { Volume } from "./useVoxels";
import type { Voxels } from "./voxels";

// Machine is what this one draws with, and whether somebody wants it although it is slow.
export type Machine = { draws: boolean; slow: boolean; can: boolean; dare: () => void };

// useMachine asks once somebody wants a volume.
export function useMachine(wanted: boolean): Machine {
  const has = useMemo(() => (wanted ? graphics() : "none"), [wanted]), [dares, dare] = useState(false);
  return { draws: wanted && (has === "processor" || (has === "software" && dares)), slow: has === "software", can: has !== "none", dare: () => { dare(true); } };
}

type Props = { volume: Volume; machine: Machine; rendering: Rendering; shown: Shown; onShown: (change: (was: Shown) => Shown) => void };

// Rendered shows a series as a volume, or what it waits for, or why there is none.
export function Rendered({ volume: { voxels, none, failure, coming, again }, machine, rendering, shown, onShown }: Props) {
  const surface = <button type="button" onClick={() => { onShown((was) => ({ ...was, rendering: undefined })); }}>{t("volume.toSurface")}</button>;
  if (!machine.draws) {
    return (
      <Instead>
        <p>{t(machine.can ? "volume.slow" : "volume.noGraphics")}</p>
        <div className="tools">{surface}{machine.can && <button type="button" onClick={machine.dare}>{t("volume.dare")}</button>}</div>
      </Instead>
    );
  }
  if (none) return <Instead><p role="status">{t(`volume.none.${none}`)}</p><div className="tools">{surface}</div></Instead>;
  if (failure !== undefined) return <Instead><Failure of={failure} heading={t("volume.failed")} /><div className="tools"><button type="button" onClick={again}>{t("state.again")}</button>{surface}</div></Instead>;
  if (!voxels) return <Instead><p>{coming?.total ? t("volume.coming", { done: number(coming.done), all: number(coming.total) }) : t("state.loading")}</p><Progress label={t("volume.fetching")} of={coming} /></Instead>;
  return <Turning voxels={voxels} slow={machine.slow} rendering={rendering} shown={shown} onShown={onShown} />;
}

const Instead = ({ children }: { children: ReactNode }) => <div className="solid empty-solid"><div className="stack instead">{children}</div></div>;

type TurningProps = Pick<Props, "rendering" | "shown" | "onShown"> & { voxels: Voxels; slow: boolean };

// Turning is the volume, and takes what hands and keys do with it.
function Turning({ voxels, slow, rendering, shown, onShown }: TurningProps) {
  const ground = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), described = useId(), [going, go] = useState(true);
  const size = useSize(ground), { box } = voxels, frame = frameOf(shown.pose, box, size), key = write(shown);
  const { stage, trouble } = useStage(canvas, async () => {
    const { Rays } = await import("./rays");
    return (on) => new Rays(on, voxels, slow, (drawn) => {
      on.dataset.shown = drawn;
      go(false);
    });
  });
  const pose = (change: (was: Pose) => Pose): void => { onShown((was) => ({ ...was, pose: change(was.pose) })); };
  const move = (was: Pose, dx: number, dy: number): Pose => moved(was, frameOf(was, box, size), dx, dy);

  const drawn = `${key} ${size.join("x")}`;
  useEffect(() => {
    if (!stage || !size[0] || !size[1]) return;
    go(true);
    stage.draw({ key, frame, preset: rendering.preset, shift: rendering.shift, cut: shown.cut, lamp: shown.lamp });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- drawn says all of it
  }, [stage, trouble, drawn]);

  useHand(ground, { turn: (dx, dy) => { pose((was) => dragged(was, dx, dy)); }, move: (dx, dy) => { pose((was) => move(was, dx, dy)); }, zoom: (by) => { pose((was) => zoomed(was, by)); }, pick: () => { /* a volume has no surface */ } });

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const change = stepOf(event, move);
    if (!change) return;
    pose(change);
    event.preventDefault();
  };
  return (
    <div className="solid">
      <div ref={ground} className="solid-ground" tabIndex={0} role="application" aria-label={t("volume.view")} aria-describedby={described} aria-busy={going} onKeyDown={press}>
        <canvas ref={canvas} aria-hidden="true" />
        {stage && trouble === "" && <Overlay frame={frame} shown={shown} begun={undefined} aiming={false} />}
        {trouble && <p className="tile-note" role="status">{t(trouble === "none" ? "volume.noGraphics" : `model.trouble.${trouble}`)}</p>}
      </div>
      <Spoken id={described} now={volumeSays(shown, rendering, voxels)} />
    </div>
  );
}
