import { useId } from "react";
import type { Licence } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Tier } from "../../ui/pieces";
import { t, word } from "../../words/words";
import { lasting, ofLicence, purposes, uses } from "../trade/licence";
import { Onward, type Stage } from "./Sell";

const useDays = [0, 30, 90, 180, 365, 730], offerDays = [7, 30, 90, 180, 365];

// Terms chooses under what a copy goes: what for, what may be done with it, how long, and
// how long it can be bought.
export function Terms({ plan, change, next }: Stage) {
  const { licence } = plan.terms;
  const set = (part: Partial<Licence>): void => { change({ terms: { ...plan.terms, licence: { ...licence, ...part } } }); };
  return (
    <section className="panel terms-of">
      <p>{t("sell.terms.what")}</p>
      <OneOf legend={t("sell.terms.purpose")} all={purposes.map((code) => ({ code, what: word("licence.purpose", code), who: word("sell.terms.purpose", code) }))}
        chosen={licence.purpose} onChoose={(purpose) => { set({ purpose }); }} />
      <OneOf legend={t("sell.terms.use")} all={uses.map((code) => ({ code, what: word("licence.use", code), who: word("sell.terms.use", code) }))}
        chosen={licence.use} onChoose={(use) => { set({ use }); }} />
      <div className="tools lasting">
        <Days label={t("sell.terms.useDays")} all={useDays} chosen={licence.days} onChoose={(days) => { set({ days }); }} />
        <Days label={t("sell.terms.offerDays")} all={offerDays} chosen={plan.terms.offerDays} onChoose={(days) => { change({ terms: { ...plan.terms, offerDays: days } }); }} />
      </div>
      {licence.days > 0 && <p className="small">{t("sell.terms.over")}</p>}
      <h3>{t("sell.terms.sum")}</h3>
      <Facts of={[
        ...ofLicence(licence, t("sell.terms.untilEnd")),
        [t("sell.terms.profile"), t(plan.faces === "out" ? "sell.terms.defaced" : "sell.terms.usual")],
        [t("study.tier"), <span key="tier"><Tier code="T1" />{word("tier", "T1")}</span>],
        [t("sell.terms.buyers"), t("sell.terms.anyone", { days: lasting(plan.terms.offerDays, "") })],
      ]} />
      <p className="note">{t("sell.terms.limits")}</p>
      <Onward back={next("look")} to={next("price")} />
    </section>
  );
}

type Choice = { code: string; what: string; who: string };

function OneOf({ legend, all, chosen, onChoose }: { legend: string; all: readonly Choice[]; chosen: string; onChoose: (code: string) => void }) {
  const name = useId();
  return (
    <fieldset>
      <legend>{legend}</legend>
      {all.map(({ code, what, who }) => (
        <label key={code} className="choice">
          <input type="radio" name={name} checked={chosen === code} onChange={() => { onChoose(code); }} />
          <span><strong>{what}</strong><span className="small">{who}</span></span>
        </label>
      ))}
    </fieldset>
  );
}

// Days offers usual lengths, and the one that an address says.
function Days({ label, all, chosen, onChoose }: { label: string; all: readonly number[]; chosen: number; onChoose: (days: number) => void }) {
  const id = useId();
  return (
    <span>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={chosen} onChange={(event) => { onChoose(Number(event.target.value)); }}>
        {[...new Set([...all, chosen])].sort((a, b) => a - b).map((days) => <option key={days} value={days}>{lasting(days, t("sell.terms.noEnd"))}</option>)}
      </select>
    </span>
  );
}
