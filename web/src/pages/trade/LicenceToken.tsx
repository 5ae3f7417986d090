import { useState } from "react";
import { get } from "../../api/client";
import type { PaidLicence } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Id } from "../../ui/Id";
import { Loading } from "../../ui/pieces";
import { t, time, word } from "../../words/words";
import "./trade.css";

// standingOf is how a licence stands on the chain.
export const standingOf = ({ revoked, over }: PaidLicence): "revoked" | "over" | "holds" => (revoked ? "revoked" : over ? "over" : "holds");

// LicenceToken is the licence that a trade brought its buyer: its number, and how it stands on
// the chain when somebody asks. path is the trade's, where the node is asked.
export function LicenceToken({ id, path }: { id: string; path: string }) {
  const [found, setFound] = useState<PaidLicence | null>(null);
  const { busy, failure, run } = useWork();
  const look = (): Promise<void> => run(async () => {
    setFound(null);
    const answer = await get<PaidLicence>(`${path}/licence`);
    setFound(answer);
    announce(word("licence.stands", standingOf(answer)));
  });
  return (
    <div className="licence stack">
      <Facts of={[[t("licence.token"), <Id key="id" of={id} label={t("licence.token")} />]]} />
      <p className="small">{t("licence.token.what")}</p>
      <div className="no-print"><button type="button" disabled={busy} onClick={() => void look()}>{t("licence.ask")}</button></div>
      {busy && <Loading />}
      {failure !== null && <Failure of={failure} />}
      {found && <Stands of={found} />}
    </div>
  );
}

function Stands({ of }: { of: PaidLicence }) {
  const state = standingOf(of);
  return (
    <>
      <p className={state === "holds" ? "success" : "note"}><strong>{word("licence.stands", state)}</strong></p>
      <Facts of={[
        [t("licence.for"), of.purpose ? word("licence.purpose", of.purpose) : t("licence.otherPurpose")],
        [t("licence.until"), of.until ? time(of.until) : t("licence.noEnd")],
        [t("licence.onward"), t(of.transferable ? "licence.onward.yes" : "licence.onward.no")],
        [t("licence.holder"), <Id key="owner" of={of.owner} label={t("licence.holder")} />],
      ]} />
    </>
  );
}
