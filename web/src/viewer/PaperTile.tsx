import { useEffect, useState } from "react";
import { useAsked } from "../api/ask";
import { Answer } from "../ui/Answer";
import { save } from "../ui/save";
import { bytes, number, t } from "../words/words";
import type { Bulk, Dataset } from "./dataset";
import type { Desk } from "./desk";
import { EcgPaper } from "./EcgPaper";
import { containerOf, documentOf, isPdf, paperOf, videoOf } from "./papers";
import type { Stack } from "./stack";

type Props = { desk: Desk; index: number; stack: Stack; title: string; when: string; whose: string; onDropSeries: (series: string) => void };

// PaperTile shows in a tile what is no image: waveforms, documents and films, one at a time.
export default function PaperTile({ desk, index, stack, title, when, whose, onDropSeries }: Props) {
  const [at, setAt] = useState(0), paper = stack.papers[at] ?? stack.papers[0];
  const activate = (): void => { if (desk.active !== index) desk.set({ active: index }); };
  if (!paper) return null;
  return (
    <div className={desk.active === index ? "tile paper active" : "tile paper"} role="group" aria-label={t("view.tile", { n: index + 1 })} onFocus={activate} onPointerDown={activate}
      onDragOver={(event) => { event.preventDefault(); }} onDrop={(event) => { onDropSeries(event.dataTransfer.getData("text/plain")); }}>
      <div className="paper-head">
        {when && <strong>{when}</strong>}<span>{title}</span>{desk.named && whose && <span>{whose}</span>}
        {stack.papers.length > 1 && (
          <select aria-label={t("view.paperWhich")} value={at} onChange={(event) => { setAt(Number(event.target.value)); }}>
            {stack.papers.map((_, i) => <option key={i} value={i}>{t("view.paperNumber", { k: i + 1, all: stack.papers.length })}</option>)}
          </select>
        )}
      </div>
      <Paper key={at} of={paper} stack={stack} />
    </div>
  );
}

function Paper({ of, stack }: { of: Dataset; stack: Stack }) {
  switch (paperOf(of)) {
    case "waveform": return <EcgPaper of={of} stack={stack} />;
    case "pdf": return <DocumentPaper of={of} stack={stack} />;
    case undefined: return <VideoPaper of={of} stack={stack} />;
  }
}

const headBytes = 1024; // by which it is told what a content is

type Content = { all: Blob; head: Uint8Array };

// fetched is the content of an object; null where it is not with it.
async function fetched(stack: Stack, data: Bulk | undefined, signal: AbortSignal): Promise<Content | null> {
  if (!data) return null;
  const all = await stack.whole(data, signal);
  return { all, head: new Uint8Array(await all.slice(0, headBytes).arrayBuffer()) };
}

// DocumentPaper hands a document over as a file. It is not opened in the page: it is whatever
// somebody sent, may hold programs, and would run beside the session.
function DocumentPaper({ of, stack }: { of: Dataset; stack: Stack }) {
  const { title, data } = documentOf(of);
  const found = useAsked((signal) => fetched(stack, data, signal), [of, stack]);
  return (
    <div className="paper-body">
      <Answer to={found}>
        {(content) => (content ? (
          <>
            <h2>{title || t("view.pdf")}</h2>
            {isPdf(content.head)
              ? <><p>{t("view.pdfSays", { size: bytes(content.all.size) })}</p><button type="button" onClick={() => { save("document.pdf", content.all, "application/pdf"); }}>{t("view.download")}</button></>
              : <p>{t("view.pdfNone")}</p>}
          </>
        ) : <p>{t("view.paperAway")}</p>)}
      </Answer>
    </div>
  );
}

// VideoPaper plays a film, if the browser can, and hands its stream over as a file.
function VideoPaper({ of, stack }: { of: Dataset; stack: Stack }) {
  const { data, frames, seconds } = videoOf(of);
  const found = useAsked((signal) => fetched(stack, data, signal), [of, stack]);
  return <div className="paper-body"><Answer to={found}>{(content) => (content ? <Film content={content} says={t("view.videoSays", { n: frames, seconds: number(seconds, { maximumFractionDigits: 1 }) })} /> : <p>{t("view.paperAway")}</p>)}</Answer></div>;
}

const types = { mp4: "video/mp4", ts: "video/mp2t", mpeg: "video/mpeg", "": "application/octet-stream" }, endings = { mp4: "mp4", ts: "ts", mpeg: "mpg", "": "bin" };

function Film({ content: { all, head }, says }: { content: Content; says: string }) {
  const container = containerOf(head), [url, setUrl] = useState(""), [failed, fail] = useState(container !== "mp4");
  useEffect(() => {
    const made = container === "mp4" ? URL.createObjectURL(new Blob([all], { type: types.mp4 })) : "";
    setUrl(made);
    return () => { URL.revokeObjectURL(made); };
  }, [all, container]);
  return (
    <>
      {!failed && url !== "" && <video src={url} controls muted playsInline aria-label={says} onError={() => { fail(true); }} />}
      <p>{says}</p>
      {failed && <p role="status">{t("view.videoNot")}</p>}
      <button type="button" onClick={() => { save(`film.${endings[container]}`, all, types[container]); }}>{t("view.download")} ({bytes(all.size)})</button>
    </>
  );
}
