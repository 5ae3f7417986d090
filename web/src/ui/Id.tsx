import { useState } from "react";
import { announce } from "./announce";
import { t } from "../words/words";

// Id shows a long hash or address short, with a button that copies it whole.
export function Id({ of, label }: { of: string; label: string }) {
  const [copied, set] = useState(false);
  const says = copied ? t("state.copied") : t("state.copy");
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(of);
    set(true);
    announce(t("state.copied"));
    setTimeout(() => { set(false); }, 2000);
  };
  return (
    <span className="id">
      <code title={of}>{of.length > 20 ? `${of.slice(0, 10)}…${of.slice(-6)}` : of}</code>
      {/* Browsers lend the clipboard to secure origins only: https and this machine. */}
      {"clipboard" in navigator && <button type="button" className="copy" aria-label={`${says}: ${label}`} onClick={() => void copy()}>{says}</button>}
    </span>
  );
}
