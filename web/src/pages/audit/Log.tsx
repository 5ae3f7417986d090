import { type FormEvent, useState } from "react";
import { useAsked } from "../../api/ask";
import { list, Problem } from "../../api/client";
import type { Event } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Answer } from "../../ui/Answer";
import { Failure } from "../../ui/Failure";
import { Id } from "../../ui/Id";
import { Panel } from "../../ui/Panel";
import { Empty, Loading } from "../../ui/pieces";
import { number, t, time, word } from "../../words/words";
import { Home } from "../home/Home";
import "./audit.css";
import { lookOf } from "../study/kinds";
import { actorOf, codeOf, meansOf, pageSize, pathOf, rows } from "./log";

// Log is who did what on this node, newest first.
export default function Log() {
  const [about, setAbout] = useState("");
  return (
    <Home>
      <Panel title={t("audit.title")}>
        <p className="prose">{t("audit.what")}</p>
        <Filter key={about} about={about} onAbout={setAbout} />
        <Pages key={`of ${about}`} about={about} onAbout={setAbout} />
      </Panel>
    </Home>
  );
}

type Filtered = { about: string; onAbout: (about: string) => void };

// Filter asks whom or what the events are to be about.
function Filter({ about, onAbout }: Filtered) {
  const [typed, type] = useState(about);
  const send = (event: FormEvent): void => { event.preventDefault(); onAbout(typed.trim()); };
  return (
    <form className="log-filter" role="search" aria-label={t("audit.filter")} onSubmit={send}>
      <label className="field"><span>{t("audit.about")}</span><input value={typed} spellCheck={false} autoComplete="off" maxLength={200} onChange={(event) => { type(event.target.value); }} /></label>
      <button type="submit">{t("audit.filter")}</button>
      {about && <button type="button" onClick={() => { onAbout(""); }}>{t("audit.all")}</button>}
    </form>
  );
}

// eventsOf is a page of the log. Whom the node does not know no entry is about.
const eventsOf = (about: string, before: number | undefined, signal?: AbortSignal): Promise<Event[]> =>
  list<Event>(pathOf(about, before), signal).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  });

// Pages is the newest page of the log, and what was asked for before it.
function Pages({ about, onAbout }: Filtered) {
  const first = useAsked((signal) => eventsOf(about, undefined, signal), [about]);
  const [older, setOlder] = useState<readonly (readonly Event[])[]>([]);
  const { busy, failure, run } = useWork();
  const reload = (): void => { setOlder([]); first.again(); };
  return (
    <Answer to={first}>
      {(newest) => {
        const pages = [newest, ...older], events = pages.flat(), last = events.at(-1);
        const more = (pages.at(-1)?.length ?? 0) === pageSize && last !== undefined && last.seq > 0;
        const next = (): Promise<void> => run(async () => {
          const found = await eventsOf(about, last?.seq);
          setOlder([...older, found]);
          announce(t("audit.shown", { n: events.length + found.length }));
        });
        if (events.length === 0) return <Empty>{t(about ? "audit.noneOf" : "audit.none")}</Empty>;
        return (
          <>
            <div className="row"><p className="small">{t("audit.shown", { n: events.length })}</p><button type="button" onClick={reload}>{t("studies.reload")}</button></div>
            <Events of={events} about={about} onAbout={onAbout} />
            {failure !== null && <Failure of={failure} />}
            {busy ? <Loading /> : more && <div><button type="button" onClick={() => void next()}>{t("audit.older")}</button></div>}
          </>
        );
      }}
    </Answer>
  );
}

const Events = ({ of, ...filtered }: Filtered & { of: readonly Event[] }) => (
  <ol className="log" aria-label={t("audit.title")}>{rows(of).map((run) => <Row key={run[0]?.seq} of={run} {...filtered} />)}</ol>
);

// whole writes a number of an entry, which is no amount.
const whole = (n: number): string => number(n, { useGrouping: false });

// Row is what was done once, or several times running.
function Row({ of, about, onAbout }: Filtered & { of: readonly Event[] }) {
  const [newest] = of, oldest = of.at(-1);
  if (!newest || !oldest) return null;
  const { person } = newest, { role, number: who } = actorOf(newest.actor), { kind, sign } = lookOf(codeOf(newest));
  return (
    <li data-kind={kind}>
      <svg className="sign" viewBox="0 0 24 24" aria-hidden="true"><path d={sign} /></svg>
      <div className="head">
        <h3>{word("event", codeOf(newest))}{of.length > 1 && <span className="times"> × {number(of.length)}</span>}</h3>
        <time dateTime={newest.at}>{time(newest.at)}</time>
      </div>
      <p className="small">{meansOf(codeOf(newest))}</p>
      <div className="foot">
        <span>{t("audit.by", { who: role })}{who && <> <code title={who}>{who.length > 16 ? `${who.slice(0, 10)}…` : who}</code></>}</span>
        {person && <span>{t("audit.of")} <Id of={person} label={t("audit.whose")} />{person !== about && <> <button type="button" className="copy" onClick={() => { onAbout(person); }}>{t("audit.only")}<span className="unseen"> {person}</span></button></>}</span>}
        <span>{t("audit.entry", { seq: of.length > 1 ? `${whole(oldest.seq)}–${whole(newest.seq)}` : whole(newest.seq) })}</span>
      </div>
      <details className="small"><summary>{t("state.original")}</summary><ul className="reasons" lang="en">{[...new Set(of.map((event) => event.says))].map((says) => <li key={says}>{says}</li>)}</ul></details>
    </li>
  );
}
