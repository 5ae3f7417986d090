import { type FormEvent, useState } from "react";
import type { Series, Study } from "../../api/types";
import { bytes, t } from "../../words/words";
import { seriesName } from "../../viewer/SeriesList";

export type Choice = { series: readonly Series[]; days: number; purpose: string; openings: number; note: string };

const lasting = [1, 7, 30]; // days
const purposes = ["TREAT", "COC", "PATRQT", "FAMRQT", "COVERAGE", "HLEGAL"]; // HL7 v3 ActReason
const mostOpenings = 1000, mostNote = 2000;

// ShareForm asks what is shown, until when, and what for.
export function ShareForm({ study, onSubmit }: { study: Study; onSubmit: (choice: Choice) => void }) {
  const all = study.seriesList ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(all.map((series) => series.id)));
  const [days, setDays] = useState(7);
  const [purpose, setPurpose] = useState("TREAT");
  const [openings, setOpenings] = useState("");
  const [note, setNote] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const series = all.filter(({ id }) => chosen.has(id));
    if (series.length > 0) onSubmit({ series, days, purpose, openings: Number(openings), note: note.trim() });
  };
  return (
    <form className="panel share-form" onSubmit={submit}>
      <p className="prose">{t("share.what")}</p>
      <SeriesChoice all={all} chosen={chosen} onChange={setChosen} />
      <p className="small">{t("share.size", { size: bytes(study.bytes) })}</p>
      <fieldset>
        <legend>{t("share.until")}</legend>
        <div className="tools">
          {lasting.map((n) => <label key={n} className="choice"><input type="radio" name="days" checked={days === n} onChange={() => { setDays(n); }} />{t("share.days", { n })}</label>)}
        </div>
      </fieldset>
      <div className="field">
        <label htmlFor="share-purpose">{t("share.for")}</label>
        <select id="share-purpose" value={purpose} onChange={(event) => { setPurpose(event.target.value); }}>
          {purposes.map((code) => <option key={code} value={code}>{t(`share.purpose.${code}`)}</option>)}
        </select>
      </div>
      <div className="field">
        <label htmlFor="share-openings">{t("share.limit")}</label>
        <input id="share-openings" type="number" min={1} max={mostOpenings} step={1} aria-describedby="share-limit" value={openings} onChange={(event) => { setOpenings(event.target.value); }} />
        <p className="small" id="share-limit">{t("share.limitHelp")}</p>
      </div>
      <div className="field">
        <label htmlFor="share-note">{t("share.note")}</label>
        <textarea id="share-note" rows={3} maxLength={mostNote} aria-describedby="share-note-help" value={note} onChange={(event) => { setNote(event.target.value); }} />
        <p className="small" id="share-note-help">{t("share.noteHelp")}</p>
      </div>
      <button className="primary" disabled={chosen.size === 0}>{t("share.make")}</button>
    </form>
  );
}

function SeriesChoice({ all, chosen, onChange }: { all: readonly Series[]; chosen: ReadonlySet<string>; onChange: (chosen: ReadonlySet<string>) => void }) {
  const turn = (id: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset>
      <legend>{t("share.series", { n: chosen.size, all: all.length })}</legend>
      <ul className="choices-of">
        {all.map((series) => (
          <li key={series.id}>
            <label className="choice"><input type="checkbox" checked={chosen.has(series.id)} onChange={(event) => { turn(series.id, event.target.checked); }} />
              <span>{seriesName(series)} <span className="small">{t("studies.images", { n: series.instances })}</span></span></label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
