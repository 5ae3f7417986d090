// What pointers do on a tile. One finger or the left button uses the tool in hand, two
// fingers move and zoom, the middle button moves, the right one sets the window.
import type { RefObject } from "react";
import { useEffect } from "react";
import { mayCalibrate } from "./calibration";
import { type Desk, isKind, type Tool } from "./desk";
import type { Spot } from "./geometry";
import { isOn, make, type Measurement, mostContour, moved, pointsOf, toSpace, toSpot } from "./measure";
import type { Pane } from "./pane";
import { thinned } from "./shape";

type Place = readonly [number, number];

const middle = (a: Place, b: Place): Place => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const between = (a: Place, b: Place): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

const least = 3; // CSS pixels: a shorter line was a slip of the hand

// begin is what a drag does, called with the way from its start and the place it is at. id
// is that of the mark which it may draw.
function begin(tool: Tool, desk: Desk, pane: Pane, from: Place, id: string): (way: Place, at: Place) => void {
  const { index, zoom, pan, tone, shown } = pane;
  if (isKind(tool)) return draw(desk, pane, from, id);
  switch (tool) {
    case "scroll": {
      const step = Math.max(3, Math.min(24, pane.size[1] / (pane.source?.heads.length ?? 1)));
      return (way) => { const to = index + Math.round(way[1] / step); if (to !== pane.index) pane.go(to); };
    }
    case "window": return ([dx, dy]) => {
      if (!tone || !shown) return;
      const { center, width, voi } = tone.window;
      pane.setWindow({ center: center + (dy * width) / 300, width: Math.max(width * Math.exp(dx / 200), voi === "LINEAR" ? 1 : 1e-6), voi });
    };
    case "pan": return ([dx, dy]) => { pane.setView(zoom, [pan[0] + dx, pan[1] + dy]); };
    case "calibrate": return drawRuler(desk, pane, from, id);
    case "magnify": return () => {}; // the lens goes with the pointer, pressed or not
    case "zoom": return ([, dy]) => { pane.setView(zoom, pan); pane.zoomAt(Math.exp(-dy / 150), from); };
  }
}

// drawRuler makes a length whose millimetres are asked for then, in the place of one that did not get any.
function drawRuler(desk: Desk, pane: Pane, from: Place, id: string): (way: Place, at: Place) => void {
  const { head } = pane.shown ?? {};
  if (!mayCalibrate(head)) return () => {};
  const start = pane.toImage(head, from);
  return (way, at) => {
    if (Math.hypot(...way) >= least) rule(desk, make(id, "length", head, [start, pane.toImage(head, at)]));
  };
}

function rule(desk: Desk, line: Measurement): void {
  if (desk.marks.some(({ id, saved }) => id === desk.ruler && id !== line.id && !saved)) desk.drop(desk.ruler);
  desk.keep(line);
  desk.set({ ruler: line.id });
}

// middleRuler is a line in the middle of a tile, to be put where it is to lie with the arrow keys.
export function middleRuler(desk: Desk, pane: Pane): void {
  const { head } = pane.shown ?? {}, [w, h] = pane.size;
  if (mayCalibrate(head)) rule(desk, make(desk.newId(), "length", head, [pane.toImage(head, [w / 2 - 40, h / 2]), pane.toImage(head, [w / 2 + 40, h / 2])]));
}

// draw makes a measurement between where the pointer went down and where it is.
function draw(desk: Desk, pane: Pane, from: Place, id: string): (way: Place, at: Place) => void {
  const { head } = pane.shown ?? {}, kind = desk.tool;
  if (!head || !isKind(kind)) return () => {};
  if (kind === "contour") return drawContour(desk, pane, from, id);
  const start = pane.toImage(head, from), line = pendingOf(desk, pane);
  const spots = (at: Place): Spot[] => {
    const to = pane.toImage(head, at);
    if (kind === "axes") return acrossOf(from, at).map((place) => pane.toImage(head, place));
    if (kind === "cobb") return line ? [...line.points.map((point) => toSpot(head, line, point)), start, to] : [start, to];
    return kind === "angle" ? [to, start, turned(start, to)] : [start, to].slice(0, pointsOf[kind]);
  };
  const single = pointsOf[kind] === 1;
  if (single) desk.keep(make(id, kind, head, [start]));
  return (way, at) => {
    if (single || Math.hypot(...way) >= least) desk.keep(make(id, kind, head, single ? [pane.toImage(head, at)] : spots(at)));
  };
}

