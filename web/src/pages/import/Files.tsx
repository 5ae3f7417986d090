import { useState } from "react";
import { Problem } from "../../api/client";
import type { UploadView } from "../../api/types";
import { Table } from "../../ui/Table";
import { bytes, t, word } from "../../words/words";
import { type State, stateOf, troubled } from "./job";
import type { Entry, Queue } from "./queue";
import { refused } from "./refused";
import { Retry, RetryAll } from "./Untaken";

const step = 100; // rows that are shown at a time: thousands would make the page slow

type Row = { entry: Entry; upload: UploadView | undefined; state: State };

// Files lists the files of an import, with how each stands.
export function Files({ queue, uploads, onRetried }: { queue: Queue; uploads: ReadonlyMap<string, UploadView>; onRetried: () => void }) {
  const [all, setAll] = useState(false);
  const [shown, setShown] = useState(step);
  const rows: Row[] = [];
  for (const entry of queue.entries) {
    const upload = uploads.get(entry.upload), state = stateOf(entry, upload);
    if (all || troubled.has(state) || state === "sending") rows.push({ entry, upload, state });
  }
  const failed = rows.flatMap(({ upload, state }) => (upload && state === "failed" ? [upload] : []));
  return (
    <>
      <RetryAll of={failed} onRetried={onRetried} />
      <label className="choice"><input type="checkbox" checked={all} onChange={(event) => { setAll(event.target.checked); setShown(step); }} /> {t("upload.all", { n: queue.entries.length })}</label>
      {rows.length > 0 && (
        <Table label={t("upload.list")} columns={[[t("upload.file")], [t("upload.size"), "number"], [t("upload.state")]]}>
          {rows.slice(0, shown).map((row) => <FileRow key={row.entry.path + row.entry.file.size} {...row} onRetried={onRetried} />)}
        </Table>
      )}
      {rows.length > shown && <button type="button" onClick={() => { setShown(shown + step); }}>{t("upload.more", { n: rows.length - shown })}</button>}
    </>
  );
}

function FileRow({ entry, upload, state, onRetried }: Row & { onRetried: () => void }) {
  const why = entry.failure instanceof Problem ? word("problem", entry.failure.kind) : entry.failure ? t("problem.unreachable") : "";
  const reasons = Object.keys(upload?.outcome?.reasons ?? {}).map(refused);
  return (
    <tr>
      <td><bdi className="path">{entry.path}</bdi></td>
      <td className="number">{bytes(entry.file.size)}</td>
      <td>
        <span className={`badge ${troubled.has(state) ? "T4" : state === "done" ? "T1" : ""}`}>{word("upload.state", state)}</span>
        <span className="small">{[why, ...reasons].filter(Boolean).join("; ")}</span>
        {upload && state === "failed" && <div className="retry"><Retry upload={upload} onRetried={onRetried} /></div>}
      </td>
    </tr>
  );
}
