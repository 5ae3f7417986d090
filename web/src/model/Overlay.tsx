import { dot, letters, opposite, type Vec } from "../viewer/geometry";
import { type Frame, place, sides, type Side } from "./pose";
import { millimetres } from "./says";
import { hidden, lengthOf, type Shown } from "./state";

const outward: Record<Side, Vec> = { A: [0, -1, 0], P: [0, 1, 0], L: [1, 0, 0], R: [-1, 0, 0], H: [0, 0, 1], F: [0, 0, -1] };

// Overlay is what lies over a model: the letters of its sides, which turn with it, the
// distances, and a scale.
export function Overlay({ frame, shown, begun, aiming }: { frame: Frame; shown: Shown; begun: Vec | undefined; aiming: boolean }) {
  const [width, height] = frame.size, right = letters(frame.right), top = letters(frame.up);
  return (
    <div className="overlay" aria-hidden="true">
      <svg className="marks" width={width} height={height}>
        {shown.marks.map((mark, i) => <Distance key={i} frame={frame} ends={mark} says={millimetres(lengthOf(mark))} faint={mark.some((end) => hidden(shown.cut, end))} />)}
        {begun && <circle className="mark-end" {...circle(place(frame, begun))} r="5" />}
        {aiming && <path className="aim" d={`M${width / 2 - 9} ${height / 2}h18M${width / 2} ${height / 2 - 9}v18`} />}
        <Compass frame={frame} />
        <Scale frame={frame} />
      </svg>
      <b className="edge edge-right">{right}</b><b className="edge edge-left">{opposite(right)}</b>
      <b className="edge edge-top">{top}</b><b className="edge edge-bottom">{opposite(top)}</b>
    </div>
  );
}

const circle = ([cx, cy]: readonly [number, number]) => ({ cx, cy });

function Distance({ frame, ends, says, faint }: { frame: Frame; ends: readonly [Vec, Vec]; says: string; faint: boolean }) {
  const [from, to] = [place(frame, ends[0]), place(frame, ends[1])];
  return (
    <g className={faint ? "distance faint" : "distance"}>
      <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
      <circle className="mark-end" {...circle(from)} r="4" /><circle className="mark-end" {...circle(to)} r="4" />
      <text x={(from[0] + to[0]) / 2 + 8} y={(from[1] + to[1]) / 2 - 6}>{says}</text>
    </g>
  );
}

const arm = 34; // CSS pixels of the compass

// Compass has the letter of each side where that side is: what is nearer is brighter.
function Compass({ frame }: { frame: Frame }) {
  const ends = sides.map((side) => ({ side, x: dot(outward[side], frame.right) * arm, y: -dot(outward[side], frame.up) * arm, near: dot(outward[side], frame.near) }));
  return (
    <g className="compass" transform={`translate(56 ${frame.size[1] - 60})`}>
      {ends.sort((a, b) => a.near - b.near).map(({ side, x, y, near }) => (
        <g key={side} data-side={side} opacity={0.35 + 0.65 * ((near + 1) / 2)}>
          <line x1="0" y1="0" x2={x} y2={y} /><circle cx={x} cy={y} r="9" /><text x={x} y={y} dy=".35em">{side}</text>
        </g>
      ))}
    </g>
  );
}

const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

// Scale is a bar of a round number of mm, at most a quarter of the width.
function Scale({ frame }: { frame: Frame }) {
  const [width, height] = frame.size, mm = rounds.findLast((round) => round * frame.scale <= width / 4);
  if (!mm) return null;
  const x = width - 14 - mm * frame.scale, y = height - 18;
  return <g className="scale"><path d={`M${x} ${y - 5}v5h${mm * frame.scale}v-5`} /><text x={width - 14} y={y - 9} textAnchor="end">{millimetres(mm)}</text></g>;
}