// pendingOf is the Cobb angle of which one line is on a tile's image: the next drag draws the other.
const pendingOf = (desk: Desk, { shown }: Pane): Measurement | undefined =>
  (desk.tool === "cobb" && shown ? desk.marks.find((mark) => mark.kind === "cobb" && mark.points.length === 2 && isOn(mark, shown.head)) : undefined);

const mostPlaces = 4000; // of a line under way
const fine = 1; // CSS pixels that a contour may be off what the hand drew

// drawContour makes a region of the way of a pointer, closed from where it is to where it began.
function drawContour(desk: Desk, pane: Pane, from: Place, id: string): (way: Place, at: Place) => void {
  const { head } = pane.shown ?? {};
  if (!head) return () => {};
  let line: Place[] = [from];
  return (_, at) => {
    if (between(line.at(-1) ?? from, at) < least) return;
    line.push(at);
    if (line.length > mostPlaces) line = thinned(line, fine, mostPlaces / 2);
    const kept = thinned(line, fine, mostContour);
    if (kept.length > 2) desk.keep(make(id, "contour", head, kept.map((place) => pane.toImage(head, place))));
  };
}

// acrossOf is a line with one of half its length across its middle.
function acrossOf([ax, ay]: Place, [bx, by]: Place): Place[] {
  const x = (ax + bx) / 2, y = (ay + by) / 2, dx = (bx - ax) / 4, dy = (by - ay) / 4;
  return [[ax, ay], [bx, by], [x + dy, y - dx], [x - dy, y + dx]];
}

// turned is a place as far from another as a third, a sixth of a circle on.
function turned(around: Spot, from: Spot): Spot {
  const c = Math.cos(Math.PI / 3), s = Math.sin(Math.PI / 3), dx = from.column - around.column, dy = from.row - around.row;
  return { column: around.column + c * dx - s * dy, row: around.row + s * dx + c * dy };
}

const notch = 100, leastNotch = 50; // CSS pixels: of a wheel's notch, by browser, system and scale some 66 to 120
const glide = 40; // CSS pixels of a touchpad for one picture

// picturesOf is by how many pictures a wheel goes on, and what of its way is left for the next event: a notch is one
// picture, and the small steps of a touchpad add up.
export function picturesOf({ deltaY, deltaMode }: Pick<WheelEvent, "deltaY" | "deltaMode">, left: number): { pictures: number; left: number } {
  const way = deltaMode === 0 ? deltaY : deltaY * (deltaMode === 1 ? notch / 3 : notch); // three lines are a notch; a page is one
  if (Math.abs(way) >= leastNotch) return { pictures: Math.sign(way) * Math.max(1, Math.round(Math.abs(way) / notch)), left: 0 };
  const sum = left + way, pictures = Math.trunc(sum / glide);
  return { pictures, left: sum - pictures * glide };
}

// onHandle tells a press on a point of a mark, which moves that, or on the bar that scrolls.
const onHandle = ({ target }: Event): boolean => target instanceof Element && (target.classList.contains("handle") || target.classList.contains("scrubber"));

