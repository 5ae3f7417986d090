import { useAsked } from "../../api/ask";
import { get, part } from "../../api/client";
import type { RiskReport } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { number, t, word } from "../../words/words";
import { forSale, inCatalogue } from "./says";
import { across, range } from "./scale";

const small = 11; // persons: a catalogue with fewer says little of who is not in it

const traits = (names: readonly string[]): string => names.map((name) => word("trait", name)).join(t("risk.comma"));

// Risk says how far a copy can be told from others: who looks the same by what it shows.
// What lies behind it is folded away.
export function Risk({ of: found }: { of: RiskReport }) {
  return (
    <div className="stack">
      <p><strong>{inCatalogue(found)}</strong></p>
      <Plot of={found} />
      <p>{forSale(found)}</p>
      {found.persons < small && <p className="small">{t("risk.small")}</p>}
      {!found.enough && (
        <p className="failure">
          <strong>{t("risk.below")}</strong>
          {found.least > 0 && <span>{t("risk.asks", { n: found.least })}</span>}
          {found.leastReleased > 0 && <span>{t("risk.asksSold", { n: found.leastReleased })}</span>}
        </p>
      )}
      {found.flags.length > 0 && <ul className="reasons">{found.flags.map(({ flag }) => <li key={flag}>{word("flag", flag)}</li>)}</ul>}
      <Behind of={found} />
    </div>
  );
}

function Behind({ of: found }: { of: RiskReport }) {
  return (
    <details>
      <summary>{t("risk.more")}</summary>
      <p className="small">{t("risk.shown", { what: traits(found.shown) || "–" })}</p>
      {found.unknown.length > 0 && <p className="small">{t("risk.unknown", { what: traits(found.unknown) })}</p>}
      {found.advice.map(({ hide, k }) => (
        <p key={hide.join(" ")} className="small">{t(found.exact ? "risk.advice" : "risk.adviceLeast", { what: traits(hide), n: k })}</p>
      ))}
      <p className="small">{t(found.exact ? "risk.exact" : "risk.steps")}</p>
    </details>
  );
}

// The plot, in its own units.
const wide = 360, left = 12, right = 22, line = 42, bottom = 2 * line + 6;
const x = (n: number): number => left + (wide - left - right) * across(n);

// Plot draws both counts: a point, or the line on which one lies if it is told in steps,
// and what the node asks for.
function Plot({ of: found }: { of: RiskReport }) {
  return (
    <svg className="plot" viewBox={`0 0 ${wide} ${bottom + 22}`} role="img" aria-label={t("risk.plot")}>
      {[1, 10, 100, 1000, 10000].map((n) => (
        <g key={n}>
          <line className="grid" x1={x(n)} x2={x(n)} y1={22} y2={bottom} />
          <text x={x(n)} y={bottom + 16} textAnchor="middle">{number(n)}</text>
        </g>
      ))}
      <Count at={0} name={t("risk.catalogue")} n={found.k} least={found.least} exact={found.exact} />
      <Count at={1} name={t("risk.forSale")} n={found.released} least={found.leastReleased} exact={found.exact} />
    </svg>
  );
}

function Count({ at, name, n, least, exact }: { at: number; name: string; n: number; least: number; exact: boolean }) {
  const y = line * at + 30; // below its name
  const [from, to] = range(n);
  const known = exact || to <= from;
  return (
    <g>
      <text x={0} y={y - 14}>{name}</text>
      {least > 0 && <line className="asked" x1={x(least)} x2={x(least)} y1={y - 9} y2={y + 9} />}
      {known ? <circle cx={x(from)} cy={y} r={5} /> : <line className="interval" x1={x(from)} x2={x(to)} y1={y} y2={y} />}
    </g>
  );
}

// Forecast counts who would look the same by a copy of a study, before there is one.
export function Forecast({ study }: { study: string }) {
  const found = useAsked((signal) => get<RiskReport>(`studies/${part(study)}/risk`, signal), [study]);
  return <Answer to={found}>{(report) => <Risk of={report} />}</Answer>;
}
