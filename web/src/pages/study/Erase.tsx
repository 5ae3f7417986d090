import { useState } from "react";
import type { Study } from "../../api/types";
import { useWork } from "../../api/work";
import { Dialog } from "../../ui/Dialog";
import { Failure } from "../../ui/Failure";
import { Panel } from "../../ui/Panel";
import { Progress, Said } from "../../ui/pieces";
import { amount, isSet } from "../../words/money";
import { t } from "../../words/words";
import { erase, type Erasure, isMoney, type Money, moneyOf, nextOf } from "./erasure";
import { askTrade, type Trade } from "./trade";

type Props = { study: Study; trade: Trade | undefined; onErased: (erasure: Erasure) => void };

// Erase offers its owner to have a study destroyed.
export function Erase(props: Props) {
  const [asks, ask] = useState(false);
  return (
    <Panel title={t("erase.title")}>
      <p className="prose">{t("erase.what")}</p>
      <button type="button" className="danger" onClick={() => { ask(true); }}>{t("erase.button")}</button>
      {asks && <Asking {...props} onCancel={() => { ask(false); }} />}
    </Panel>
  );
}

const none: Money = { underWay: false, paid: [] };

// useErasing erases, and finds out which money it was that the node refused for.
function useErasing({ study, trade, onErased }: Props) {
  const { busy, failure, run } = useWork();
  const [found, find] = useState<Money | null>(null);
  const money = found ?? (trade ? moneyOf(trade) : none);
  const begin = (leave: boolean): Promise<void> => run(async () => {
    try {
      onErased(await erase(study.id, leave));
    } catch (error) {
      if (isMoney(error)) await askTrade(study.person, study.id).then((now) => { find(moneyOf(now)); }, () => { /* as it was known */ });
      throw error;
    }
  });
  return { busy, failure, money, begin };
}

function Asking({ onCancel, ...props }: Props & { onCancel: () => void }) {
  const { busy, failure, money, begin } = useErasing(props);
  const [sure, setSure] = useState(false);
  const [leave, setLeave] = useState(false);
  const owed = money.paid.length > 0 || isMoney(failure) && !money.underWay; // something may be lost
  const title = t(busy ? "erase.working" : "erase.ask");
  return (
    <Dialog title={title} fromTop onCancel={() => { if (!busy) onCancel(); }}>
      {busy ? <div className="stack" aria-busy="true"><Progress label={title} /><p>{t("erase.workingWhat")}</p></div> : (
        <form onSubmit={(event) => { event.preventDefault(); void begin(owed && leave); }}>
          {failure !== null && <Refused of={failure} money={money} />}
          <Points sold={(props.trade?.assets ?? []).some((asset) => isSet(asset.token))} />
          {money.underWay && !isMoney(failure) && <p className="note">{t("erase.underWay")}</p>}
          {!isMoney(failure) && money.paid.map(({ units, money: of }) => <p key={of?.currency ?? ""} className="note">{t("erase.paid", { amount: amount(String(units), of) })}</p>)}
          {owed && <Tick words={t("erase.leave")} on={leave} onChange={setLeave} />}
          <Tick words={t("erase.sure")} on={sure} onChange={setSure} />
          <div className="row end">
            <button type="button" onClick={onCancel}>{t("state.cancel")}</button>
            <button className="danger" disabled={!sure || owed && !leave}>{t("erase.button")}</button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

const Points = ({ sold }: { sold: boolean }) => (
  <ul>
    <li>{t("erase.shown")}</li>
    <li>{t("erase.nobody")}</li>
    <li>{t("erase.mayWait")}</li>
    <li>{t("erase.keep")}</li>
    <li>{t("erase.stays")}</li>
    {sold && <li>{t("erase.chain")}</li>}
  </ul>
);

const Tick = ({ words, on, onChange }: { words: string; on: boolean; onChange: (on: boolean) => void }) => (
  <label className="choice"><input type="checkbox" checked={on} onChange={(event) => { onChange(event.target.checked); }} />{words}</label>
);

// Refused says why nothing is erased yet, and what can be done.
function Refused({ of, money }: { of: unknown; money: Money }) {
  if (!isMoney(of)) {
    const next = nextOf(of);
    return <Failure of={of} {...(next === undefined ? {} : { safe: next })} />;
  }
  return (
    <div className="failure" role="alert">
      <strong>{t("erase.notYet")}</strong>
      <p>{t(money.underWay ? "erase.waitForMoney" : "erase.leaveMoney")}</p>
      <Said text={of.detail} />
    </div>
  );
}
