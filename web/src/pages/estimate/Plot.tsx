import { share, t } from "../../words/words";
import { across, endOf, type Rated, short, ticks } from "./scale";

// The plot, in its own units.
const wide = 360, left = 12, right = 22, line = 42;
const most = 25; // rows; the table below has them all
const letters = 46; // of a name

// Plot draws each rate as a point on the line of its interval.
export function Plot({ rows }: { rows: readonly Rated[] }) {
  const shown = rows.slice(0, most), end = endOf(shown), bottom = shown.length * line + 6;
  const x = (rate: number): number => left + (wide - left - right) * across(rate, end);
  return (
    <svg className="plot" viewBox={`0 0 ${wide} ${bottom + 22}`} role="img" aria-label={t("estimate.plot")}>
      {ticks(end).map((rate) => (
        <g key={rate}>
          <line className="grid" x1={x(rate)} x2={x(rate)} y1={22} y2={bottom} />
          <text x={x(rate)} y={bottom + 16} textAnchor="middle">{share(rate)}</text>
        </g>
      ))}
      {shown.map((row, i) => <Rate key={i} row={row} y={line * i + 30} x={x} />)}
    </svg>
  );
}

function Rate({ row, y, x }: { row: Rated; y: number; x: (rate: number) => number }) {
  return (
    <g>
      <text x={0} y={y - 14}>{short(row.device, letters)}</text>
      {row.examined > 0 && <line className="interval" x1={x(row.low)} x2={x(row.high)} y1={y} y2={y} />}
      {row.examined > 0 ? <circle cx={x(row.rate)} cy={y} r={5} /> : <text className="quiet" x={left} y={y + 4}>{t("estimate.unknown")}</text>}
    </g>
  );
}
