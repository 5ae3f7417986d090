import { useAsked } from "../../api/ask";
import { get, part } from "../../api/client";
import type { QualityFinding, QualityReport } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { number, t, word } from "../../words/words";
import { Bars } from "./Bars";

// Quality says how well a copy is made, part by part; what was found, and what would help, is
// folded away, but where it is too little.
export function Quality({ of: found }: { of: QualityReport }) {
  const lowered = found.parts.filter((one) => one.weight > 0 && one.findings.length > 0);
  return (
    <div className="stack">
      <p><strong>{t("quality.score", { n: number(found.score) })}</strong>{found.instances < found.of && <span className="small"> {t("quality.some", { n: number(found.instances), of: number(found.of) })}</span>}</p>
      <Bars of={found.parts.filter((one) => one.weight > 0)} least={found.least} />
      {!found.enough && <p className="failure"><strong>{t("quality.below")}</strong> {t("quality.asks", { n: number(found.least) })}</p>}
      {found.forecast && <p className="small">{t("quality.forecast")}</p>}
      {lowered.length > 0 && (
        <details open={!found.enough}>
          <summary>{t("quality.more")}</summary>
          {lowered.map((one) => (
            <div key={one.part}>
              <p><strong>{word("quality.part", one.part)}</strong></p>
              <ul className="reasons">{one.findings.map((finding) => <li key={finding.finding + finding.tag}><Finding of={finding} /></li>)}</ul>
            </div>
          ))}
        </details>
      )}
    </div>
  );
}

const Finding = ({ of: { finding, attribute, tag, count } }: { of: QualityFinding }) => (
  <>
    {t("quality.finding", { what: word("quality.found", finding), times: number(count) })}
    {tag && <span className="small"> {attribute} {tag}</span>}
    <span className="small"> {word("quality.helps", finding)}</span>
  </>
);

// Forecast judges a copy of a study before there is one.
export function Forecast({ study }: { study: string }) {
  const found = useAsked((signal) => get<QualityReport>(`studies/${part(study)}/quality`, signal), [study]);
  return <Answer to={found}>{(report) => <Quality of={report} />}</Answer>;
}
