import { type ChangeEvent, type DragEvent, type InputHTMLAttributes, type ReactNode, useState } from "react";
import { follow } from "../api/client";
import type { ImportResult } from "../api/types";
import { useWork } from "../api/work";
import { to } from "../app/route";
import { useSession } from "../app/session";
import { announce } from "../ui/announce";
import { Failure } from "../ui/Failure";
import { Progress, Reasons } from "../ui/pieces";
import { bytes, t } from "../words/words";
import { outcome } from "./import/outcome";
import { dropped } from "./import/walk";
import "./import/import.css";

type Sent = { files: number };

// send sends files as one form, and returns what became of them.
function send(files: readonly File[], query: Record<string, string>, onProgress: (progress: Sent) => void): Promise<ImportResult> {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return follow<Sent, ImportResult>(`imports?${new URLSearchParams(query)}`, form, onProgress);
}

// Import takes files, folders and zip archives in.
export default function Import() {
  const { role, person } = useSession();
  const [research, setResearch] = useState(false);
  const [line, setLine] = useState("");
  const [result, setResult] = useState<ImportResult | null>(null);
  const { busy, failure, run } = useWork();
  const take = (find: () => Promise<readonly File[]>): Promise<void> => run(async () => {
    setLine("");
    const files = await find();
    if (files.length === 0) return;
    setResult(null);
    const sending = t("upload.sending", { n: files.length, size: bytes(files.reduce((sum, file) => sum + file.size, 0)) });
    setLine(sending);
    announce(sending);
    const query = { ...(person && { person }), ...(research && { research: "true" }) };
    const became = await send(files, query, (progress) => { setLine(t("upload.progress", { n: progress.files })); });
    announce([t("upload.done"), ...outcome(became)].join(" "));
    setResult(became);
  });
  return (
    <div className="page">
      <h1>{t("upload.title")}</h1>
      <Zone onFiles={(find) => void take(find)}>
        {role === "operator" && <Research checked={research} onChange={setResearch} />}
      </Zone>
      {busy && line && <section className="panel"><p>{line}</p><Progress label={t("upload.title")} /></section>}
      {failure !== null && <Failure of={failure} safe={t("upload.safe")} />}
      {result && !busy && <Result of={result} />}
    </div>
  );
}

// Zone is where files are dropped, or chosen.
function Zone({ onFiles, children }: { onFiles: (find: () => Promise<readonly File[]>) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  const drag = (on: boolean) => (event: DragEvent): void => { event.preventDefault(); setOver(on); };
  const drop = (event: DragEvent): void => {
    drag(false)(event);
    const files = dropped(event.dataTransfer);
    onFiles(() => files);
  };
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...event.target.files ?? []];
    event.target.value = "";
    onFiles(() => Promise.resolve(files));
  };
  return (
    <section className={over ? "panel drop over" : "panel drop"} aria-label={t("upload.title")} onDragOver={drag(true)} onDragLeave={drag(false)} onDrop={drop}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4 17v3h16v-3" /></svg>
      <p>{t("upload.drop")}</p>
      <div className="tools">
        <Choose label={t("upload.files")} onChange={chosen} />
        <Choose label={t("upload.folder")} onChange={chosen} webkitdirectory="" />
      </div>
      {children}
      <p className="small">{t("upload.what")}</p>
    </section>
  );
}

// Choose is a button that lets files be chosen. A folder is chosen by an attribute that
// React's types do not know.
const Choose = ({ label, ...props }: { label: string; webkitdirectory?: string } & InputHTMLAttributes<HTMLInputElement>) => (
  <label className="button">{label}<input type="file" className="unseen" multiple {...props} /></label>
);

const Research = ({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) => (
  <div className="research">
    <label className="choice" htmlFor="research">
      <input type="checkbox" id="research" aria-describedby="research-what" checked={checked} onChange={(event) => { onChange(event.target.checked); }} /> {t("upload.research")}
    </label>
    <p className="small" id="research-what">{t("upload.researchWhat")}</p>
  </div>
);

function Result({ of: result }: { of: ImportResult }) {
  const [only, ...others] = result.studies;
  return (
    <section className="panel">
      <p className="success">{t("upload.done")}</p>
      <ul className="reasons">{outcome(result).map((text) => <li key={text}>{text}</li>)}</ul>
      {Object.keys(result.reasons).length > 0 && <div><p>{t("upload.reasons")}</p><Reasons of={result.reasons} /></div>}
      {only && <a className="button" href={others.length > 0 ? to() : to("study", only)}>{t("upload.see")}</a>}
    </section>
  );
}
