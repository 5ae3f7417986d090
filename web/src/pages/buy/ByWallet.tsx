import { useState } from "react";
import { part, post, remove } from "../../api/client";
import type { Payment, Purchase } from "../../api/types";
import { useWork } from "../../api/work";
import type { Wallet } from "../../signin/wallet";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Id } from "../../ui/Id";
import { Loading } from "../../ui/pieces";
import { coins } from "../../words/money";
import { t } from "../../words/words";
import { useWallets } from "../account/useWallets";
import { Wallets } from "../account/Wallets";
import { landed, PayError, send } from "./pay";

// ByWallet is a purchase that waits for an account of the buyer's own. The node makes the call,
// the wallet sends it, and the node goes on once it sees it on the chain.
export function ByWallet({ of, onPaid, onChanged }: { of: Purchase; onPaid: () => Promise<void>; onChanged: () => void }) {
  const wallets = useWallets(), [hash, setHash] = useState("");
  const { busy, failure, run } = useWork();
  const path = `purchases/${part(of.order)}/payment`;
  const pay = ({ provider }: Wallet): Promise<void> => run(async () => {
    setHash("");
    const sent = await send(provider, await post<Payment>(path, {}));
    setHash(sent);
    announce(t("pay.sent"));
    await landed(provider, sent);
    await onPaid();
  });
  const instead = (): Promise<void> => run(async () => {
    await remove<Purchase>(path);
    onChanged();
  });
  return (
    <div className="stack by-wallet">
      <p role="status">{t(hash ? "pay.sent" : "pay.waits")}</p>
      {hash && <Facts of={[[t("pay.hash"), <Id key="hash" of={hash} label={t("pay.hash")} />]]} />}
      {busy && <Loading />}
      {failure !== null && (failure instanceof PayError ? <div className="failure" role="alert"><strong>{t(`pay.why.${failure.reason}`)}</strong><p>{t(`pay.next.${failure.reason}`)}</p></div> : <Failure of={failure} />)}
      {(!hash || (failure instanceof PayError && failure.reason === "reverted")) && (wallets.length > 0 ? <><p>{t("pay.with", { price: coins(of.priceWei) })}</p><Wallets of={wallets} busy={busy} onPick={(wallet) => { void pay(wallet); }} /></> : <p className="note">{t("pay.none")}</p>)}
      <div className="tools">
        <button type="button" disabled={busy} onClick={() => void run(onPaid)}>{t("pay.look")}</button>
        {!hash && <button type="button" disabled={busy} onClick={() => void instead()}>{t("pay.instead")}</button>}
      </div>
    </div>
  );
}
