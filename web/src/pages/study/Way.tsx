import { useAsked } from "../../api/ask";
import { list, part } from "../../api/client";
import type { Asset, Event } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { Empty, Reasons, Said } from "../../ui/pieces";
import { clock, day, number, t, word } from "../../words/words";
import { byDay } from "./days";
import { lookOf } from "./kinds";
import { reasonsOf } from "./trade";

// Way is what happened to a study, step by step, as the node's log has it.
export function Way({ study, made, round }: { study: string; made: readonly Asset[]; round: number }) {
  const events = useAsked((signal) => list<Event>(`studies/${part(study)}/way`, signal), [study, round]);
  const withheld = reasonsOf(made);
  return (
    <Answer to={events}>
      {(all) => all.length === 0 ? <Empty>{t("way.none")}</Empty> : byDay(all, day).map(({ day: on, of }, i) => (
        <section key={i} className="day">
          <h3>{on}</h3>
          <ol className="way">{of.map((event) => <Step key={event.seq} event={event} withheld={withheld} />)}</ol>
        </section>
      ))}
    </Answer>
  );
}

const tellsReasons = new Set(["released", "release-refused"]);

function Step({ event, withheld }: { event: Event; withheld: Record<string, number> }) {
  const code = event.code || event.type;
  const { kind, sign } = lookOf(code);
  return (
    <li data-kind={kind}>
      <svg className="sign" viewBox="0 0 24 24" aria-hidden="true"><path d={sign} /></svg>
      <div className="head">
        <h4>{word("event", code)}{event.count > 1 && <span className="times"> × {number(event.count)}</span>}</h4>
        <time dateTime={event.at}>{clock(event.at)}</time>
      </div>
      <p>{word("means", code)}</p>
      {tellsReasons.has(code) && Object.keys(withheld).length > 0 && <div><p>{t("release.withheld")}</p><Reasons of={withheld} /></div>}
      <div className="foot"><span>{t("way.entry", { seq: String(event.seq) })}</span><Said text={event.says} /></div>
    </li>
  );
}
