import { useAsked } from "../../api/ask";
import { list } from "../../api/client";
import type { Credential } from "../../api/types";
import { to, useRoute } from "../../app/route";
import { passkeysWork } from "../../signin/passkey";
import { t } from "../../words/words";

// Offer tells who came in by a token, and has nothing else, that a passkey can take its
// place. It stands where a role begins only, and goes when it was seen.
export function Offer({ onDone }: { onDone: () => void }) {
  const home = useRoute().length === 0;
  const has = useAsked((signal) => list<Credential>("credentials", signal), []);
  if (!home || has.data?.length !== 0 || passkeysWork() !== true) return null;
  return (
    <aside className="offer" aria-label={t("account.offer")}>
      <p>{t("account.offerWhat")}</p>
      <div className="tools">
        <a className="button" href={to("account")} onClick={onDone}>{t("account.addPasskey")}</a>
        <button type="button" onClick={onDone}>{t("account.notNow")}</button>
      </div>
    </aside>
  );
}
