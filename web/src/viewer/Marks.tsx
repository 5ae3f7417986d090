import type { KeyboardEvent, PointerEvent } from "react";
import { t } from "../words/words";
import { arrows } from "./arrows";
import type { Desk } from "./desk";
import { nudged } from "./gestures";
import { crossing } from "./geometry";
import type { Head } from "./head";
import { linesOf } from "./marked";
import { isOn, type Measurement, moved, shapeOf, toSpace, toSpot } from "./measure";
import type { Pane } from "./pane";

type Place = readonly [number, number];

// Marks are the measurements over an image, and where the active tile's image cuts it.
export function Marks({ desk, pane }: { desk: Desk; pane: Pane }) {
  const { shown } = pane;
  if (!shown) return null;
  const { head } = shown, value = pane.value();
  const found = desk.drawn.filter((mark) => isOn(mark, head));
  return (
    <svg className="marks" width={pane.size[0]} height={pane.size[1]} aria-hidden={found.length === 0}>
      <Reference desk={desk} pane={pane} head={head} />
      {found.map((mark) => (
        <Mark key={mark.id} desk={desk} pane={pane} head={head} mark={mark} says={linesOf(mark, head, shown.pixels, value)} />
      ))}
    </svg>
  );
}

function Reference({ desk, pane, head }: { desk: Desk; pane: Pane; head: Head }) {
  const active = desk.pane.shown?.head;
  if (!desk.lines || desk.pane === pane || !active?.plane || !head.plane || active.reference === "" || active.reference !== head.reference) return null;
  const line = crossing(active.plane, active.rows, active.columns, head.plane);
  if (!line) return null;
  const [[x1, y1], [x2, y2]] = [pane.toScreen(head, line[0]), pane.toScreen(head, line[1])];
  return <line className="reference" x1={x1} y1={y1} x2={x2} y2={y2} />;
}

type MarkProps = { desk: Desk; pane: Pane; head: Head; mark: Measurement; says: readonly string[] };

function Mark({ desk, pane, head, mark, says }: MarkProps) {
  const places = mark.points.map((point) => pane.toScreen(head, toSpot(head, mark, point)));
  const selected = desk.selected === mark.id, fixed = mark.saved?.own === false;
  const shape = mark.kind === "circle" ? shapeOf(mark, head) : undefined, round = shape?.kind === "ellipse" ? shape.corners.map((corner) => pane.toScreen(head, corner)) : places;
  const [x, y] = mark.kind === "text" ? tailOf(places, pane.size) : labelAt(mark.kind, round);
  const side = x > pane.size[0] / 2 ? -10 : 10; // words stay in the tile
  return (
    <g className={["mark", selected && "selected", mark.saved && "saved", fixed && "fixed"].filter(Boolean).join(" ")}>
      <Shape kind={mark.kind} places={round} size={pane.size} />
      <text x={x + side} y={y + 6} textAnchor={side < 0 ? "end" : "start"}>{says.map((line, i) => <tspan key={i} x={x + side} dy={i ? "1.2em" : 0}>{line}</tspan>)}</text>
      {!fixed && places.map((place, i) => <Handle key={i} desk={desk} pane={pane} mark={mark} point={i} place={place} says={says} />)}
    </g>
  );
}

// labelAt is where a mark's words begin: beside a region, at an angle's corner, at the end
// of a line that is lower on the screen.
function labelAt(kind: Measurement["kind"], places: readonly Place[]): Place {
  if (kind === "rectangle" || kind === "ellipse" || kind === "circle" || kind === "contour") return [Math.max(...places.map(([x]) => x)), Math.max(...places.map(([, y]) => y)) + 10];
  const [a = [0, 0], b = a] = places;
  return kind === "angle" ? b : b[1] > a[1] ? [b[0], b[1] + 14] : [a[0], a[1] + 14];
}

// tailOf is where a note's arrow begins: towards the middle of the tile, where there is room.
function tailOf([tip = [0, 0]]: readonly Place[], [wide]: Place): Place {
  return [tip[0] + (tip[0] > wide / 2 ? -reach : reach), tip[1] + (tip[1] < 2 * reach ? reach : -reach)];
}

