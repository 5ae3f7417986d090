import { useId, useState } from "react";
import type { Series } from "../../api/types";
import { brief, number, t } from "../../words/words";
import { anything, fits, parts, times } from "./filter";

// Narrow chooses the series of a part of the body, or of a time, in one go. It is there
// where series differ in one of them; it hides nothing.
export function Narrow({ all, onChosen }: { all: readonly Series[]; onChosen: (ids: readonly string[]) => void }) {
  const [wanted, want] = useState(anything);
  const part = useId(), from = useId(), to = useId();
  const known = parts(all), range = times(all);
  if (known.length < 2 && !range) return null;
  const found = all.filter((one) => fits(one, wanted));
  return (
    <details className="narrow">
      <summary>{t("sell.narrow.title")}</summary>
      <div className="tools">
        {known.length > 1 && (
          <span><label htmlFor={part}>{t("sell.narrow.part")}</label>
            <select id={part} value={wanted.part} onChange={(event) => { want({ ...wanted, part: event.target.value }); }}>
              <option value="">{t("sell.narrow.any")}</option>
              {known.map((name) => <option key={name} value={name}>{brief(name)}</option>)}
            </select></span>
        )}
        {range && (
          <>
            <span><label htmlFor={from}>{t("sell.narrow.from")}</label><input id={from} type="datetime-local" min={range[0]} max={range[1]} value={wanted.from} onChange={(event) => { want({ ...wanted, from: event.target.value }); }} /></span>
            <span><label htmlFor={to}>{t("sell.narrow.to")}</label><input id={to} type="datetime-local" min={range[0]} max={range[1]} value={wanted.to} onChange={(event) => { want({ ...wanted, to: event.target.value }); }} /></span>
          </>
        )}
        <button type="button" disabled={found.length === 0} onClick={() => { onChosen(found.map((one) => one.id)); }}>{t("sell.narrow.choose", { n: found.length, of: number(all.length) })}</button>
      </div>
    </details>
  );
}
