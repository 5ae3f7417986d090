import { useId, useState } from "react";
import { useAsked } from "../../api/ask";
import { get, part } from "../../api/client";
import type { Record as Entry, RecordPreview } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { Said } from "../../ui/pieces";
import { number, t, word } from "../../words/words";
import { middle, nameOfSeries } from "./Choose";
import { Elements } from "./Elements";
import { Film } from "./Film";
import { type Plan, preset } from "./plan";
import { Onward, type Stage } from "./Sell";

// Look shows what a copy would have of each series, before and after, by the record in its
// middle. Nothing is made yet.
export function Look({ some, records, plan, change, next }: Stage) {
  const [at, go] = useState(0);
  const one = some[Math.min(at, some.length - 1)];
  const shown = one && middle(records, one.id);
  return (
    <>
      <section className="panel">
        <p>{t("sell.look.what")}</p>
        {some.length > 1 && (
          <div className="tools" role="group" aria-label={t("sell.look.series")}>
            {some.map((each, i) => <button key={each.id} type="button" aria-pressed={each === one} onClick={() => { go(i); }}>{nameOfSeries(each)}</button>)}
          </div>
        )}
        {shown && <Compare key={shown.id + plan.faces} record={shown} plan={plan} />}
        <label className="choice faces">
          <input type="checkbox" checked={plan.faces === "out"} onChange={(event) => { change({ faces: event.target.checked ? "out" : "in" }); }} />
          <span><strong>{t("sell.face.out")}</strong><span className="small">{t("sell.face.why")}</span></span>
        </label>
        <Onward back={next("choose")} to={next("terms")} />
      </section>
    </>
  );
}

// Compare shows one record as it is and as a copy would have it.
function Compare({ record, plan }: { record: Entry; plan: Plan }) {
  const profile = preset(plan) && `profile=${preset(plan)}`;
  const path = `records/${part(record.id)}/preview`;
  const asked = useAsked((signal) => get<RecordPreview>(`${path}?${profile}`, signal), [path, profile]);
  return <Answer to={asked}>{(found) => <Both found={found} path={path} profile={profile} out={plan.faces === "out"} />}</Answer>;
}

function Both({ found, path, profile, out }: { found: RecordPreview; path: string; profile: string; out: boolean }) {
  const [frame, show] = useState(Math.floor(Math.max(1, found.frames) / 2));
  const slider = useId();
  const frames = Math.max(1, found.frames);
  const marks = found.marks.filter((m) => m.frame < 0 || m.frame === frame);
  const picture = (side: string): string => `${path}/picture?${[profile, `side=${side}`, `frame=${frame}`, "size=768"].filter(Boolean).join("&")}`;
  const face = found.held.some((one) => one.reason === "face");
  const held = found.held.filter((one) => one.reason !== "face" || !out);
  const size = { columns: found.columns, rows: found.rows };
  return (
    <div className="stack">
      {found.face !== "none" && <p className="note"><strong>{word("sell.face", found.face)}</strong> {t(out ? "sell.face.taken" : "sell.face.stays")}</p>}
      {held.length > 0 && (
        <div className="failure">
          <strong>{t("sell.held")}</strong>
          <ul className="reasons">{held.map((one) => <li key={one.reason}>{word("reason", one.reason)}</li>)}</ul>
          <Said text={held.map((one) => one.says).join("; ")} />
        </div>
      )}
      {found.frames > 0 ? (
        <>
          <div className="sides">
            <figure><figcaption>{t("sell.before")}</figcaption><Film path={picture("before")} alt={t("sell.before.alt")} marks={marks} {...size} /></figure>
            <figure>
              <figcaption>{t("sell.after")}</figcaption>
              {face || found.elements.length === 0 ? <div className="film"><p>{t(face ? (out ? "sell.face.later" : "review.noFace") : "sell.after.none")}</p></div>
                : <Film path={picture("after")} alt={t("sell.after.alt")} marks={marks} {...size} />}
            </figure>
          </div>
          {frames > 1 && (
            <div className="tools">
              <label htmlFor={slider}>{t("review.frame")}</label>
              <input id={slider} type="range" min={0} max={frames - 1} value={frame} onChange={(event) => { show(Number(event.target.value)); }} />
              <output htmlFor={slider}>{t("review.frameIs", { n: number(frame + 1), of: number(frames) })}</output>
            </div>
          )}
          <ul className="marks">
            {[...new Set(found.marks.map((m) => m.by))].map((by) => <li key={by} className={by}>{word("mark", by)}</li>)}
            <li>{t(found.marks.length === 0 ? "sell.marks.none" : "sell.marks.bright")}</li>
          </ul>
        </>
      ) : <p className="empty">{t("sell.noPicture")}</p>}
      <Elements all={found.elements} />
    </div>
  );
}
