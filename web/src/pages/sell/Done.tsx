import { useEffect } from "react";
import { useAsked } from "../../api/ask";
import { get, list, part, Problem } from "../../api/client";
import type { Asset } from "../../api/types";
import { to } from "../../app/route";
import { Answer } from "../../ui/Answer";
import { Failure } from "../../ui/Failure";
import { Reasons, Said } from "../../ui/pieces";
import { number, t, word } from "../../words/words";
import { Waiting } from "../assets/Asked";
import { alone, write } from "./plan";
import { isCalledOff } from "../study/CallOff";
import { Receipt } from "./Receipt";
import type { Stage } from "./Sell";
import { type Offer, ofPart, type State } from "./useOffer";

// Done is what becomes of a release that was asked for: the wait in which it can be undone,
// the work, and its end.
export function Done({ offer, ...stage }: Stage & { offer: Offer }) {
  const { state } = offer;
  if (state.at === "waiting") {
    return (
      <section className="panel">
        <p role="status"><strong>{t("sell.waiting", { n: number(state.left) })}</strong></p>
        <p className="small">{t("sell.waiting.what")}</p>
        <button type="button" onClick={offer.undo}>{t("sell.undo")}</button>
      </section>
    );
  }
  if (state.at === "working") return <section className="panel"><Working {...state} /></section>;
  if (state.at === "failed") {
    return (
      <section className="panel">
        <Failure of={state.failure} heading={state.failure instanceof Problem && state.failure.status === 429 ? t("sell.many") : undefined} safe={t("sell.failed")} />
        <a className="button" href={stage.next("review")}>{t("sell.again")}</a>
      </section>
    );
  }
  return <Later {...stage} />;
}

function Working({ done, total }: { done: number; total: number }) {
  const says = total > 0 && done >= total ? t("sell.minting") : total > 0 ? t("offer.progress", { done: number(done), total: number(total) }) : t("offer.working");
  return (
    <div className="stack">
      <p>{says}</p>
      {total > 0 ? <progress aria-label={t("offer.working")} max={total} value={done} /> : <progress aria-label={t("offer.working")} />}
      <p className="small">{t("sell.goesOn")}</p>
    </div>
  );
}

const every = 1500; // ms between two looks at a release that another page, or an earlier one, asked for

// Later finds a release by what the address says of it: its id, or how many there were
// before it.
function Later(stage: Stage) {
  const { study, some, plan } = stage;
  const named = plan.mark.startsWith("r_");
  const asked = useAsked(async (signal): Promise<Asset | null> => {
    if (named) return get<Asset>(`assets/${part(plan.mark)}`, signal);
    const made = ofPart(await list<Asset>("assets", signal), study.id, some.map((one) => one.id));
    return made.length > Number(plan.mark) ? (made.sort((a, b) => a.updated.localeCompare(b.updated)).at(-1) ?? null) : null;
  }, [study.id, plan.mark]);
  const found = asked.data;
  const ended = found?.state === "refused" || found?.state === "awaiting" || found?.order;
  const { again, loading } = asked;
  useEffect(() => {
    if (ended || loading) return;
    const soon = setTimeout(again, every);
    return () => { clearTimeout(soon); };
  }, [ended, loading, again]);
  return (
    <Answer to={asked}>
      {(made) => made === null ? (
        <section className="panel">
          <p>{t("sell.notBegun")}</p>
          <a className="button" href={stage.next("review")}>{t("sell.again")}</a>
        </section>
      ) : <End {...stage} made={made} onChanged={again} />}
    </Answer>
  );
}

function End({ made, onChanged, ...stage }: Stage & { made: Asset; onChanged: () => void }) {
  if (made.state === "awaiting") return <section className="panel"><Waiting asset={made} onChanged={onChanged} /></section>;
  if (made.state === "refused") {
    return (
      <section className="panel">
        <div className="failure"><strong>{isCalledOff(made) ? t("release.calledOff") : t("sell.refused")}</strong><p>{word("reason", made.reason)}</p><Said text={made.explain} /></div>
        {made.author
          ? <a className="button primary" href={write(stage.study.id, "review", { ...stage.plan, mark: "", ...alone })}>{t("author.without")}</a>
          : <p>{t("sell.refused.stays")}</p>}
        <Reasons of={made.withheld} />
        <div className="row onward"><a className="button" href={stage.next("choose")}>{t("sell.otherwise")}</a><a href={to("study", stage.study.id)}>{t("sell.toStudy")}</a></div>
      </section>
    );
  }
  if (made.order) return <Receipt {...stage} made={made} />;
  const state: Extract<State, { at: "working" }> = { at: "working", done: made.state === "planned" ? 0 : 1, total: made.state === "planned" ? 0 : 1 };
  return <section className="panel"><Working {...state} /></section>;
}
