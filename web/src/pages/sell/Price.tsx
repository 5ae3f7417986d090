import { useId } from "react";
import { coins } from "../../words/money";
import { percent, t, word } from "../../words/words";
import { alone, bps, isNumber, type Plan, shared, wei, works } from "./plan";
import { Onward, type Stage } from "./Sell";

// Price names what a buyer pays, and who gets it.
export function Price({ plan, some, change, next }: Stage) {
  const field = useId(), help = useId();
  const amount = wei(plan.price);
  const wrong = plan.price !== "" && amount === null;
  return (
    <form className="panel" onSubmit={(event) => {
      event.preventDefault();
      if (amount && shared(plan)) location.hash = next("review");
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
      <Together plan={plan} some={some} change={change} />
      <Split price={amount} plan={plan} />
      <p className="small">{t("sell.split.fixed")}</p>
      <Onward back={next("terms")} to={next("review")} ready={amount !== null && shared(plan)} why={t(amount === null ? "sell.price.first" : "sell.author.first")} />
    </form>
  );
}

// Together asks whether somebody shares in each sale, and who.
function Together({ plan, some, change }: Pick<Stage, "plan" | "some" | "change">) {
  const who = useId(), share = useId(), help = useId(), shareHelp = useId();
  const wrong = plan.author !== null && plan.author !== "" && !isNumber(plan.author);
  const wrongShare = plan.share !== "" && bps(plan.share) === null;
  return (
    <>
      <label className="choice">
        <input type="checkbox" checked={plan.author !== null} onChange={(event) => { change(event.target.checked ? { author: "" } : alone); }} />
        <span><strong>{t("sell.author.with")}</strong><span className="small">{t("sell.author.what")}</span></span>
      </label>
      {plan.author !== null && (
        <div className="stack">
          {(plan.work === "bone-model" || some.some(({ modality }) => modality === "CT")) && (
            <fieldset>
              <legend>{t("sell.author.adds")}</legend>
              {works.map((work) => <label key={work} className="choice"><input type="radio" name="work" checked={plan.work === work} onChange={() => { change({ work }); }} />{t(`sell.author.adds.${work}`)}</label>)}
            </fieldset>
          )}
          <label htmlFor={who}>{t("sell.author.number")}</label>
          <input id={who} autoComplete="off" spellCheck={false} value={plan.author} aria-describedby={help} aria-invalid={wrong}
            onChange={(event) => { change({ author: event.target.value.trim().toLowerCase().replace(/[^a-z2-7_]/g, "").slice(0, 28) }); }} />
          <p id={help} className={wrong ? "wrong" : "small"}>{t(wrong ? "sell.author.wrong" : "sell.author.help")}</p>
          <label htmlFor={share}>{t("sell.author.share")}</label>
          <input id={share} inputMode="decimal" autoComplete="off" placeholder="20" value={plan.share} aria-describedby={shareHelp} aria-invalid={wrongShare}
            onChange={(event) => { change({ share: event.target.value.replace(/[^\d.]/g, "").slice(0, 5) }); }} />
          <p id={shareHelp} className={wrongShare ? "wrong" : "small"}>{t(wrongShare ? "sell.author.wrongShare" : "sell.author.shareHelp")}</p>
        </div>
      )}
    </>
  );
}

// Split says who gets what of each sale.
export function Split({ price, plan }: { price: string | null; plan: Plan }) {
  const theirs = plan.author === null ? 0 : bps(plan.share) ?? 0;
  const part = (of: number): string | null => price && coins((BigInt(price) * BigInt(of) / 10_000n).toString());
  return (
    <ul className="split">
      <li><span className="bar" aria-hidden="true" /><span>{t("sell.split.you", { who: word("payee", "patient"), share: percent(10_000 - theirs) })}{price && <strong> {part(10_000 - theirs)}</strong>}</span></li>
      {theirs > 0 && <li><span className="bar" aria-hidden="true" /><span>{t("sell.split.author", { who: word("payee", "doctor"), share: percent(theirs) })}{price && <strong> {part(theirs)}</strong>}</span></li>}
    </ul>
  );
}
