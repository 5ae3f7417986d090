import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Vec } from "../viewer/geometry";
import { announce } from "../ui/announce";
import { t } from "../words/words";
import { Overlay } from "./Overlay";
import { around, fromSide, frameOf, moved, type Pose, sides, start, turned, zoomed } from "./pose";
import { millimetres, type Named, says } from "./says";
import type { Stage } from "./scene";
import { lengthOf, mostMarks, type Shown, write } from "./state";
import type { Model } from "./useModels";
import { useHand } from "./useHand";

type Trouble = "" | "none" | "lost" | "part";

type Props = { models: readonly (Model | undefined)[]; shown: Shown; named: Named; measuring: boolean; onShown: (change: (was: Shown) => Shown) => void; onMeasuring: (on: boolean) => void };

const calm = 700; // ms without a change until it is said what is shown
const perPixel = 0.5; // degrees of a turn

// Solid shows models, and takes what hands and keys do with them.
export function Solid({ models, shown, named, measuring, onShown, onMeasuring }: Props) {
  const ground = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), described = useId();
  const size = useSize(ground), { stage, trouble } = useStage(canvas);
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
    turn: (dx, dy) => { pose((was) => turned(was, -dx * perPixel, dy * perPixel)); },
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

const step = 5, far = 40; // degrees, and CSS pixels

// stepOf is what a key does with a pose.
function stepOf({ key, shiftKey }: KeyboardEvent, go: (was: Pose, dx: number, dy: number) => Pose): ((was: Pose) => Pose) | undefined {
  const ways: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, way = ways[key];
  if (way) return (was) => (shiftKey ? go(was, way[0] * far, way[1] * far) : turned(was, -way[0] * step, way[1] * step));
  if (key === "+" || key === "=") return (was) => zoomed(was, 1.2);
  if (key === "-") return (was) => zoomed(was, 1 / 1.2);
  if (key === "0" || key === "Home") return () => start;
  const side = sides.find((one) => one === key.toUpperCase());
  return side && ((was) => fromSide(was, side));
}

// useSize is that of an element, in CSS pixels.
function useSize(of: { current: HTMLElement | null }): readonly [number, number] {
  const [size, set] = useState<readonly [number, number]>([0, 0]);
  useEffect(() => {
    const element = of.current;
    if (!element) return;
    const watch = new ResizeObserver(() => { set([element.clientWidth, element.clientHeight]); });
    watch.observe(element);
    return () => { watch.disconnect(); };
  }, [of]);
  return size;
}

// useStage loads what draws. trouble is why there is none: the browser has no WebGL, or has
// taken it away, or a part of this page did not come.
function useStage(canvas: { current: HTMLCanvasElement | null }): { stage: Stage | null; trouble: Trouble } {
  const [stage, set] = useState<Stage | null>(null), [trouble, tell] = useState<Trouble>("");
  useEffect(() => {
    const on = canvas.current, stop = new AbortController();
    let made: Stage | undefined;
    const open = async (): Promise<void> => {
      const loaded = await import("./scene").catch(() => { tell("part"); });
      if (!on || !loaded || stop.signal.aborted) return;
      made = new loaded.Stage(on);
      set(made);
    };
    open().catch(() => { tell("none"); });
    on?.addEventListener("webglcontextlost", () => { tell("lost"); }, { signal: stop.signal });
    on?.addEventListener("webglcontextrestored", () => { tell(""); }, { signal: stop.signal });
    return () => {
      stop.abort();
      made?.close();
      set(null);
    };
  }, [canvas]);
  return { stage, trouble };
}

// Spoken is the text alternative. It is told politely, once the hand rests.
function Spoken({ id, now }: { id: string; now: string }) {
  const [said, say] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => { say(now); }, calm);
    return () => { clearTimeout(timer); };
  }, [now]);
  return <p id={id} className="unseen" aria-live="polite">{said}</p>;
}
