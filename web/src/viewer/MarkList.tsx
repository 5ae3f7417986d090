import { t, time } from "../words/words";
import type { Desk } from "./desk";
import { bySays, linesOf } from "./marked";
import { isOn, type Measurement } from "./measure";
import { valueOf } from "./pixels";
import { valuesSay } from "./says";
import { placeOf } from "./places";
import { useSignal } from "./signal";
import type { Source } from "./stack";
import { Words } from "./Words";

// MarkList lists the measurements with their values, to be found and removed.
export function MarkList({ desk, onFind }: { desk: Desk; onFind: (mark: Measurement) => void }) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  if (desk.marks.length === 0) return null;
  return (
    <section className="mark-list" aria-label={t("view.marks")}>
      <h2>{t("view.marks")}</h2>
      <ol>
        {desk.marks.map((mark) => (
          <li key={mark.id} className={desk.selected === mark.id ? "selected" : undefined}>
            <button type="button" onClick={() => { onFind(mark); }}>
              <strong>{t(`view.tool.${mark.kind}`)}</strong> <span>{says(desk, mark).join(" · ")}</span>
              {mark.saved && <span className="small">{t("view.savedBy", { time: mark.saved.at && time(mark.saved.at), by: bySays(mark.saved) })}</span>}
            </button>
            {mark.saved?.own !== false && <button type="button" aria-label={t("view.removeMark", { kind: t(`view.tool.${mark.kind}`) })} onClick={() => { desk.drop(mark.id); }}>×</button>}
            {mark.kind === "text" && mark.saved?.own !== false && <Words desk={desk} mark={mark} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

// says measures on an image that is there: the mark's own if it is.
function says(desk: Desk, mark: Measurement): string[] {
  if (mark.kind === "text" && mark.saved?.own !== false) return []; // its words are there to be changed
  if (mark.saved?.own === false) return [...mark.saved.lines];
  for (const { source } of desk.tiles) {
    const at = source ? ownOf(source, mark) : -1, head = source?.heads[at];
    if (!source || !head) continue;
    const of = valueOf(head, source.tables(head)), suv = head.toSuv;
    return linesOf(mark, head, source.held(at), suv ? { of: (v) => of(v) * suv, unit: "SUV" } : { of, unit: head.unit });
  }
  return mark.saved ? valuesSay(mark.saved.values) : [];
}

function ownOf(source: Source, mark: Measurement): number {
  const own = placeOf(source, mark);
  return own >= 0 ? own : source.heads.findIndex((h) => isOn(mark, h));
}
