import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Vec } from "../viewer/geometry";
import { announce } from "../ui/announce";
import { t } from "../words/words";
import { dragged, Spoken, stepOf, useSize, useStage } from "./ground";
import { Overlay } from "./Overlay";
import { around, frameOf, moved, type Pose, zoomed } from "./pose";
import { millimetres, type Named, says } from "./says";
import { lengthOf, mostMarks, type Shown, write } from "./state";
import type { Model } from "./useModels";
import { useHand } from "./useHand";

type Props = { models: readonly (Model | undefined)[]; shown: Shown; named: Named; measuring: boolean; onShown: (change: (was: Shown) => Shown) => void; onMeasuring: (on: boolean) => void };

const load = async () => { const { Stage } = await import("./scene"); return (on: HTMLCanvasElement) => new Stage(on); };

// Solid shows models, and takes what hands and keys do with them.
export function Solid({ models, shown, named, measuring, onShown, onMeasuring }: Props) {
  const ground = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), described = useId();
  const size = useSize(ground), { stage, trouble } = useStage(canvas, load);
  const [begun, begin] = useState<Vec | undefined>(undefined);
  const bodies = shown.layers.flatMap(({ colour, opacity }, i) => { const model = models[i]; return model ? [{ surface: model.surface, colour, opacity }] : []; });
  const frame = frameOf(shown.pose, around(bodies.map(({ surface }) => surface)), size);
  const pose = (change: (was: Pose) => Pose): void => { onShown((was) => ({ ...was, pose: change(was.pose) })); };
  const look = { bodies, frame, cut: shown.cut, lamp: shown.lamp }, drawn = `${write(shown)} ${size.join("x")} ${bodies.length}`;

  useEffect(() => {
    if (!stage || !size[0] || !bodies.length) return;
    const next = requestAnimationFrame(() => {
      stage.draw(look);
      if (canvas.current) canvas.current.dataset.shown = write(shown);
    });
    return () => { cancelAnimationFrame(next); };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- drawn and the models say all of it
  }, [stage, trouble, drawn, ...models]);

  const pick = (x: number, y: number): void => {
    const point = measuring ? stage?.pick(x, y) : undefined;
    if (!measuring) return;
    if (!point) announce(t("model.missed"));
    else if (!begun) {
      begin(point);
      announce(t("model.begun"));
    } else {
      begin(undefined);
      onShown((was) => ({ ...was, marks: [...was.marks, [begun, point] as const].slice(-mostMarks) }));
      announce(t("model.measured", { mm: millimetres(lengthOf([begun, point])) }));
    }
  };
  useHand(ground, {
    turn: (dx, dy) => { pose((was) => dragged(was, dx, dy)); },
    move: (dx, dy) => { pose((was) => moved(was, frameOf(was, around(bodies.map(({ surface }) => surface)), size), dx, dy)); },
    zoom: (by) => { pose((was) => zoomed(was, by)); },
    pick,
  });
  useEffect(() => { if (!measuring) begin(undefined); }, [measuring]);

  // Who asked for the model far below, on a phone, is brought to it.
  useEffect(() => { ground.current?.scrollIntoView({ block: "nearest" }); }, []);

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const change = stepOf(event, (was, dx, dy) => moved(was, frameOf(was, around(bodies.map(({ surface }) => surface)), size), dx, dy));
    if (change) pose(change);
    else if (event.key === "Enter" && measuring) pick(size[0] / 2, size[1] / 2);
    else if (event.key === "Escape" && begun) begin(undefined);
    else if (event.key.toLowerCase() === "m") onMeasuring(!measuring);
    else return;
    event.preventDefault();
  };
  return (
    <div className="solid">
      <div ref={ground} className={measuring ? "solid-ground measuring" : "solid-ground"} tabIndex={0} role="application" aria-label={t("model.view")} aria-describedby={described} onKeyDown={press}>
        <canvas ref={canvas} aria-hidden="true" />
        {stage && trouble === "" && <Overlay frame={frame} shown={shown} begun={begun} aiming={measuring} />}
        {trouble && <p className="tile-note" role="status">{t(`model.trouble.${trouble}`)}</p>}
      </div>
      <Spoken id={described} now={says(shown, models.map((model) => model?.figures), named)} />
    </div>
  );
}
