import { useState } from "react";
import type { Study } from "../../api/types";
import { Empty } from "../../ui/pieces";
import { date, t, word } from "../../words/words";
import { Card, modalities, nameOf } from "./Card";
import { anything, found, modalitiesOf, type Order, orders, type Wanted } from "./find";

const few = 4, page = 60; // studies: without a search, and at a time

// Found lists studies as cards, those that are looked for, a page at a time.
export function Found({ all }: { all: readonly Study[] }) {
  const [wanted, want] = useState(anything), [most, setMost] = useState(page);
  const fit = found(all, wanted, (study) => [nameOf(study), date(study.date), study.date, modalities(study)].join(" "));
  const change = (to: Partial<Wanted>): void => { want((was) => ({ ...was, ...to })); setMost(page); };
  return (
    <>
      {all.length > few && <Search all={all} wanted={wanted} onChange={change} />}
      {all.length > few && <p className="small" role="status">{t("studies.found", { n: fit.length })}</p>}
      {fit.length > 0 ? <ul className="cards">{fit.slice(0, most).map((study) => <Card key={study.id} study={study} />)}</ul> : <Empty>{t("studies.noneSo")}</Empty>}
      {fit.length > most && <button type="button" onClick={() => { setMost(most + page); }}>{t("studies.more")}</button>}
    </>
  );
}

function Search({ all, wanted, onChange }: { all: readonly Study[]; wanted: Wanted; onChange: (to: Partial<Wanted>) => void }) {
  return (
    <div className="tools" role="search">
      <label htmlFor="find-words">{t("studies.find")}</label>
      <input id="find-words" type="search" value={wanted.words} onChange={(event) => { onChange({ words: event.target.value }); }} />
      <select aria-label={t("study.modality")} value={wanted.modality} onChange={(event) => { onChange({ modality: event.target.value }); }}>
        <option value="">{t("studies.anyModality")}</option>
        {modalitiesOf(all).map((code) => <option key={code} value={code}>{word("modality", code)}</option>)}
      </select>
      <select aria-label={t("studies.order")} value={wanted.order} onChange={(event) => { onChange({ order: event.target.value as Order }); }}>
        {orders.map((code) => <option key={code} value={code}>{t(`studies.order.${code}`)}</option>)}
      </select>
    </div>
  );
}
