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
const slowly = 15_000; // the same, while it waits to try again by itself what it could not take in

// Told is what the node says of an import. It is whole if all had been sent when it was asked.
type Told = { totals: UploadTotals | null; whole: boolean; rows: ReadonlyMap<string, UploadView>; failure: unknown };

// useTold asks the node how an import stands, until all that was sent is taken in; then
// what became of each file. again asks once more, now.
function useTold(job: Job, sent: boolean, answered: number): Told & { ended: boolean; again: () => void } {
  const [told, set] = useState<Told>({ totals: null, whole: false, rows: new Map(), failure: null });
  const { totals, whole } = told;
  const ended = sent && whole && totals !== null && totals.waiting + totals.taking === 0;
  const settled = ended && totals.failed + totals.asking === 0;
  const [round, next] = useState(0);
  useEffect(() => {
    let gone = false, changed = round + answered > 0; // what failed is being tried again, what asked goes on
    const ask = async (): Promise<void> => {
      let wait = pause;
      try {
        const all = job.queue.idle();
        const now = await summary(job.batch);
        const over = now.waiting + now.taking === 0;
        if (over && all && now.failed > 0 && now.asking === 0) wait = slowly;
        const rows = over || changed ? new Map((await uploads(job.batch)).map((upload) => [upload.id, upload])) : null;
        changed = false;
        if (!gone) set((was) => ({ totals: now, whole: all, rows: rows ?? was.rows, failure: null }));
      } catch (failure) {
        if (!gone) set((was) => ({ ...was, failure }));
      }
      if (!gone) timer = setTimeout(() => void ask(), wait);
    };
    let timer = setTimeout(() => void ask(), 0);
    if (settled) clearTimeout(timer);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [job, settled, round, answered]);
  return { ...told, ended, again: () => { next((n) => n + 1); } };
}

// Going is an import under way, and what became of one that is over.
// answered counts what was answered meanwhile about whose they are.
export function Going({ job, answered, onClose }: { job: Job; answered: number; onClose: () => void }) {
  const { queue } = job;
  useSyncExternalStore((fn) => queue.listen(fn), () => queue.version);
  const totals = queue.totals(), sent = queue.idle();
  const told = useTold(job, sent, answered);
  const over = told.ended && sent;
  const end = told.totals && told.totals.asking > 0 ? t("upload.asks") : told.totals && told.totals.failed > 0 ? t("upload.partly") : t("upload.done");
  useEffect(() => { if (over) announce(end); }, [over, end]);
  const taken = told.totals ? told.totals.done + told.totals.failed : 0;
  return (
    <Panel title={over ? end : t("upload.going")} tools={<Tools job={job} over={over} failed={totals.failed} onClose={onClose} />}>
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
      <Files queue={queue} uploads={told.rows} onRetried={told.again} />
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
