// What all views in 3-D share: their size, what draws on them, what keys do, what is said.
import { type KeyboardEvent, useEffect, useState } from "react";
import { fromSide, type Pose, sides, start, turned, zoomed } from "./pose";

const perPixel = 0.5; // degrees of a turn

// dragged is a pose after a hand went so many CSS pixels over the screen.
export const dragged = (was: Pose, dx: number, dy: number): Pose => turned(was, -dx * perPixel, dy * perPixel);

const step = 5, far = 40; // degrees, and CSS pixels

// stepOf is what a key does with a pose.
export function stepOf({ key, shiftKey }: KeyboardEvent, go: (was: Pose, dx: number, dy: number) => Pose): ((was: Pose) => Pose) | undefined {
  const ways: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, way = ways[key];
  if (way) return (was) => (shiftKey ? go(was, way[0] * far, way[1] * far) : turned(was, -way[0] * step, way[1] * step));
  if (key === "+" || key === "=") return (was) => zoomed(was, 1.2);
  if (key === "-") return (was) => zoomed(was, 1 / 1.2);
  if (key === "0" || key === "Home") return () => start;
  const side = sides.find((one) => one === key.toUpperCase());
  return side && ((was) => fromSide(was, side));
}

// useSize is that of an element, in CSS pixels.
export function useSize(of: { current: HTMLElement | null }): readonly [number, number] {
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

// Trouble is why nothing draws: the browser has no WebGL, or has taken it away, or a part of
// this page did not come.
export type Trouble = "" | "none" | "lost" | "part";

type Closing = { close: () => void };

// useStage loads what draws on a canvas, once.
export function useStage<T extends Closing>(canvas: { current: HTMLCanvasElement | null }, load: () => Promise<(on: HTMLCanvasElement) => T>): { stage: T | null; trouble: Trouble } {
  const [stage, set] = useState<T | null>(null), [trouble, tell] = useState<Trouble>("");
  useEffect(() => {
    const on = canvas.current, stop = new AbortController();
    let made: T | undefined;
    const open = async (): Promise<void> => {
      const make = await load().catch(() => { tell("part"); });
      if (!on || !make || stop.signal.aborted) return;
      made = make(on);
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
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is loaded stays what it is
  }, [canvas]);
  return { stage, trouble };
}

const calm = 700; // ms without a change until it is said what is shown

// Spoken is the text alternative. It is told politely, once the hand rests.
export function Spoken({ id, now }: { id: string; now: string }) {
  const [said, say] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => { say(now); }, calm);
    return () => { clearTimeout(timer); };
  }, [now]);
  return <p id={id} className="unseen" aria-live="polite">{said}</p>;
}
