import { Facts } from "../../ui/Facts";
import { Tier } from "../../ui/pieces";
import { t, word } from "../../words/words";
import { Onward, type Stage } from "./Sell";

// Terms says under what a copy goes. All of it is fixed today: nothing here is asked that
// the node would not keep to.
export function Terms({ plan, next }: Stage) {
  return (
    <section className="panel">
      <p>{t("sell.terms.what")}</p>
      <Facts of={[
        [t("sell.terms.profile"), t(plan.faces === "out" ? "sell.terms.defaced" : "sell.terms.usual")],
        [t("study.tier"), <span key="tier"><Tier code="T1" />{word("tier", "T1")}</span>],
        [t("sell.terms.allowed"), t("sell.terms.may")],
        [t("sell.terms.forbidden"), t("sell.terms.mayNot")],
        [t("sell.terms.duration"), t("sell.terms.untilEnd")],
        [t("sell.terms.buyers"), t("sell.terms.anyone")],
      ]} />
      <p className="note">{t("sell.terms.limits")}</p>
      <Onward back={next("look")} to={next("price")} />
    </section>
  );
}
