import { useCallback, useEffect, useReducer, useRef } from "react";
import { useAsked } from "../../api/ask";
import { get, list, part } from "../../api/client";
import type { Record as Entry, Series, Study } from "../../api/types";
import { to, useRoute } from "../../app/route";
import { Answer } from "../../ui/Answer";
import { date, t, word } from "../../words/words";
import { nameOf } from "../studies/Card";
import { Choose } from "./Choose";
import { Done } from "./Done";
import { Look } from "./Look";
import { chosen, type Plan, reachable, read, type Step, steps, write } from "./plan";
import { Price } from "./Price";
import { Review } from "./Review";
import "./sell.css";
import { Terms } from "./Terms";
import { useOffer } from "./useOffer";

// Stage is what each step has before it: the study, what was chosen of it, and a way to
// choose otherwise.
export type Stage = {
  study: Study; all: readonly Series[]; some: readonly Series[]; records: readonly Entry[];
  plan: Plan; change: (plan: Partial<Plan>) => void; next: (step: Step) => string;
};

// Sell leads from a study to an offer, in steps.
export default function Sell({ id }: { id: string }) {
  const asked = useAsked(async (signal) => {
    const [study, records] = await Promise.all([get<Study>(`studies/${part(id)}`, signal), list<Entry>(`studies/${part(id)}/records`, signal)]);
    return { study, records };
  }, [id]);
  return (
    <div className="page sell">
      <a href={to()}>{t("sell.back")}</a>
      <Answer to={asked} title={t("sell.title")}>{({ study, records }) => <Steps key={study.id} study={study} records={records} />}</Answer>
    </div>
  );
}

function Steps({ study, records }: { study: Study; records: readonly Entry[] }) {
  const route = useRoute();
  const { step: wanted, plan } = read(route);
  const [, again] = useReducer((n: number) => n + 1, 0);
  // A choice changes the address in its place: no step is entered, and nothing moves.
  const change = useCallback((part: Partial<Plan>): void => {
    const now = read(location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent));
    history.replaceState(null, "", write(study.id, now.step, { ...now.plan, ...part }));
    again();
  }, [study.id]);
  const offer = useOffer(study.id);
  const all = study.seriesList ?? [];
  const some = chosen(all, plan);
  const step = wanted === "done" ? (plan.mark || offer.state.at !== "none" ? "done" : "review") : reachable(wanted, some.length > 0, plan) ? wanted : some.length > 0 ? "price" : "choose";
  const next = (to: Step): string => write(study.id, to, { ...plan, mark: "" });
  const stage: Stage = { study, all, some, records, plan, change, next };
  return (
    <>
      <div>
        <h1>{t("sell.title")}</h1>
        <p className="small">{[nameOf(study), date(study.date)].filter(Boolean).join(" · ")}</p>
      </div>
      <Trail at={step} some={some.length > 0} plan={plan} next={next} />
      <Heading key={step} of={step} />
      {step === "choose" && <Choose {...stage} />}
      {step === "look" && <Look {...stage} />}
      {step === "terms" && <Terms {...stage} />}
      {step === "price" && <Price {...stage} />}
      {step === "review" && <Review {...stage} onOffer={() => { offer.begin({ plan, series: some.map((one) => one.id) }); }} />}
      {step === "done" && <Done {...stage} offer={offer} />}
    </>
  );
}

// Heading is what a step is called. Who comes to the step is there.
function Heading({ of }: { of: Step }) {
  const at = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const soon = setTimeout(() => { at.current?.focus({ preventScroll: true }); }, 0); // after the shell has gone to the page
    return () => { clearTimeout(soon); };
  }, []);
  return <h2 className="step" tabIndex={-1} ref={at}>{t("sell.step", { n: steps.indexOf(of) + 1, of: steps.length, what: word("sell.step", of) })}</h2>;
}

// Trail is where one is, and what can be gone to.
function Trail({ at, some, plan, next }: { at: Step; some: boolean; plan: Plan; next: (step: Step) => string }) {
  return (
    <nav className="trail" aria-label={t("sell.steps")}>
      <ol>
        {steps.map((step) => (
          <li key={step} className={steps.indexOf(step) < steps.indexOf(at) ? "past" : undefined}>
            {at !== "done" && (step === at || reachable(step, some, plan))
              ? <a href={next(step)} aria-current={step === at ? "step" : undefined}>{word("sell.step", step)}</a>
              : <span aria-current={step === at ? "step" : undefined}>{word("sell.step", step)}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}

// Onward leads back and on.
export function Onward({ back, to: on, ready = true, why }: { back?: string; to: string; ready?: boolean; why?: string }) {
  return (
    <div className="row onward">
      {back ? <a className="button" href={back}>{t("sell.previous")}</a> : <span />}
      {ready ? <a className="button primary" href={on}>{t("sell.next")}</a> : <span className="tools"><span className="small">{why}</span><button type="button" className="primary" disabled>{t("sell.next")}</button></span>}
    </div>
  );
}
