import { part } from "../../api/client";
import type { Record as Entry, Series } from "../../api/types";
import { brief, date, number, t, word } from "../../words/words";
import { Film } from "./Film";
import { Narrow } from "./Narrow";
import { Onward, type Stage } from "./Sell";

// middle is the record of a series that stands for it: one with a picture if there is any.
export function middle(records: readonly Entry[], series: string): Entry | undefined {
  const of = records.filter((one) => one.series === series);
  const drawn = of.filter((one) => one.frames > 0);
  const from = drawn.length > 0 ? drawn : of;
  return from[Math.floor(from.length / 2)];
}

export const nameOfSeries = (one: Series): string => brief(one.description) || (one.modality ? word("modality", one.modality) : t("sell.series.unnamed"));

// at writes the day and time of a series.
const at = (one: Series): string => [date(one.date), one.date && one.time?.replace(/^(\d\d)(\d\d)$/, "$1:$2")].filter(Boolean).join(" ");

// Choose picks the series that may go. What is not chosen stays.
export function Choose({ all, some, records, change, next }: Stage) {
  const picked = new Set(some.map((one) => one.id));
  const pick = (ids: readonly string[]): void => { change({ series: ids.length === all.length ? null : ids }); };
  return (
    <section className="panel">
      <p>{t("sell.choose.what")}</p>
      <div className="row">
        <p role="status">{t("sell.choose.count", { n: number(some.length), of: number(all.length), images: number(some.reduce((sum, one) => sum + one.instances, 0)) })}</p>
        {all.length > 1 && (
          <div className="tools">
            <button type="button" onClick={() => { pick(all.map((one) => one.id)); }}>{t("sell.choose.all")}</button>
            <button type="button" onClick={() => { pick([]); }}>{t("sell.choose.none")}</button>
          </div>
        )}
      </div>
      <Narrow all={all} onChosen={pick} />
      <ul className="series">
        {all.map((one) => {
          const shown = middle(records, one.id);
          return (
            <li key={one.id}>
              <label className={picked.has(one.id) ? "picked" : undefined}>
                {shown && shown.frames > 0 ? <Film path={`records/${part(shown.id)}/thumbnail?size=256`} alt="" /> : <span className="film"><span>{t("sell.series.noPicture")}</span></span>}
                <span className="choice">
                  <input type="checkbox" checked={picked.has(one.id)} onChange={(event) => {
                    const on = event.target.checked;
                    pick(all.map((each) => each.id).filter((id) => (id === one.id ? on : picked.has(id))));
                  }} />
                  <span>
                    <strong>{nameOfSeries(one)}</strong>
                    <span className="small">{[one.modality, one.bodyPart && word("bodyPart", brief(one.bodyPart)), at(one), t("studies.images", { n: one.instances })].filter(Boolean).map((says) => <span key={says}>{says}</span>)}</span>
                  </span>
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      <p className="small">{t("sell.choose.rest")}</p>
      <Onward to={next("look")} ready={some.length > 0} why={t("sell.choose.nothing")} />
    </section>
  );
}
