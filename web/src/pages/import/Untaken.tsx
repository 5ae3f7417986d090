// Files that are on the node whole, and that it could not take in yet.
import { part, Problem, request } from "../../api/client";
import type { UploadView } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { Panel } from "../../ui/Panel";
import { Table } from "../../ui/Table";
import { bytes, t, time } from "../../words/words";

const ask = (id: string): Promise<Response> => request("POST", `uploads/${part(id)}/retry`);

// Retry says when the node tries again by itself, and lets somebody not wait for it.
export function Retry({ upload, onRetried }: { upload: UploadView; onRetried: () => void }) {
  const { busy, failure, run } = useWork();
  const retry = async (): Promise<void> => {
    await ask(upload.id);
    announce(t("upload.retried"));
    onRetried();
  };
  return (
    <>
      <span className="small">{upload.again ? t("upload.tries", { time: time(upload.again) }) : t("upload.triesLater")}</span>
      <button type="button" disabled={busy} aria-label={t("upload.retryOne", { name: upload.name })} onClick={() => void run(retry)}>{t("upload.retry")}</button>
      {failure !== null && <Failure of={failure} />}
    </>
  );
}

// RetryAll does so for several. One that is being tried already is no failure.
export function RetryAll({ of: uploads, onRetried }: { of: readonly UploadView[]; onRetried: () => void }) {
  const { busy, failure, run } = useWork();
  const retry = async (): Promise<void> => {
    for (const { id } of uploads) await ask(id).catch((error: unknown) => { if (!(error instanceof Problem) || error.kind !== "exists") throw error; });
    announce(t("upload.retried"));
    onRetried();
  };
  if (uploads.length < 2) return null;
  return (
    <div className="tools">
      <button type="button" disabled={busy} onClick={() => void run(retry)}>{t("upload.retryAll", { n: uploads.length })}</button>
      {failure !== null && <Failure of={failure} />}
    </div>
  );
}

const most = 100; // rows that are shown

// Untaken lists those of imports that this window knows nothing of any more.
export function Untaken({ of: uploads, onRetried }: { of: readonly UploadView[]; onRetried: () => void }) {
  return (
    <Panel title={t("upload.untaken")}>
      <p>{t("upload.untakenWhat", { n: uploads.length })}</p>
      <RetryAll of={uploads} onRetried={onRetried} />
      <Table label={t("upload.untaken")} columns={[[t("upload.file")], [t("upload.size"), "number"], [t("upload.state")]]}>
        {uploads.slice(0, most).map((upload) => (
          <tr key={upload.id}>
            <td><bdi className="path">{upload.name}</bdi></td>
            <td className="number">{bytes(upload.size)}</td>
            <td><div className="retry"><Retry upload={upload} onRetried={onRetried} /></div></td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
