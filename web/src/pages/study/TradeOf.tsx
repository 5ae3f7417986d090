import { useState } from "react";
import { part, remove } from "../../api/client";
import type { Granted, Order, Revoked } from "../../api/types";
import { useWork } from "../../api/work";
import { useSession } from "../../app/session";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Id } from "../../ui/Id";
import { Loading, Said } from "../../ui/pieces";
import { useConfirm } from "../../ui/useConfirm";
import { isSet } from "../../words/money";
import { t, time, word } from "../../words/words";
import { LicenceToken } from "../trade/LicenceToken";
import { Money } from "../trade/Money";
import { OfferFile } from "../trade/OfferFile";
import { Payouts } from "../trade/Payouts";

// says are the sentences of states that need one.
const says = { disputed: "trade.disputed.what", halved: "trade.halved.what" } as const;

// TradeOf is one offer of a release, and what came of it.
export function TradeOf({ order, grant, onChanged }: { order: Order; grant: Granted | undefined; onChanged: () => void }) {
  const { role } = useSession();
  return (
    <div className="trade stack">
      <h4>{t("trade.title", { state: word("trade", order.state) })}{order.revoked && <span className="badge T2">{t(order.over ? "trade.over" : "trade.revoked")}</span>}</h4>
      {order.state in says && <p className="note">{t(says[order.state as keyof typeof says])}</p>}
      <Facts of={[
        [t("trade.order"), <Id key="order" of={order.hash} label={t("trade.order")} />],
        [t("release.price"), <Money key="price" wei={order.priceWei} of={order.money} />],
        [t("trade.buyer"), isSet(order.buyer) && <Id key="buyer" of={order.buyer} label={t("trade.buyer")} />],
        [t("trade.since"), grant?.since && time(grant.since)],
        [t("licence.ends"), order.useEnds && time(order.useEnds)],
      ]} />
      {role === "owner" && !order.revoked && ["none", "offered"].includes(order.state) && <OfferFile order={order.hash} />}
      <Payouts of={order.payouts} money={order.money} />
      {order.state === "released" && order.trade && <LicenceToken id={order.trade} path={`orders/${part(order.hash)}`} />}
      {role === "owner" && (grant ? !grant.revoked : !order.revoked && ["none", "offered"].includes(order.state)) && <Revoke order={order.hash} onChanged={onChanged} />}
    </div>
  );
}

// Revoke ends the access that a buyer has.
export function Revoke({ order, onChanged }: { order: string; onChanged: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const [done, setDone] = useState<{ says?: string | undefined } | null>(null);
  const revoke = async (): Promise<void> => {
    const points = [t("revoke.does"), t("revoke.cannotCopies"), t("revoke.cannotChain"), t("revoke.cannotMoney")];
    if (!await ask({ title: t("revoke.title"), points, action: t("revoke.button") })) return;
    await run(async () => {
      const ended = await remove<Revoked>(`grants/${part(order)}`);
      announce(t("revoke.done"));
      setDone({ says: ended?.says });
    });
  };
  if (done) {
    return (
      <div className="stack">
        <p className="success">{t("revoke.done")}</p>
        <Said text={done.says} />
        <button type="button" onClick={onChanged}>{t("state.reload")}</button>
      </div>
    );
  }
  return (
    <div className="stack">
      <button type="button" className="danger" disabled={busy} onClick={() => void revoke()}>{t("revoke.button")}</button>
      {busy && <Loading />}
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </div>
  );
}
