import { number, t, word } from "../../words/words";

type Part = { part: string; score: number };

// The bars, in their own units.
const wide = 360, left = 150, right = 44, line = 24;
const x = (score: number): number => left + ((wide - left - right) * Math.max(0, Math.min(100, score))) / 100;

// Bars draws a score of 0 to 100 for each part, and what is asked of all of them together.
export function Bars({ of, least = 0 }: { of: readonly Part[]; least?: number }) {
  const bottom = of.length * line;
  const says = of.map(({ part, score }) => `${word("quality.part", part)} ${number(score)}`).join(t("risk.comma"));
  return (
    <svg className="plot" viewBox={`0 0 ${wide} ${bottom + 4}`} role="img" aria-label={t("quality.plot", { what: says })}>
      {[0, 50, 100].map((score) => <line key={score} className="grid" x1={x(score)} x2={x(score)} y1={0} y2={bottom} />)}
      {of.map(({ part, score }, i) => (
        <g key={part}>
          <text x={0} y={line * i + 16}>{word("quality.part", part)}</text>
          <line className="bar" x1={x(0)} x2={x(score)} y1={line * i + 12} y2={line * i + 12} />
          <text x={wide} y={line * i + 16} textAnchor="end">{number(score)}</text>
        </g>
      ))}
      {least > 0 && <line className="asked" x1={x(least)} x2={x(least)} y1={0} y2={bottom} />}
    </svg>
  );
}