// useGestures follows pointers and the wheel on a tile.
export function useGestures(tile: RefObject<HTMLElement | null>, desk: Desk, pane: Pane, activate: () => void): void {
  useEffect(() => {
    const element = tile.current;
    if (!element) return;
    const stop = new AbortController(), down = new Map<number, Place>();
    const at = (event: MouseEvent): Place => { const box = element.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    let drag: ((way: Place, at: Place) => void) | null = null, from: Place = [0, 0], wheel = 0, drawn = "", before: Measurement | undefined;
    let pinch: { middle: Place; apart: number; zoom: number; pan: Place } | null = null;
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void): void => { element.addEventListener(type, listener, { signal: stop.signal, passive: false }); };
    const look = (event: PointerEvent): void => { if (desk.tool === "magnify" && down.size < 2) pane.setLens({ at: at(event), lifted: event.pointerType === "touch" }); };
    on("pointerleave", (event) => { if (event.pointerType === "mouse") pane.setLens(null); });
    on("pointerdown", (event) => {
      activate();
      if (onHandle(event)) return;
      pane.stop();
      element.setPointerCapture(event.pointerId);
      down.set(event.pointerId, at(event));
      look(event);
      const [a, b] = [...down.values()];
      if (a && b) {
        drag = null;
        pane.setLens(null);
        if (before) desk.keep(before); // the first of two fingers has drawn on
        else if (desk.marks.some(({ id }) => id === drawn)) desk.drop(drawn);
        pinch = { middle: middle(a, b), apart: between(a, b), zoom: pane.zoom, pan: pane.pan };
        return;
      }
      from = at(event);
      before = pendingOf(desk, pane);
      drawn = before?.id ?? desk.newId();
      drag = begin(event.button === 1 ? "pan" : event.button === 2 ? "window" : desk.tool, desk, pane, from, drawn);
    });
    on("pointermove", (event) => {
      look(event);
      if (!down.has(event.pointerId)) return;
      const now = at(event);
      down.set(event.pointerId, now);
      const [a, b] = [...down.values()];
      if (pinch && a && b) {
        const to = middle(a, b);
        pane.setView(pinch.zoom, [pinch.pan[0] + to[0] - pinch.middle[0], pinch.pan[1] + to[1] - pinch.middle[1]]);
        pane.zoomAt(between(a, b) / (pinch.apart || 1), to);
      } else drag?.([now[0] - from[0], now[1] - from[1]], now);
    });
    for (const type of ["pointerup", "pointercancel"] as const) on(type, (event) => { down.delete(event.pointerId); drag = pinch = null; });
    on("click", (event) => { // comes when all that a press does to the focus is done
      if (onHandle(event)) return;
      if (desk.tool === "text") desk.set({ writing: desk.selected });
      if (desk.tool === "calibrate" && desk.ruler === drawn) desk.set({ writing: desk.ruler });
    });
    on("dblclick", (event) => {
      const { head } = pane.shown ?? {};
      if (head) desk.locate(pane.toImage(head, at(event)));
    });
    on("contextmenu", (event) => { event.preventDefault(); });
    on("wheel", (event) => {
      event.preventDefault();
      activate();
      if (event.ctrlKey) {
        pane.zoomAt(Math.exp(-event.deltaY / 200), at(event));
        return;
      }
      const { pictures, left } = picturesOf(event, wheel);
      wheel = left;
      if (pictures) pane.go(pane.index + pictures);
    });
    return () => { stop.abort(); };
  }, [tile, desk, pane, activate]);
}

// middleMark is a measurement in the middle of a tile, for who draws by keyboard: its
// points are moved with the arrow keys then.
export function middleMark(desk: Desk, pane: Pane): Measurement | null {
  const { head } = pane.shown ?? {}, kind = desk.tool;
  if (!head || !isKind(kind)) return null;
  const [w, h] = pane.size, spot = (x: number, y: number): Spot => pane.toImage(head, [w / 2 + x, h / 2 + y]);
  if (kind === "axes") return make(desk.newId(), kind, head, acrossOf([-40, 0], [40, 0]).map(([x, y]) => spot(x, y)));
  if (kind === "cobb") return make(desk.newId(), kind, head, [spot(-40, -40), spot(40, -25), spot(-40, 40), spot(40, 25)]);
  if (kind === "circle") return make(desk.newId(), kind, head, [spot(0, 0), spot(40, 0)]);
  if (kind === "contour") return make(desk.newId(), kind, head, Array.from({ length: 8 }, (_, i) => spot(40 * Math.cos((i * Math.PI) / 4), 40 * Math.sin((i * Math.PI) / 4))));
  const all = [spot(-40, 0), kind === "angle" ? spot(0, 0) : spot(40, kind === "length" ? 0 : 40), spot(0, -40)];
  return make(desk.newId(), kind, head, pointsOf[kind] === 1 ? [spot(0, 0)] : all.slice(0, pointsOf[kind]));
}

// nudged moves a point of a measurement by screen pixels.
export function nudged(pane: Pane, mark: Measurement, point: number, by: Place): Measurement {
  const { head } = pane.shown ?? {}, was = mark.points[point];
  if (!head || !was) return mark;
  const [x, y] = pane.toScreen(head, toSpot(head, mark, was));
  const to = toSpace(head, pane.toImage(head, [x + by[0], y + by[1]]));
  return moved(mark, point, to);
}
