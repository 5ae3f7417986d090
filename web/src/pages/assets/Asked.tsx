import { useState } from "react";
import { useAsked } from "../../api/ask";
import { follow, list, part } from "../../api/client";
import type { Asked as Ask, Asset, Done } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Id } from "../../ui/Id";
import { Panel } from "../../ui/Panel";
import { Progress } from "../../ui/pieces";
import { useConfirm } from "../../ui/useConfirm";
import { coins, isSet } from "../../words/money";
import { number, percent, t, time, word } from "../../words/words";
import { CallOff } from "../study/CallOff";
import { ofLicence } from "../trade/licence";

// Waiting tells an owner for whose answer a copy waits, and lets them call it off.
export const Waiting = ({ asset, onChanged }: { asset: Asset; onChanged: () => void }) => (
  <div className="stack">
    {asset.author && <p className="note">{t("author.waits", { who: word("payee", asset.author.role), share: percent(asset.author.bps), time: time(asset.author.until) })}</p>}
    <CallOff release={asset.id} onChanged={onChanged} />
  </div>
);

// Asks are what others ask of whoever is signed in, and the shares that they have.
export function Asks() {
  const asked = useAsked((signal) => list<Ask>("asks", signal), []);
  const all = asked.data ?? [];
  const open = all.filter((one) => one.state === "awaiting"), had = all.filter((one) => one.accepted).toReversed();
  return (
    <>
      {asked.failure !== undefined && <Failure of={asked.failure} />}
      {open.length > 0 && <Panel title={t("asks.title")}><p>{t("asks.what")}</p>{open.map((one) => <One key={one.release} ask={one} onChanged={asked.again} />)}</Panel>}
      {had.length > 0 && <Panel title={t("asks.had")}>{had.map((one) => <article key={one.release} className="copy-of"><About ask={one} /></article>)}</Panel>}
    </>
  );
}

const About = ({ ask }: { ask: Ask }) => (
  <Facts of={[
    [t("asks.share"), ask.unoffered ? t("asks.shareOfAny", { share: percent(ask.bps) }) : t("asks.shareIs", { share: percent(ask.bps), price: coins(ask.priceWei), amount: coins(ask.shareWei) })],
    [t("asks.as"), word("payee", ask.role)],
    [t("asks.work"), word("work", ask.work)],
    [t("asks.of"), [ask.modalities.map((code) => word("modality", code)).join(", "), t("studies.images", { n: ask.records })].filter(Boolean).join(" · ")],
    ...ofLicence(ask.terms.licence, t("licence.untilPerson")),
    [t("buy.panel"), isSet(ask.terms.panel) && <Id key="panel" of={ask.terms.panel ?? ""} label={t("buy.panel")} />],
    [t("asks.until"), ask.state === "awaiting" && time(ask.until)],
    [t("asks.agreed"), ask.accepted && t(ask.forAuthor ? "asks.forYou" : "asks.byYou", { time: time(ask.accepted) })],
    [t("asks.paid"), ask.accepted && coins(ask.paidWei)],
    [t("asks.ended"), ask.reason && word("reason", ask.reason)],
  ]} />
);

// One is a release that waits for an answer.
function One({ ask: asked, onChanged }: { ask: Ask; onChanged: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const [progress, setProgress] = useState<Done>();
  const answer = async (accept: boolean): Promise<void> => {
    const points = accept ? [t(asked.unoffered ? "asks.doesUnoffered" : "asks.does"), t("asks.fixed"), t("asks.public")] : [t("asks.declineDoes")];
    if (!await ask({ title: t(accept ? "asks.acceptAsk" : "asks.declineAsk"), points, action: t(accept ? "asks.accept" : "asks.decline") })) return;
    await run(async () => {
      await follow<Done, Ask>(`asks/${part(asked.release)}`, { accept }, setProgress);
      announce(t(!accept ? "asks.declined" : asked.unoffered ? "asks.acceptedUnoffered" : "asks.accepted"));
      onChanged();
    });
  };
  return (
    <article className="copy-of">
      <About ask={asked} />
      <div className="tools">
        <button type="button" className="primary" disabled={busy} onClick={() => void answer(true)}>{t("asks.accept")}</button>
        <button type="button" disabled={busy} onClick={() => void answer(false)}>{t("asks.decline")}</button>
      </div>
      {busy && <div className="stack"><p>{progress ? t("offer.progress", { done: number(progress.done), total: number(progress.total) }) : t("offer.working")}</p><Progress label={t("offer.working")} of={progress} /><p className="small">{t("sell.goesOn")}</p></div>}
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </article>
  );
}
