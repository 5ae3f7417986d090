import { useId } from "react";
import { coins } from "../../words/money";
import { percent, t, word } from "../../words/words";
import { wei } from "./plan";
import { Onward, type Stage } from "./Sell";

// Price names what a buyer pays, and who gets it.
export function Price({ plan, change, next }: Stage) {
  const field = useId(), help = useId();
  const amount = wei(plan.price);
  const wrong = plan.price !== "" && amount === null;
  return (
    <form className="panel" onSubmit={(event) => {
      event.preventDefault();
      if (amount) location.hash = next("review");
    }}>
      <p>{t("sell.price.what")}</p>
      <div className="stack">
        <label htmlFor={field}>{t("offer.price")}</label>
        <input id={field} inputMode="decimal" autoComplete="off" placeholder="0.02" value={plan.price} aria-describedby={help} aria-invalid={wrong}
          onChange={(event) => { change({ price: event.target.value.replace(/[^\d.]/g, "").slice(0, 28) }); }} />
        <p id={help} className={wrong ? "wrong" : "small"}>{wrong ? t("sell.price.wrong") : t("offer.help")}</p>
      </div>
      <p className="note">{t("money.play")}</p>
      <h3>{t("release.split")}</h3>
      <Split price={amount} />
      <p className="small">{t("sell.split.fixed")}</p>
      <Onward back={next("terms")} to={next("review")} ready={amount !== null} why={t("sell.price.first")} />
    </form>
  );
}

// Split says who gets what of each sale.
export function Split({ price }: { price: string | null }) {
  return (
    <ul className="split">
      <li><span className="bar" aria-hidden="true" /><span>{t("sell.split.you", { who: word("payee", "patient"), share: percent(10_000) })}{price && <strong> {coins(price)}</strong>}</span></li>
    </ul>
  );
}
