import { useEffect, useRef, useState } from "react";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { t, time } from "../../words/words";
import { QrCode } from "./QrCode";

// TheLink is a link that was made, and what it is. It is shown this once: nobody else has it.
export function TheLink({ address, endsAt }: { address: string; endsAt: string }) {
  const field = useRef<HTMLInputElement>(null), [copied, setCopied] = useState(false);
  useEffect(() => { field.current?.focus(); }, []);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
      announce(t("state.copied"));
    } catch { /* what is selected can be copied by hand: browsers lend the clipboard to secure origins only */ }
  };
  return (
    <section className="panel the-link">
      <p className="success" role="status">{t("share.made")}</p>
      <div className="link-row">
        <div className="stack">
          <div className="field">
            <label htmlFor="share-link">{t("share.link")}</label>
            <input id="share-link" ref={field} readOnly value={address} spellCheck={false} onFocus={(event) => { event.target.select(); }} />
          </div>
          <p className="on-paper"><code>{address}</code></p>
          <div className="tools">
            <button type="button" className="primary" onClick={() => void copy()}>{copied ? t("state.copied") : t("share.copy")}</button>
            <button type="button" onClick={() => { print(); }}>{t("share.print")}</button>
          </div>
          <p className="note">{t("share.once")}</p>
        </div>
        <QrCode of={address} />
      </div>
      <ul className="reasons">
        <li>{t("share.isWho")}</li>
        <li>{t("share.isBlind")}</li>
        <li>{t("share.isUntil", { time: time(endsAt) })}</li>
        <li>{t("share.isEnd")} <a href={to("shares")}>{t("share.listTitle")}</a></li>
      </ul>
    </section>
  );
}
