import type { Share } from "../../api/types";
import { Id } from "../../ui/Id";
import { percent, t, word } from "../../words/words";
import "./split.css";

// Split shows who gets how much of each sale. The words carry what the bar shows.
export const Split = ({ of }: { of: readonly Share[] }) => (
  <div className="split">
    <p>{t("release.split")}</p>
    <div className="bar" aria-hidden="true">{of.map(({ payee, role, bps }) => <div key={`${role} ${payee}`} style={{ flexGrow: bps }} />)}</div>
    <ul className="legend">
      {of.map(({ payee, role, bps }) => <li key={`${role} ${payee}`}><span>{word("payee", role)} <strong>{percent(bps)}</strong></span> <Id of={payee} label={word("payee", role)} /></li>)}
    </ul>
  </div>
);