const reach = 32; // CSS pixels

// arrow is drawn from its tail to its tip.
function arrow([x, y]: Place, [tx, ty]: Place): string {
  const back = (turn: number): string => {
    const angle = Math.atan2(ty - y, tx - x) + turn;
    return `L${x + 10 * Math.cos(angle)} ${y + 10 * Math.sin(angle)}`;
  };
  return `M${tx} ${ty}L${x} ${y}${back(0.4)}M${x} ${y}${back(-0.4)}`;
}

function Shape({ kind, places, size }: { kind: Measurement["kind"]; places: readonly Place[]; size: Place }) {
  const [a, b] = places;
  if (!a) return null;
  if (kind === "text") return <path d={arrow(a, tailOf(places, size))} />;
  if (kind === "probe" || !b) return <path d={`M${a[0] - 8} ${a[1]}h16M${a[0]} ${a[1] - 8}v16`} />;
  const [x, y, w, h] = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  if (kind === "rectangle") return <rect x={x} y={y} width={w} height={h} />;
  if (kind === "ellipse" || kind === "circle") return <ellipse cx={x + w / 2} cy={y + h / 2} rx={w / 2} ry={h / 2} />;
  if (kind === "contour") return <polygon points={places.map((p) => p.join(",")).join(" ")} />;
  if (kind === "cobb") return <CobbLines places={places} />;
  if (kind === "axes") return <path d={[places.slice(0, 2), places.slice(2)].map((line) => `M${line.map((p) => p.join(" ")).join("L")}`).join("")} />;
  return <polyline points={places.map((p) => p.join(",")).join(" ")} />;
}

// CobbLines are two lines, and from the middle of one to that of the other what tells that they belong together.
function CobbLines({ places: [a = [0, 0], b = a, c, d] }: { places: readonly Place[] }) {
  const line = (p: Place, q: Place): string => `M${p.join(" ")}L${q.join(" ")}`, half = (p: Place, q: Place): Place => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
  if (!c || !d) return <path d={line(a, b)} />;
  return <><path d={line(a, b) + line(c, d)} /><path className="between" d={line(half(a, b), half(c, d))} /></>;
}

const farther = 10; // pixels of a step with Shift

// beside is the handle that is some places on, around a mark.
function beside(handle: SVGElement, by: number): SVGElement | undefined {
  const all = [...handle.parentElement?.querySelectorAll<SVGElement>(".handle") ?? []];
  return all[(all.indexOf(handle) + by + all.length) % all.length];
}

// Handle is one point of a measurement, to be moved by pointer or by the arrow keys. Of a contour the first is gone to
// by Tab, and the others from there.
function Handle({ desk, pane, mark, point, place: [x, y], says }: { desk: Desk; pane: Pane; mark: Measurement; point: number; place: Place; says: readonly string[] }) {
  const many = mark.kind === "contour";
  const move = (event: PointerEvent<SVGCircleElement>): void => {
    const { head } = pane.shown ?? {};
    if (!head || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    if (box) desk.keep(moved(mark, point, toSpace(head, pane.toImage(head, [event.clientX - box.left, event.clientY - box.top]))));
  };
  const press = (event: KeyboardEvent<SVGCircleElement>): void => {
    const by = arrows[event.key], k = event.shiftKey ? farther : 1;
    if (by) desk.keep(nudged(pane, mark, point, [by[0] * k, by[1] * k]));
    else if (event.key === "Delete" || event.key === "Backspace") desk.drop(mark.id);
    else if (many && (event.key === "PageDown" || event.key === "PageUp")) beside(event.currentTarget, event.key === "PageDown" ? 1 : -1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <circle className={many ? "handle many" : "handle"} cx={x} cy={y} r={many ? 4 : 5} tabIndex={many && point > 0 ? -1 : 0} role="button"
      aria-label={t("view.handle", { kind: t(`view.tool.${mark.kind}`), point: point + 1, says: says.join(", ") })}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        desk.set({ selected: mark.id });
      }}
      onPointerMove={move} onKeyDown={press} onFocus={() => { desk.set({ selected: mark.id }); }} />
  );
}
