import type { Wallet } from "../../signin/wallet";
import { t } from "../../words/words";

// Wallets are buttons, one for each wallet that is there. What a wallet calls itself is
// shown as text, apart from the page's own words whatever way it is written in.
export function Wallets({ of, busy, onPick }: { of: readonly Wallet[]; busy: boolean; onPick: (wallet: Wallet) => void }) {
  return (
    <ul className="wallets" aria-label={t("signIn.wallets")}>
      {of.map((wallet) => (
        <li key={wallet.id}>
          <button type="button" disabled={busy} onClick={() => { onPick(wallet); }}>
            {wallet.icon && <img src={wallet.icon} alt="" width="24" height="24" />}
            <bdi>{wallet.name}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
