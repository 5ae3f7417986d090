import { useAsked } from "../../api/ask";
import { list, part } from "../../api/client";
import type { Asset, Event } from "../../api/types";
import { Answer } from "../../ui/Answer";
import { Empty, Reasons, Said } from "../../ui/pieces";
import { clock, day, number, t, word } from "../../words/words";
import { byDay, runs } from "./days";
import { lookOf } from "./kinds";
import { reasonsOf } from "./trade";

const codeOf = (event: Event): string => event.code || event.type;

// Way is what happened to a study, step by step, as the node's log has it.
export function Way({ study, made, round }: { study: string; made: readonly Asset[]; round: number }) {
  const events = useAsked((signal) => list<Event>(`studies/${part(study)}/way`, signal), [study, round]);
  const withheld = reasonsOf(made);
  return (
    <Answer to={events}>
      {(all) => all.length === 0 ? <Empty>{t("way.none")}</Empty> : byDay(all, day).map(({ day: on, of }, i) => (
        <section key={i} className="day">
          <h3>{on}</h3>
          <ol className="way">{runs(of, codeOf).map((run) => <Step key={run[0]?.seq} of={run} withheld={withheld} />)}</ol>
        </section>
      ))}
    </Answer>
  );
}

const tellsReasons = new Set(["released", "release-refused"]);

// Step is what happened once, or several times running.
function Step({ of, withheld }: { of: readonly Event[]; withheld: Record<string, number> }) {
  const [first] = of, last = of.at(-1);
  if (!first || !last) return null;
  const code = codeOf(first), { kind, sign } = lookOf(code), count = of.reduce((sum, event) => sum + event.count, 0);
  return (
    <li data-kind={kind}>
      <svg className="sign" viewBox="0 0 24 24" aria-hidden="true"><path d={sign} /></svg>
      <div className="head">
        <h4>{word("event", code)}{count > 1 && <span className="times"> × {number(count)}</span>}</h4>
        <span><time dateTime={first.at}>{clock(first.at)}</time>{last !== first && <> – <time dateTime={last.at}>{clock(last.at)}</time></>}</span>
      </div>
      <p>{word("means", code)}</p>
      {tellsReasons.has(code) && Object.keys(withheld).length > 0 && <div><p>{t("release.withheld")}</p><Reasons of={withheld} /></div>}
      {last === first ? <div className="foot"><span>{entry(first)}</span><Said text={first.says} /></div> : <Each of={of} />}
    </li>
  );
}

const entry = (event: Event): string => t("way.entry", { seq: String(event.seq) });

// Each lists what is told as one.
const Each = ({ of }: { of: readonly Event[] }) => (
  <details className="small">
    <summary>{t("way.each")}</summary>
    <ul className="reasons">{of.map((event) => <li key={event.seq}>{clock(event.at)} · {entry(event)}{event.says && <> · <span lang="en">{event.says}</span></>}</li>)}</ul>
  </details>
);
