import { useRef, useState } from "react";
import { follow, part } from "../../api/client";
import type { Purchase, Step } from "../../api/types";
import { useWork } from "../../api/work";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Id } from "../../ui/Id";
import { Token } from "../../ui/Token";
import { Panel } from "../../ui/Panel";
import { t, time, word } from "../../words/words";
import { LicenceToken } from "../trade/LicenceToken";
import { Money } from "../trade/Money";
import { Payouts } from "../trade/Payouts";
import { Verification } from "../trade/Verification";
import "./buy.css";
import { ByWallet } from "./ByWallet";
import { brought, inEscrow, isOver, span, stateOf, steps } from "./says";
import { Sale, Terms, Where, What } from "./Terms";

// Settling is a purchase on its way from this page: step is the last that was told.
export type Settling = { busy: boolean; step: string; failure: unknown; start: (path: string, offer?: Blob) => Promise<boolean> };

// useSettling pays for an offer, or goes on with a purchase. What was begun ends although
// the page is left: the node does it.
export function useSettling(): Settling {
  const { busy, failure, run } = useWork();
  const [step, set] = useState("");
  const start = async (path: string, offer?: Blob): Promise<boolean> => {
    let done = false;
    await run(async () => {
      set("");
      const ended = await follow<Step, Purchase>(path, offer, ({ step: at }) => { set(at); });
      set(ended.step);
      announce(word("step", ended.step));
      done = true;
    });
    return done;
  };
  return { busy, step, failure, start };
}

const digits = 10; // of an order that tell one purchase from another

// Deal is one purchase: how far it is, and what came of it.
export function Deal({ of, onChanged }: { of: Purchase; onChanged: () => void }) {
  const going = useSettling();
  const now: Purchase = going.busy ? { ...of, running: true, step: going.step || of.step } : of;
  const { step, running, offer, order } = now;
  const resume = async (): Promise<void> => {
    await going.start(`purchases/${part(order)}`);
    onChanged();
  };
  const went = useRef(false);
  const once = async (): Promise<void> => { // what fails is not tried again and again
    if (went.current) return;
    went.current = true;
    await resume();
  };
  const waits = now.byWallet && step === "planned" && !running;
  return (
    <Panel title={<>{word("step", step)} <span className="badge">{order.slice(0, digits)}</span></>} className="deal">
      {waits && <ByWallet of={now} onSeen={once} onPaid={resume} onChanged={onChanged} />}
      {!isOver(step) && !waits && <p role="status">{t(running ? "buy.running" : "buy.cutOff")}</p>}
      {!isOver(step) && <Steps of={now} />}
      {!isOver(step) && !waits && !running && <div><button type="button" className="primary" onClick={() => void resume()}>{t("buy.resume")}</button></div>}
      {inEscrow(step) && offer && <p className="note">{t("buy.refund", { span: span(offer.deliverWithin) })}</p>}
      {!running && going.failure !== null && <Failure of={going.failure} safe={t(inEscrow(step) ? "buy.safeEscrow" : waits ? "pay.safe" : "buy.nothing")} />}
      <Facts of={[
        [t("release.price"), <Money key="price" wei={now.priceWei} of={offer?.money} />],
        [t("release.token"), <Token key="token" of={now.token} />],
        [t("trade.order"), <Id key="order" of={order} label={t("trade.order")} />],
        [t("licence.ends"), now.useEnds && time(now.useEnds)],
        [t("release.updated"), time(now.updated)],
      ]} />
      {now.over && <p className="note">{t("buy.over")}</p>}
      {brought(step) && !now.over && <Take order={order} />}
      <Payouts of={now.payouts} money={offer?.money} />
      {step === "released" && now.trade && <LicenceToken id={now.trade} path={`purchases/${part(order)}`} />}
      {offer && <details><summary>{t("buy.more")}</summary><div className="stack"><h3>{t("buy.is")}</h3><What of={offer} /><h3>{t("buy.terms")}</h3><Terms of={offer} /><h3>{t("buy.sale")}</h3><Sale of={offer} /><h3>{t("buy.where")}</h3><Where of={offer} /></div></details>}
      {brought(step) && <Verification token={now.token} />}
    </Panel>
  );
}

// Steps is how far a purchase is.
const Steps = ({ of }: { of: Purchase }) => (
  <ol className="steps" aria-label={t("buy.steps")}>
    {steps.map((step) => {
      const state = stateOf(step, of);
      return <li key={step} data-state={state}><span className="sign" aria-hidden="true">{state === "done" ? "✓" : state === "doing" ? "…" : "○"}</span><span>{word("step", step)}<span className="unseen"> {t(`buy.state.${state}`)}</span></span></li>;
    })}
  </ol>
);

// Take is what can be done with what was bought.
const Take = ({ order }: { order: string }) => (
  <div className="stack">
    <div className="tools">
      <a className="button primary" href={to("bought", order)}>{t("buy.view")}</a>
      <a className="button" href={`/api/v1/purchases/${part(order)}/files`} download>{t("buy.files")}</a>
    </div>
    <p className="small">{t("buy.kept")}</p>
  </div>
);
