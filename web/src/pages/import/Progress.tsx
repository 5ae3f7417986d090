import { useEffect, useState, useSyncExternalStore } from "react";
import type { UploadTotals, UploadView } from "../../api/types";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { Panel } from "../../ui/Panel";
import { Progress, Reasons } from "../../ui/pieces";
import { bytes, t } from "../../words/words";
import { Files } from "./Files";
import { type Job, summary, uploads } from "./job";
import { outcome } from "./outcome";
import { refused } from "./refused";

const pause = 1000; // ms between two questions to the node

// Told is what the node says of an import. It is whole if all had been sent when it was asked.
type Told = { totals: UploadTotals | null; whole: boolean; rows: ReadonlyMap<string, UploadView>; failure: unknown };

// useTold asks the node how an import stands, until all that was sent is taken in; then
// what became of each file.
function useTold(job: Job, sent: boolean): Told & { ended: boolean } {
  const [told, set] = useState<Told>({ totals: null, whole: false, rows: new Map(), failure: null });
  const { totals, whole } = told;
  const ended = sent && whole && totals !== null && totals.waiting + totals.taking === 0;
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      try {
        const all = job.queue.idle();
        const next = await summary(job.batch);
        const over = next.waiting + next.taking === 0;
        const rows = over ? new Map((await uploads(job.batch)).map((upload) => [upload.id, upload])) : null;
        if (!gone) set((was) => ({ totals: next, whole: all, rows: rows ?? was.rows, failure: null }));
      } catch (failure) {
        if (!gone) set((was) => ({ ...was, failure }));
      }
      if (!gone) timer = setTimeout(() => void ask(), pause);
    };
    let timer = setTimeout(() => void ask(), ended ? pause : 0);
    if (ended) clearTimeout(timer);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [job, ended]);
  return { ...told, ended };
}

// Going is an import under way, and what became of one that is over.
export function Going({ job, onClose }: { job: Job; onClose: () => void }) {
  const { queue } = job;
  useSyncExternalStore((fn) => queue.listen(fn), () => queue.version);
  const totals = queue.totals(), sent = queue.idle();
  const told = useTold(job, sent);
  const over = told.ended && sent;
  useEffect(() => { if (over) announce(t("upload.done")); }, [over]);
  const taken = told.totals ? told.totals.done + told.totals.failed : 0;
  return (
    <Panel title={over ? t("upload.done") : t("upload.going")} tools={<Tools job={job} over={over} failed={totals.failed} onClose={onClose} />}>
      {!over && (
        <>
          <p>{t("upload.sent", { done: bytes(totals.sent), all: bytes(totals.bytes), n: totals.files, arrived: totals.arrived })}</p>
          <Progress label={t("upload.sending")} of={{ done: totals.sent, total: Math.max(totals.bytes, 1) }} />
          <p>{t("upload.taken", { n: totals.files, taken })}</p>
          <Progress label={t("upload.taking")} of={{ done: taken, total: totals.files }} />
          <p className="small">{t("upload.leave")}</p>
        </>
      )}
      {told.failure !== null && <Failure of={told.failure} safe={t("upload.safe")} />}
      {told.totals && taken > 0 && <Outcome of={told.totals} />}
      <Files queue={queue} uploads={told.rows} />
    </Panel>
  );
}

function Tools({ job: { queue }, over, failed, onClose }: { job: Job; over: boolean; failed: number; onClose: () => void }) {
  return (
    <div className="tools">
      {failed > 0 && <button type="button" onClick={() => { queue.again(); }}>{t("upload.again", { n: failed })}</button>}
      {!over && !queue.idle() && (queue.paused
        ? <button type="button" onClick={() => { queue.go(); }}>{t("upload.go")}</button>
        : <button type="button" onClick={() => void queue.pause()}>{t("upload.pause")}</button>)}
      {over && <button type="button" onClick={onClose}>{t("upload.close")}</button>}
    </div>
  );
}

function Outcome({ of: { outcome: became } }: { of: UploadTotals }) {
  const [only, ...others] = became.studies;
  return (
    <>
      <ul className="reasons">{outcome(became).map((text) => <li key={text}>{text}</li>)}</ul>
      {Object.keys(became.reasons).length > 0 && <div><p>{t("upload.reasons")}</p><Reasons of={became.reasons} says={refused} /></div>}
      {only && <a className="button primary" href={others.length > 0 ? to() : to("study", only)}>{t("upload.see")}</a>}
    </>
  );
}
