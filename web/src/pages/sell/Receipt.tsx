import { useEffect } from "react";
import type { Asset } from "../../api/types";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Token } from "../../ui/Token";
import { Reasons, Tier, type TierCode } from "../../ui/pieces";
import { coins, isSet } from "../../words/money";
import { number, percent, t, time, word } from "../../words/words";
import { ofLicence } from "../trade/licence";
import { OfferFile } from "../trade/OfferFile";
import type { Stage } from "./Sell";

// paper is the receipt as a file: what the chain and the offer say, and nothing of a person.
const paper = (made: Asset): string => JSON.stringify({
  kind: "sinso-receipt", version: 1, release: made.id, study: made.study, series: made.series, token: made.token, order: made.order, tx: made.tx,
  manifest: made.manifest, priceWei: made.priceWei, split: made.split, terms: made.terms, tier: made.tier, instances: made.instances, withheld: made.withheld, at: made.updated,
}, null, 1);

// Receipt is what a person keeps of an offer.
export function Receipt({ made, study }: Stage & { made: Asset }) {
  useEffect(() => { announce(t("sell.offered")); }, []);
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([paper(made)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `sinso-receipt-${made.id}.json`;
    link.click();
    setTimeout(() => { URL.revokeObjectURL(url); }, 1000);
  };
  const held = Object.keys(made.withheld).length > 0;
  return (
    <section className="panel receipt">
      <h3 className="success">{t("sell.offered")}</h3>
      <p>{t("sell.offered.what")}</p>
      <Facts of={[
        [t("release.price"), coins(made.priceWei)],
        ...ofLicence(made.terms.licence, t("sell.terms.untilEnd")),
        [t("licence.token"), t("sell.receipt.licence")],
        [t("release.instances"), number(made.instances)],
        [t("study.tier"), <span key="tier"><Tier code={made.tier as TierCode} />{word("tier", made.tier)}</span>],
        [t("release.token"), <Token key="token" of={made.token} />],
        [t("trade.order"), <Id key="order" of={made.order} label={t("trade.order")} />],
        [t("release.tx"), isSet(made.tx) && <Id key="tx" of={made.tx} label={t("release.tx")} />],
        [t("sell.receipt.time"), time(made.updated)],
        [t("sell.review.cost"), t("sell.review.nothing")],
      ]} />
      <ul className="split">{made.split.map((one) => <li key={one.payee}><span className="bar" aria-hidden="true" /><span>{word("payee", one.role)} <strong>{percent(one.bps)}</strong></span></li>)}</ul>
      {held && <div><p>{t("release.withheld")}</p><Reasons of={made.withheld} /></div>}
      {isSet(made.order) && <OfferFile order={made.order} />}
      <p className="small">{t("sell.endAccess")}</p>
      <div className="tools no-print">
        <a className="button primary" href={to("study", study.id)}>{t("sell.toStudy")}</a>
        <button type="button" onClick={save}>{t("sell.receipt.save")}</button>
        <button type="button" onClick={() => { print(); }}>{t("sell.receipt.print")}</button>
      </div>
    </section>
  );
}
