import { announce } from "../ui/announce";
import { Failure } from "../ui/Failure";
import { useWork } from "../api/work";
import { t, time } from "../words/words";
import type { Desk } from "./desk";
import type { Keeping as Keeper, Notebook } from "./notebook";
import { useSignal } from "./signal";
import type { Source } from "./stack";
import { useState } from "react";

type Props = { desk: Desk; notebook: Notebook; sources: () => readonly Source[]; keeping: Keeper | undefined };

// Keeping tells whether what is marked is saved, and saves it for who may.
export function Keeping({ desk, notebook, sources, keeping }: Props) {
  useSignal(desk.changed);
  useSignal(notebook.changed);
  const { busy, failure, run } = useWork(), [left, setLeft] = useState(0);
  const unsaved = notebook.unsaved(desk), restored = desk.marks.some(({ saved }) => saved);
  if (!unsaved && !restored && notebook.missing === 0 && notebook.unread.length === 0 && notebook.unshown === 0 && desk.keys.size === 0 && notebook.at === "") return null;
  const save = async (to: Keeper): Promise<void> => {
    setLeft(await notebook.save(desk, sources(), to));
    announce(t("view.savedNow"));
  };
  return (
    <section className="keeping" aria-label={t("view.keeping")}>
      {keeping && unsaved && !notebook.barred && <button type="button" className="primary" disabled={busy} aria-busy={busy} onClick={() => void run(() => save(keeping))}>{t("view.save")}</button>}
      <p className="small">{unsaved ? t(keeping ? "view.unsaved" : "view.marksKept") : notebook.at && t("view.savedAt", { time: time(notebook.at) })}</p>
      {keeping && unsaved && notebook.barred && <p className="small" role={notebook.barred === "full" ? "alert" : undefined}>{t(`view.barred.${notebook.barred}`)}</p>}
      {notebook.unread.length > 0 && <Unread of={notebook.unread} saves={keeping !== undefined} />}
      {notebook.unshown > 0 && <p className="small">{t("view.unshown", { n: notebook.unshown })}</p>}
      {notebook.missing > 0 && <p className="small" role="alert">{t("view.notRead", { n: notebook.missing })}</p>}
      {left > 0 && <p className="small">{t("view.notSaved", { n: left })}</p>}
      {restored && <label className="choice small"><input type="checkbox" checked={desk.savedShown} onChange={(event) => { desk.set({ savedShown: event.target.checked }); }} />{t("view.savedShown")}</label>}
      {failure !== null && <Failure of={failure} safe={t("view.saveFailed")} />}
    </section>
  );
}

const mostNamed = 5;

// Unread names the documents that say they were saved here and cannot be read: what is saved
// now takes the place of none of them.
function Unread({ of: documents, saves }: { of: Notebook["unread"]; saves: boolean }) {
  return (
    <div className="small" role="alert">
      <p>{t("view.unread", { n: documents.length })}{saves && ` ${t("view.unread.stays")}`}</p>
      <ul className="reasons">
        {documents.slice(0, mostNamed).map(({ uid, at, by, kind }) => <li key={uid}>{[t(`view.unread.${kind}`), at && time(at)].filter(Boolean).join(" · ")} <bdi className="path">{by}</bdi></li>)}
        {documents.length > mostNamed && <li>{t("view.unread.more", { n: documents.length - mostNamed })}</li>}
      </ul>
    </div>
  );
}
