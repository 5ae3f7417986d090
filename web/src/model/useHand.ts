// What pointers do with a model: one turns it, two move and zoom it, so do the middle and
// right buttons, and the wheel zooms. A press without a way picks a point.
import { type RefObject, useEffect, useRef } from "react";

export type Hand = {
  turn: (dx: number, dy: number) => void; // CSS pixels
  move: (dx: number, dy: number) => void;
  zoom: (by: number) => void;
  pick: (x: number, y: number) => void; // CSS pixels from the top left
};

type Place = readonly [number, number];

const slip = 5; // CSS pixels: a shorter way is a press
const notch = 400; // CSS pixels of a wheel for a factor of e

const centre = (all: readonly Place[]): Place => [all.reduce((sum, [x]) => sum + x, 0) / all.length, all.reduce((sum, [, y]) => sum + y, 0) / all.length];
const spread = ([a, b]: readonly Place[]): number => (a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0);

// lines turns a wheel's way into CSS pixels.
const wayOf = ({ deltaY, deltaMode }: WheelEvent): number => deltaY * ([1, 33, 400][deltaMode] ?? 1);

export function useHand(on: RefObject<HTMLElement | null>, hand: Hand): void {
  const latest = useRef(hand);
  useEffect(() => { latest.current = hand; });
  useEffect(() => {
    const element = on.current;
    if (!element) return;
    const down = new Map<number, Place>(), stop = new AbortController(), options = { signal: stop.signal };
    let went = 0, moves = false;
    const at = (event: PointerEvent): Place => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    element.addEventListener("pointerdown", (event) => {
      if (down.size === 0) [went, moves] = [0, event.button !== 0 || event.shiftKey];
      down.set(event.pointerId, at(event));
      if (down.size > 1) went = Infinity; // no press
      element.setPointerCapture(event.pointerId);
    }, options);
    element.addEventListener("pointermove", (event) => {
      const from = down.get(event.pointerId), to = at(event);
      if (!from) return;
      const before = [...down.values()];
      down.set(event.pointerId, to);
      const after = [...down.values()], [x0, y0] = centre(before), [x1, y1] = centre(after);
      went += Math.hypot(x1 - x0, y1 - y0);
      if (after.length > 1 && spread(before) > 0) latest.current.zoom(spread(after) / spread(before));
      if (after.length > 1 || moves) latest.current.move(x1 - x0, y1 - y0);
      else if (went > slip) latest.current.turn(x1 - x0, y1 - y0);
    }, options);
    element.addEventListener("pointerup", (event) => {
      if (down.delete(event.pointerId) && went <= slip && !moves) latest.current.pick(...at(event));
    }, options);
    for (const end of ["pointercancel", "lostpointercapture"] as const) element.addEventListener(end, (event) => { down.delete(event.pointerId); }, options);
    element.addEventListener("contextmenu", (event) => { event.preventDefault(); }, options);
    element.addEventListener("wheel", (event) => {
      event.preventDefault();
      latest.current.zoom(Math.exp(-wayOf(event) / notch));
    }, { ...options, passive: false });
    return () => { stop.abort(); };
  }, [on]);
}
