import { useState } from "react";
import { useAsked } from "../api/ask";
import { get } from "../api/client";
import type { Room, UploadView } from "../api/types";
import { useWork } from "../api/work";
import { useSession } from "../app/session";
import { Failure } from "../ui/Failure";
import { Panel } from "../ui/Panel";
import { bytes, t } from "../words/words";
import { begin, current, end, forget, type Job, left, unfinished } from "./import/job";
import { Going } from "./import/Progress";
import { Quarantine } from "./import/Quarantine";
import { Untaken } from "./import/Untaken";
import { Whose } from "./import/Whose";
import { Zone } from "./import/Zone";
import "./import/import.css";

// Import takes files, folders and zip archives in, and tells of each what became of it.
export default function Import() {
  const { role } = useSession();
  const [research, setResearch] = useState(false);
  const [job, setJob] = useState<Job | null>(current);
  const [answers, answered] = useState(0);
  const earlier = useAsked(left, [job === null]);
  const { failure, run } = useWork();
  return (
    <div className="page">
      <h1>{t("upload.title")}</h1>
      <Zone onFiles={(find) => void run(async () => {
        const files = await find;
        if (files.length > 0) setJob(begin(files, { research }, await unfinished()));
      })}>
        {role === "operator" && <Research checked={research} onChange={setResearch} />}
      </Zone>
      {failure !== null && <Failure of={failure} safe={t("upload.safe")} />}
      <Space after={job === null} />
      <Whose going={job !== null} onSaid={() => { answered((n) => n + 1); }} />
      {job && <Going key={job.batch} job={job} answered={answers} onClose={() => { end(); setJob(null); }} />}
      {!job && earlier.data && earlier.data.parts.length > 0 && <Earlier of={earlier.data.parts} onForgotten={earlier.again} />}
      {!job && earlier.data && earlier.data.failed.length > 0 && <Untaken of={earlier.data.failed} onRetried={earlier.again} />}
      <Quarantine again={job === null} answered={answers} />
    </div>
  );
}

// Space tells a person whose space is bounded how much of it is left.
function Space({ after }: { after: boolean }) {
  const room = useAsked(() => get<Room>("room"), [after]).data;
  if (!room || room.quota === 0) return null;
  const said = t(room.nearly === true ? "upload.roomNearly" : "upload.room", { used: bytes(room.used), quota: bytes(room.quota) });
  return <p className={room.nearly === true ? "note" : "small"} role={room.nearly === true ? "status" : undefined}>{said}</p>;
}

// Earlier tells of an import that was broken off: a browser that was closed cannot open the
// files again by itself.
function Earlier({ of: uploads, onForgotten }: { of: readonly UploadView[]; onForgotten: () => void }) {
  const { busy, failure, run } = useWork();
  const missing = uploads.reduce((sum, upload) => sum + upload.size - upload.offset, 0);
  return (
    <Panel title={t("upload.earlier")}>
      <p>{t("upload.earlierWhat", { n: uploads.length, size: bytes(missing) })}</p>
      <div className="tools"><button type="button" disabled={busy} onClick={() => void run(async () => { await forget(uploads); onForgotten(); })}>{t("upload.forget")}</button></div>
      {failure !== null && <Failure of={failure} />}
    </Panel>
  );
}

const Research = ({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) => (
  <div className="research">
    <label className="choice" htmlFor="research">
      <input type="checkbox" id="research" aria-describedby="research-what" checked={checked} onChange={(event) => { onChange(event.target.checked); }} /> {t("upload.research")}
    </label>
    <p className="small" id="research-what">{t("upload.researchWhat")}</p>
  </div>
);
