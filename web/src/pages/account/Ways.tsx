import { type FormEvent, useRef, useState } from "react";
import { part, post, remove } from "../../api/client";
import type { Credential } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Empty } from "../../ui/pieces";
import { type Question, useConfirm } from "../../ui/useConfirm";
import { t, time } from "../../words/words";
import { Kind, kindOf } from "./kinds";
import { Trouble } from "./Trouble";

const longest = 64; // characters of a label

// Ways are what the account signs in by, besides a token.
export function Ways({ of, onChanged }: { of: readonly Credential[]; onChanged: () => void }) {
  if (of.length === 0) return <Empty>{t("account.noWays")}</Empty>;
  return <ul className="account-rows">{of.map((way) => <Way key={way.id} way={way} all={of} onChanged={onChanged} />)}</ul>;
}

const nameOf = (way: Credential): string => way.label || kindOf(way.kind);

function Way({ way, all, onChanged }: { way: Credential; all: readonly Credential[]; onChanged: () => void }) {
  const [naming, setNaming] = useState(false);
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const rename = useRef<HTMLButtonElement>(null);
  const name = nameOf(way);
  const drop = async (): Promise<void> => {
    if (!await ask(whatEnds(way, all))) return;
    await run(async () => {
      await remove<unknown>(`credentials/${part(way.id)}`);
      announce(t("account.removed"));
      document.getElementById("ways")?.focus(); // what had the focus is about to go
      onChanged();
    });
  };
  return (
    <li>
      <Kind of={way.kind} />
      <div className="stack">
        {naming
          ? <Rename way={way} onDone={(changed) => { setNaming(false); rename.current?.focus(); if (changed) onChanged(); }} />
          : <h3><bdi>{name}</bdi> <span className="badge">{kindOf(way.kind)}</span></h3>}
        <Facts of={[
          [t("account.made"), time(way.created)],
          [t("account.used"), way.used ? time(way.used) : t("account.never")],
          [t("account.ends"), way.expires && time(way.expires)],
          [t("account.address"), way.address && <Id of={way.address} label={t("account.address")} />],
          [t("account.key"), way.wrapped && t("account.keeps")],
        ]} />
        {way.synced && <p className="small">{t("account.synced")}</p>}
        {failure !== null && <Trouble of={failure} />}
      </div>
      <div className="tools">
        <button ref={rename} type="button" disabled={busy} aria-expanded={naming} aria-label={t("account.renameOf", { name })} onClick={() => { setNaming(!naming); }}>{t("account.rename")}</button>
        <button type="button" disabled={busy} className="danger" aria-label={t("account.removeOf", { name })} onClick={() => void drop()}>{t("account.remove")}</button>
      </div>
      {dialog}
    </li>
  );
}

// whatEnds asks before a way is removed, and says what goes with it.
function whatEnds(way: Credential, all: readonly Credential[]): Question {
  const points = [t("account.removeEnds")];
  if (way.kind === "passkey") points.push(t("account.removeDevice"));
  if (all.length === 1) points.push(t("account.removeLast"));
  if (way.wrapped && all.filter((other) => other.wrapped).length === 1) points.push(t("account.removeKey"));
  return { title: t("account.removeOf", { name: nameOf(way) }), points, action: t("account.remove") };
}

function Rename({ way, onDone }: { way: Credential; onDone: (changed: boolean) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const { busy, failure, run } = useWork();
  const submit = (event: FormEvent): Promise<void> => {
    event.preventDefault();
    return run(async () => {
      await post<Credential>(`credentials/${part(way.id)}`, { label: input.current?.value.trim() ?? "" });
      announce(t("account.renamed"));
      onDone(true);
    });
  };
  return (
    <form className="account-name" onSubmit={(event) => void submit(event)}>
      <label htmlFor={`name-${way.id}`}>{t("account.name")}</label>
      <input id={`name-${way.id}`} ref={input} defaultValue={way.label} maxLength={longest} autoComplete="off" autoFocus />
      <div className="tools">
        <button className="primary" disabled={busy}>{t("account.save")}</button>
        <button type="button" onClick={() => { onDone(false); }}>{t("state.cancel")}</button>
      </div>
      {failure !== null && <Trouble of={failure} />}
    </form>
  );
}
