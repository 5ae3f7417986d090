import { useEffect, useState } from "react";
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
import { awaited, PayError, send } from "./pay";

// What became of a payment that will not come any more.
const gone: Readonly<Record<string, PayError["reason"]>> = { failed: "reverted", lost: "lost" };

// ByWallet is a purchase that waits for an account of the buyer's own. The node makes the call,
// the wallet sends it, and the node goes on once it sees it on the chain: onSeen is told so, onPaid
// that the person wants it to look.
export function ByWallet({ of, onSeen, onPaid, onChanged }: { of: Purchase; onSeen: () => Promise<void>; onPaid: () => Promise<void>; onChanged: () => void }) {
  const wallets = useWallets(), [sent, setSent] = useState(""), [state, setState] = useState("");
  const { busy, failure, run } = useWork();
  const hash = sent || of.sentTx, path = `purchases/${part(of.order)}/payment`;
  useEffect(() => {
    if (!hash) return;
    const leave = new AbortController();
    void awaited(path, hash, leave.signal, () => { if (hash !== of.sentTx) onChanged(); }).then((found) => {
      if (leave.signal.aborted) return;
      setState(found);
      if (found === "paid") void run(onSeen);
    });
    return () => { leave.abort(); };
  }, [hash, path]);
  const pay = ({ provider }: Wallet): Promise<void> => run(async () => {
    const given = await send(provider, await post<Payment>(path, {}));
    setState("");
    setSent(given);
    announce(t("pay.sent"));
  });
  const instead = (): Promise<void> => run(async () => {
    await remove<Purchase>(path);
    onChanged();
  });
  const why = failure instanceof PayError ? failure.reason : failure === null ? gone[state] : undefined;
  const open = !hash || gone[state] !== undefined; // nothing is on its way
  return (
    <div className="stack by-wallet">
      <p role="status">{t(open ? "pay.waits" : "pay.sent")}</p>
      {hash && <Facts of={[[t("pay.hash"), <Id key="hash" of={hash} label={t("pay.hash")} />]]} />}
      {busy && <Loading />}
      {why ? <div className="failure" role="alert"><strong>{t(`pay.why.${why}`)}</strong><p>{t(`pay.next.${why}`)}</p></div> : failure !== null && <Failure of={failure} />}
      {open && (wallets.length > 0 ? <><p>{t("pay.with", { price: coins(of.priceWei) })}</p><Wallets of={wallets} busy={busy} onPick={(wallet) => { void pay(wallet); }} /></> : <p className="note">{t("pay.none")}</p>)}
      <div className="tools">
        <button type="button" disabled={busy} onClick={() => void run(onPaid)}>{t("pay.look")}</button>
        {open && <button type="button" disabled={busy} onClick={() => void instead()}>{t("pay.instead")}</button>}
      </div>
    </div>
  );
}
