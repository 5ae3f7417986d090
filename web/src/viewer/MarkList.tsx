import { save } from "../ui/save";
import { t, time } from "../words/words";
import type { Desk } from "./desk";
import { bySays } from "./marked";
import { filedByHand, isOn, type Measurement, type Values, valuesOf } from "./measure";
import { valueOf } from "./pixels";
import { valuesSay } from "./says";
import { placeOf } from "./places";
import { useSignal } from "./signal";
import type { Source } from "./stack";
import { tableOf } from "./table";
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
      <button type="button" onClick={() => { save("measurements.csv", tableOf(desk.marks.map((mark) => ({ mark, values: valuesHere(desk, mark) }))), "text/csv"); }}>{t("view.marksTable")}</button>
    </section>
  );
}

// says what a mark measures, or of another program what that says.
function says(desk: Desk, mark: Measurement): string[] {
  if (mark.kind === "text" && mark.saved?.own !== false) return []; // its words are there to be changed
  if (mark.saved?.own === false) return [...mark.saved.lines];
  const values = valuesHere(desk, mark);
  return values ? valuesSay(values) : [];
}

// valuesHere are those measured on an image that is there, else those of the document.
function valuesHere(desk: Desk, mark: Measurement): Values | undefined {
  const filed = mark.saved?.own === false ? mark.saved.values : filedByHand(mark);
  if (filed) return filed;
  for (const { source } of desk.tiles) {
    const at = source ? ownOf(source, mark) : -1, head = source?.heads[at];
    if (!source || !head) continue;
    const of = valueOf(head, source.tables(head)), suv = head.toSuv;
    return valuesOf(mark, head, source.held(at), suv ? (v) => of(v) * suv : of, suv ? "SUV" : head.unit);
  }
  return mark.saved?.values;
}

function ownOf(source: Source, mark: Measurement): number {
  const own = placeOf(source, mark);
  return own >= 0 ? own : source.heads.findIndex((h) => isOn(mark, h));
}
