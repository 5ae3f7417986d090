import { useEffect, useRef, useState } from "react";
import { useAsked } from "../../api/ask";
import { get, part, Problem, remove } from "../../api/client";
import type { Study } from "../../api/types";
import { to } from "../../app/route";
import { gather } from "../../share/gather";
import { ShareError } from "../../share/link";
import { Sending } from "../../share/send";
import { announce } from "../../ui/announce";
import { Answer } from "../../ui/Answer";
import { Failure } from "../../ui/Failure";
import { Back, Empty, Progress } from "../../ui/pieces";
import { bytes, date, t } from "../../words/words";
import { nameOf } from "../studies/Card";
import { type Choice, ShareForm } from "./ShareForm";
import { TheLink } from "./TheLink";
import "./share.css";

// Share shows a study to somebody by a link: what, until when, what for; then it is sealed
// here and sent; then there is the link.
export default function Share({ id }: { id: string }) {
  const study = useAsked((signal) => get<Study>(`studies/${part(id)}`, signal), [id]);
  return (
    <div className="page">
      <Back to={to("study", id)}>{study.data ? nameOf(study.data) : t("study.one")}</Back>
      <h1>{t("share.title")}</h1>
      <Answer to={study}>{(found) => (found.uid && (found.seriesList ?? []).length > 0 ? <Steps study={found} /> : <Empty>{t("view.none")}</Empty>)}</Answer>
    </div>
  );
}

type Done = { bytes: number; of: number };
type State = { step: "asking" } | { step: "sealing"; done: Done } | { step: "held"; failure: unknown } | { step: "made"; address: string; endsAt: string };

function Steps({ study }: { study: Study }) {
  const { state, begin, goOn, stop, drop } = useSending(study);
  switch (state.step) {
    case "asking": return <ShareForm study={study} onSubmit={(choice) => void begin(choice)} />;
    case "sealing": return (
      <section className="panel" aria-busy="true">
        <p>{state.done.of > 0 ? t("share.sealing", { done: bytes(state.done.bytes), all: bytes(state.done.of) }) : t("share.reading")}</p>
        <Progress label={t("share.reading")} of={{ done: state.done.bytes, total: state.done.of }} />
        <p className="small">{t("share.sealingWhat")}</p>
        <button type="button" onClick={stop}>{t("share.stop")}</button>
      </section>
    );
    case "held": return (
      <section className="panel">
        {state.failure === null ? <p className="note" role="status">{t("share.stopped")}</p> : <Why failure={state.failure} />}
        <div className="tools">
          <button type="button" className="primary" onClick={() => void goOn()}>{t("share.goOn")}</button>
          <button type="button" onClick={() => void drop()}>{t("share.drop")}</button>
        </div>
      </section>
    );
    case "made": return <TheLink address={state.address} endsAt={state.endsAt} />;
    default: return null;
  }
}

const Why = ({ failure }: { failure: unknown }) =>
  <Failure of={failure} {...(failure instanceof ShareError ? { heading: t("share.tooMuch") } : {})} safe={t("share.notMade")} />;

const day = 24 * 60 * 60 * 1000;

// useSending leads from what was chosen to the link. What was stopped or has failed can
// go on where it was, as long as this page is open.
function useSending(study: Study) {
  const [state, set] = useState<State>({ step: "asking" });
  const under = useRef<{ choice: Choice; stop: AbortController; sending?: Sending } | null>(null);
  useEffect(() => () => { under.current?.stop.abort(); }, []);
  const goOn = async (): Promise<void> => {
    const { current: now } = under;
    if (!now) return;
    now.stop = new AbortController();
    const { choice, stop: { signal } } = now;
    const show = (shown: State): void => { if (under.current === now && now.stop.signal === signal) set(shown); };
    show({ step: "sealing", done: { bytes: 0, of: 0 } });
    try {
      now.sending ??= await Sending.of(
        { study: study.id, purpose: choice.purpose, endsAt: new Date(Date.now() + choice.days * day).toISOString(), ...(choice.openings ? { openings: choice.openings } : {}) },
        { label: [study.description, date(study.date)].filter(Boolean).join(" · "), note: choice.note, series: await gather(study, choice.series, () => now.stop.signal) },
      );
      let told = 0;
      const made = await now.sending.run(signal, (done, of) => {
        if (performance.now() - told < 100 && done < of) return; // often enough to be seen
        told = performance.now();
        show({ step: "sealing", done: { bytes: done, of } });
      });
      show({ step: "made", address: now.sending.link.address(location.origin), endsAt: made.endsAt });
      announce(t("share.made"));
    } catch (error) {
      show({ step: "held", failure: signal.aborted ? null : error });
    }
  };
  return {
    state, goOn,
    begin: (choice: Choice): Promise<void> => {
      under.current = { choice, stop: new AbortController() };
      return goOn();
    },
    stop: (): void => { under.current?.stop.abort(); },
    // drop ends what was begun: the node forgets the parts that it has.
    drop: async (): Promise<void> => {
      const { sending } = under.current ?? {};
      try {
        if (sending) await remove(sending.path);
      } catch (error) {
        if (!(error instanceof Problem && error.status === 404)) { // it was not planned yet
          set({ step: "held", failure: error });
          return;
        }
      }
      under.current = null;
      set({ step: "asking" });
    },
  };
}
