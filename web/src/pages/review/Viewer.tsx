import { type ReactNode, useState } from "react";
import type { ReviewBox, ReviewDetail } from "../../api/types";
import { useSession } from "../../app/session";
import { announce } from "../../ui/announce";
import { Said } from "../../ui/pieces";
import { Slider } from "../../ui/Slider";
import { t, word } from "../../words/words";
import { Decide } from "./Decide";
import { ForDevice } from "./ForDevice";
import type { Box } from "./geometry";
import { drawnIn, isFinal, marksOf } from "./marks";
import { Picture } from "./Picture";
import { why } from "./why";

const brightest = 12; // times

// Viewer shows both pictures of an item, takes boxes and the decision.
export function Viewer({ item, onChanged }: { item: ReviewDetail; onChanged: () => void }) {
  const { role } = useSession();
  const frames = Math.max(1, item.frames), open = !isFinal(item.state);
  const [frame, setFrame] = useState(Math.floor(frames / 2));
  const [passing, setPassing] = useState(frame); // the frame that the slider passes
  const [light, setLight] = useState(1);
  const [every, setEvery] = useState(true);
  const [drawn, setDrawn] = useState<readonly ReviewBox[]>([]);
  const onBox = (box: Box): void => {
    setDrawn([...drawn, drawnIn(box, frame, frames, every)]);
    announce(t("review.drawn", { n: drawn.length + 1 }));
  };
  return (
    <section className="panel">
      <State item={item} />
      <div className="sliders">
        {frames > 1 && (
          <span>
            <label htmlFor="frame">{t("review.frame")}</label>
            <Slider id="frame" to={frames - 1} at={passing} onMove={setPassing} onSettled={setFrame} />
            <output htmlFor="frame">{t("review.frameIs", { n: passing + 1, of: frames })}</output>
          </span>
        )}
        <span>
          <label htmlFor="light">{t("review.light")}</label>
          <Slider id="light" from={1} to={brightest} step={.5} at={light} onMove={setLight} />
        </span>
      </div>
      <div className="pictures">
        <Picture item={item} of="before" frame={frame} drawn={drawn} light={light} onBox={open ? onBox : undefined} />
        <Picture item={item} of="after" frame={frame} drawn={drawn} light={light} />
      </div>
      <Legend item={item} />
      {item.sample && <p className={item.stored ? "small" : "note"}>{t(item.stored ? "review.stored" : "review.anew")}</p>}
      {open && item.columns > 0 && <p className="small" id="draw-help">{t("review.help")}</p>}
      {open && frames > 1 && (
        <label className="choice" htmlFor="every">
          <input type="checkbox" id="every" checked={every} onChange={(event) => { setEvery(event.target.checked); }} /> {t("review.every")}
        </label>
      )}
      {open && !item.sample && item.persons > 1 && <p className="note">{t("review.persons", { n: item.persons })}</p>}
      <Boxes of={drawn} frames={frames} onDrop={(at) => { setDrawn(drawn.filter((_, i) => i !== at)); }} />
      {open && role === "clinician" && <ForDevice item={item} boxes={drawn} onMade={onChanged} />}
      {open ? <Decide item={item} drawn={drawn} onDecided={onChanged} /> : <p className="note">{t("review.ended")}</p>}
      <p className="small">{t(item.sample ? "review.nextSample" : "review.next")}</p>
    </section>
  );
}

const State = ({ item }: { item: ReviewDetail }): ReactNode => (
  <>
    <p><span className="chip">{word("reviewState", item.state)}</span> {why(item)}</p>
    <Said text={item.reasons.map(({ says }) => says).join("; ")} />
    {item.held.length > 0 && <p className="note">{t("review.held")} {item.held.map(({ reason }) => word("reason", reason)).join(t("review.semicolon"))}</p>}
  </>
);

const Legend = ({ item }: { item: ReviewDetail }) => (
  <ul className="marks">
    {[...new Set(marksOf(item).map(({ by }) => by))].map((by) => <li key={by} className={by}>{word("mark", by)}</li>)}
    {!isFinal(item.state) && <li className="mine">{t("review.mine")}</li>}
  </ul>
);

function Boxes({ of, frames, onDrop }: { of: readonly ReviewBox[]; frames: number; onDrop: (at: number) => void }) {
  if (of.length === 0) return null;
  return (
    <ul className="boxes">
      {of.map((box, i) => {
        const place = `${box.x0}, ${box.y0} – ${box.x1}, ${box.y1}`;
        return (
          <li key={i}>
            <span>{place} · {box.frame < 0 ? t("review.everyFrame") : t("review.frameIs", { n: box.frame + 1, of: frames })}</span>
            <button type="button" className="copy" aria-label={`${t("review.drop")}: ${place}`} onClick={() => { onDrop(i); }}>{t("review.drop")}</button>
          </li>
        );
      })}
    </ul>
  );
}
