import { type FormEvent, useEffect, useState } from "react";
import type { Work } from "../../api/work";
import type { Ask } from "../../signin/bytes";
import type { Locked } from "../../signin/personkey";
import { addPhrase, newPhrase, plainly } from "../../signin/phrase";
import { Failure } from "../../ui/Failure";
import { announce } from "../../ui/announce";
import { t } from "../../words/words";

type Props = {
  ask: Ask;
  from: Locked | "fresh" | undefined;
  work: Work;
  add: (made: () => Promise<Locked | undefined>) => Promise<void>;
  onCancel: () => void;
};

// Phrase makes a recovery phrase: it is shown once, and added when a part of it that the
// page picks was typed again, without which nobody knows that it was written down.
export function Phrase({ ask, from, work, add, onCancel }: Props) {
  const [phrase, setPhrase] = useState("");
  const [asked, setAsked] = useState<number | null>(null); // the group to type again
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    let last = true;
    newPhrase().then((made) => { if (last) setPhrase(made); }, setFailure);
    return () => { last = false; };
  }, []);
  if (failure !== null) return <Failure of={failure} />;
  if (phrase === "") return null;
  const groups = phrase.split("-");
  if (asked === null) return <Shown groups={groups} onWritten={() => { setAsked(crypto.getRandomValues(new Uint8Array(1))[0]! % groups.length); }} onCancel={onCancel} />;
  return (
    <Proved key={asked} n={asked + 1} group={groups[asked] ?? ""} busy={work.busy} onBack={() => { setAsked(null); }}
      onRight={() => void add(() => addPhrase(ask, phrase, "", from))} />
  );
}

function Shown({ groups, onWritten, onCancel }: { groups: readonly string[]; onWritten: () => void; onCancel: () => void }) {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(groups.join("-"));
    announce(t("state.copied"));
  };
  return (
    <div className="stack phrase-sheet">
      <h3>{t("account.phraseTitle")}</h3>
      <p className="prose">{t("account.phraseWhat")}</p>
      <ol className="phrase-groups" aria-label={t("account.phraseTitle")}>{groups.map((group, i) => <li key={i}><code>{group}</code></li>)}</ol>
      <p className="print-only">{t("account.printed", { host: location.host })}</p>
      <div className="tools">
        <button type="button" onClick={() => { print(); }}>{t("account.print")}</button>
        {"clipboard" in navigator && <button type="button" onClick={() => void copy()}>{t("state.copy")}</button>}
      </div>
      <p className="small">{t("account.phraseOnce")}</p>
      <div className="tools">
        <button type="button" className="primary" onClick={onWritten}>{t("account.written")}</button>
        <button type="button" onClick={onCancel}>{t("state.cancel")}</button>
      </div>
    </div>
  );
}

function Proved({ n, group, busy, onRight, onBack }: { n: number; group: string; busy: boolean; onRight: () => void; onBack: () => void }) {
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const right = plainly(String(new FormData(event.currentTarget).get("group") ?? "")) === group;
    setWrong(!right);
    if (right) onRight();
  };
  return (
    <form onSubmit={submit}>
      <h3>{t("account.prove")}</h3>
      <label htmlFor="group">{t("account.group", { n })}</label>
      <input id="group" name="group" className="code group" required maxLength={8} autoComplete="off" autoCapitalize="characters" spellCheck={false} autoFocus aria-invalid={wrong} aria-describedby={wrong ? "group-wrong" : undefined} />
      {wrong && <p className="failure" role="alert" id="group-wrong">{t("account.groupWrong", { n })}</p>}
      <div className="tools">
        <button className="primary" disabled={busy}>{t("account.finish")}</button>
        <button type="button" disabled={busy} onClick={onBack}>{t("account.again")}</button>
      </div>
    </form>
  );
}
