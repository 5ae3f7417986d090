import { useState } from "react";
import { part, text } from "../../api/client";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { save } from "../../ui/save";
import { t } from "../../words/words";

const digits = 12; // of an order's hash, in a file's name

// OfferFile hands the signed offer of an order over, to be given to a buyer.
export function OfferFile({ order }: { order: string }) {
  const { busy, failure, run } = useWork();
  const [copied, setCopied] = useState(false);
  const offer = (): Promise<string> => text(`orders/${part(order)}/offer`);
  const toFile = (): Promise<void> => run(async () => { save(`sinso-offer-${order.slice(2, 2 + digits)}.json`, await offer(), "application/json"); });
  const copy = (): Promise<void> => run(async () => {
    await navigator.clipboard.writeText(await offer());
    setCopied(true);
    announce(t("state.copied"));
  });
  return (
    <div className="stack no-print">
      <p className="small">{t("offerFile.what")}</p>
      <div className="tools">
        <button type="button" disabled={busy} onClick={() => void toFile()}>{t("offerFile.save")}</button>
        {/* Browsers lend the clipboard to secure origins only: https and this machine. */}
        {"clipboard" in navigator && <button type="button" disabled={busy} onClick={() => void copy()}>{copied ? t("state.copied") : t("offerFile.copy")}</button>}
      </div>
      {failure !== null && <Failure of={failure} />}
    </div>
  );
}
