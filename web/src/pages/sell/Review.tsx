import { useState } from "react";
import { useAsked } from "../../api/ask";
import { get, part } from "../../api/client";
import type { QualityReport, RiskReport } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { Confirm } from "../../ui/Confirm";
import { Facts } from "../../ui/Facts";
import { Tier } from "../../ui/pieces";
import { coins } from "../../words/money";
import { number, t, word } from "../../words/words";
import { Quality } from "../quality/Quality";
import { lasting, ofLicence } from "../trade/licence";
import { Alike } from "./Alike";
import { nameOfSeries } from "./Choose";
import { preset, wei } from "./plan";
import { Split } from "./Price";
import type { Stage } from "./Sell";

// Review says all of it once more: what goes, what the world will see for ever, what it
// costs, and what cannot be undone.
export function Review({ study, all, some, plan, next, onOffer }: Stage & { onOffer: () => void }) {
  const [asking, ask] = useState(false);
  const price = wei(plan.price);
  const query = [`series=${some.map((one) => one.id).join(",")}`, preset(plan) && `profile=${preset(plan)}`].filter(Boolean).join("&");
  const risk = useAsked((signal) => get<RiskReport>(`studies/${part(study.id)}/risk?${query}`, signal), [study.id, query]);
  const quality = useAsked((signal) => get<QualityReport>(`studies/${part(study.id)}/quality?${query}`, signal), [study.id, query]);
  const images = some.reduce((sum, one) => sum + one.instances, 0);
  return (
    <>
      <div className="columns">
        <section className="panel">
          <h3>{t("sell.review.goes")}</h3>
          <ul className="reasons">{some.map((one) => <li key={one.id}>{nameOfSeries(one)} <span className="small">{t("studies.images", { n: one.instances })}</span></li>)}</ul>
          <p className="small">{t("sell.review.upTo", { n: number(images) })} {some.length < all.length && t("sell.review.rest", { n: number(all.length - some.length) })}</p>
          <Facts of={[
            [t("release.price"), price && coins(price)],
            ...ofLicence(plan.terms.licence, t("sell.terms.untilEnd")),
            [t("sell.terms.buyers"), t("sell.terms.anyone", { days: lasting(plan.terms.offerDays, "") })],
            [t("sell.face.title"), t(plan.faces === "out" ? "sell.face.chosenOut" : "sell.face.chosenIn")],
            [t("study.tier"), <span key="tier"><Tier code="T1" />{word("tier", "T1")}</span>],
            [t("sell.review.cost"), t("sell.review.nothing")],
          ]} />
          <Split price={price} plan={plan} />
          {plan.author !== null && <p className="note">{t("sell.author.waits")}</p>}
        </section>
        <section className="panel">
          <h3>{t("sell.review.world")}</h3>
          <ul className="reasons seen">{["token", "commitment", "split", "price", "terms", "blocks"].map((key) => <li key={key}>{t(`sell.world.${key}`)}</li>)}</ul>
          <h3>{t("sell.review.never")}</h3>
          <ul className="reasons unseen-by-all">{["name", "dates", "place", "pictures"].map((key) => <li key={key}>{t(`sell.never.${key}`)}</li>)}</ul>
        </section>
      </div>
      <section className="panel">
        <h3>{t("risk.title")}</h3>
        <Answer to={risk}>{(found) => <Alike of={found} />}</Answer>
      </section>
      <section className="panel">
        <h3>{t("quality.title")}</h3>
        <p className="small">{t("quality.what")}</p>
        <Answer to={quality}>{(found) => <Quality of={found} />}</Answer>
      </section>
      <section className="panel">
        <h3>{t("sell.review.undo")}</h3>
        <ul className="reasons">{["token", "split", "copies"].map((key) => <li key={key}>{t(`sell.undo.${key}`)}</li>)}</ul>
        <p className="small">{t("sell.undo.end")}</p>
        <div className="row onward">
          <a className="button" href={next("price")}>{t("sell.previous")}</a>
          <button type="button" className="primary" disabled={!risk.data || risk.data.enough === false || quality.data?.enough === false} onClick={() => { ask(true); }}>{t("sell.offer")}</button>
        </div>
      </section>
      {asking && (
        <Confirm title={t("sell.confirm", { price: price ? coins(price) : "" })} points={[t(plan.author === null ? "sell.confirm.does" : "sell.author.does"), t("sell.confirm.stays"), t("offer.cannot")]} action={t("sell.offer")}
          onAnswer={(yes) => { ask(false); if (yes) onOffer(); }} />
      )}
    </>
  );
}
