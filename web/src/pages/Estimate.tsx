import { useAsked } from "../api/ask";
import { get } from "../api/client";
import type { LeakOverall, LeakRate, LeakStratum } from "../api/types";
import { to } from "../app/route";
import { Answer } from "../ui/Answer";
import { Panel } from "../ui/Panel";
import { Back, Empty } from "../ui/pieces";
import { Table } from "../ui/Table";
import { number, share, t } from "../words/words";
import { Plot } from "./estimate/Plot";

// Row is a kind of device, or all of them together, which no one plan is for.
type Row = Pick<LeakStratum, "device" | "made" | "examined" | "leaks" | "rate" | "low" | "high"> & Partial<Pick<LeakStratum, "plan">>;

// Estimate shows how often a copy still identifies somebody, as far as people looked.
export default function Estimate() {
  const found = useAsked((signal) => get<LeakRate>("reviews/estimate", signal), []);
  return (
    <div className="page">
      <Back to={to("reviews")}>{t("review.title")}</Back>
      <h1>{t("estimate.title")}</h1>
      <p className="prose">{t("estimate.what")}</p>
      <Panel title={t("estimate.overall")}><Answer to={found}>{(rate) => <Rates of={rate} />}</Answer></Panel>
    </div>
  );
}

function Rates({ of: { confidence, overall, rows } }: { of: LeakRate }) {
  const all: Row[] = [{ device: t("estimate.all"), ...overall }, ...rows];
  return (
    <>
      <Summary confidence={confidence} overall={overall} />
      {rows.length > 0 && <Plot rows={all} />}
      {rows.length > 0 && <Rows of={all} />}
    </>
  );
}

function Summary({ confidence, overall }: { confidence: number; overall: LeakOverall }) {
  const { made, chosen, examined, leaks, rate, low, high } = overall;
  if (examined === 0) return <Empty>{t("estimate.none", { made, chosen })}</Empty>;
  return <p className="prose">{t("estimate.says", { leaks, examined, made, rate: share(rate), low: share(low), high: share(high), confidence: share(confidence) })}</p>;
}

function Rows({ of }: { of: readonly Row[] }) {
  return (
    <Table label={t("estimate.overall")} columns={[
      [t("estimate.device")], [t("estimate.made"), "number"], [t("estimate.examined"), "number"],
      [t("estimate.leaks"), "number"], [t("estimate.rate"), "number"], [t("estimate.interval"), "number"],
    ]}>
      {of.map((row, i) => (
        <tr key={i}>
          <td>{row.device}{row.plan && <p className="small">{t("estimate.plan", { examine: row.plan.examine, of: row.plan.of })}</p>}</td>
          <td className="number">{number(row.made)}</td>
          <td className="number">{number(row.examined)}</td>
          <td className="number">{number(row.leaks)}</td>
          <td className="number">{row.examined > 0 ? share(row.rate) : "–"}</td>
          <td className="number">{share(row.low)} – {share(row.high)}</td>
        </tr>
      ))}
    </Table>
  );
}
