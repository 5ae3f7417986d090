import { useState } from "react";
import { get, part } from "../../api/client";
import type { Proven, Verification as Found } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { Loading, Said } from "../../ui/pieces";
import { t, word } from "../../words/words";
import "./trade.css";

const verdict = (found: Found): string => found.ok ? t("verify.ok") : t("verify.failed", { piece: word("piece", found.piece ?? "") });

// Verification is the walk back from a token, and what proves each step of it.
export function Verification({ token }: { token: string }) {
  const [found, setFound] = useState<Found | null>(null);
  const { busy, failure, run } = useWork();
  const verify = (): Promise<void> => run(async () => {
    setFound(null);
    const answer = await get<Found>(`tokens/${part(token)}/verification`);
    setFound(answer);
    announce(verdict(answer));
  });
  return (
    <div className="stack">
      <button type="button" disabled={busy} onClick={() => void verify()}>{t("verify.button")}</button>
      <p className="small">{t("verify.what")}</p>
      {busy && <Loading />}
      {failure !== null && <Failure of={failure} />}
      {found && <p className={found.ok ? "success" : "failure"}><strong>{verdict(found)}</strong></p>}
      {found && <ol className="proofs">{found.steps.map((step) => <Passed key={step.piece} {...step} />)}{!found.ok && <Failed {...found} />}</ol>}
    </div>
  );
}

// The chain is asked last and may be out of reach: then nothing proves that step, and
// nothing rests on it.
function Passed({ piece, says, by }: Proven) {
  const asked = by !== "nothing";
  return (
    <li className={asked ? "" : "unasked"}>
      <strong><span className="sign">{asked ? "✓" : "○"}</span> {word("piece", piece)}</strong>
      <p className="small">{asked ? t("verify.by", { proof: word("proof", piece) }) : t("verify.unasked")}</p>
      <Said text={`${says} (${by})`} />
    </li>
  );
}

const Failed = ({ piece = "", error }: Found) => (
  <li className="bad">
    <strong><span className="sign">✗</span> {word("piece", piece)}</strong>
    <p>{t("verify.stopped")}</p>
    <Said text={error} />
  </li>
);
