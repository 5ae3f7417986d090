import { t } from "../words/words";
import type { Desk } from "./desk";
import { isOn, type Measurement, valuesOf } from "./measure";
import { valueOf } from "./pixels";
import { valuesSay } from "./says";
import { useSignal } from "./signal";
import type { Source } from "./stack";

// MarkList lists the measurements with their values, to be found and removed.
export function MarkList({ desk }: { desk: Desk }) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  if (desk.marks.length === 0) return null;
  return (
    <section className="mark-list" aria-label={t("view.marks")}>
      <h2>{t("view.marks")}</h2>
      <ol>
        {desk.marks.map((mark) => (
          <li key={mark.id} className={desk.selected === mark.id ? "selected" : undefined}>
            <button type="button" onClick={() => { desk.find(mark); }}>
              <strong>{t(`view.tool.${mark.kind}`)}</strong> <span>{says(desk, mark).join(" · ")}</span>
            </button>
            <button type="button" aria-label={t("view.removeMark", { kind: t(`view.tool.${mark.kind}`) })} onClick={() => { desk.drop(mark.id); }}>×</button>
          </li>
        ))}
      </ol>
      <p className="small">{t("view.marksKept")}</p>
    </section>
  );
}

// says measures on an image that is there: the mark's own if it is.
function says(desk: Desk, mark: Measurement): string[] {
  for (const { source } of desk.tiles) {
    const at = source ? ownOf(source, mark) : -1, head = source?.heads[at];
    if (!source || !head) continue;
    const of = valueOf(head, source.tables(head)), suv = head.toSuv;
    return valuesSay(valuesOf(mark, head, source.held(at), suv ? (v) => of(v) * suv : of, suv ? "SUV" : head.unit));
  }
  return [];
}

function ownOf(source: Source, mark: Measurement): number {
  const own = source.heads.findIndex((h) => h.instance !== "" && h.instance === mark.instance && h.frame === mark.frame);
  return own >= 0 ? own : source.heads.findIndex((h) => isOn(mark, h));
}
