import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useAsked } from "../api/ask";
import { announce } from "../ui/announce";
import { Answer } from "../ui/Answer";
import { bytes, number, t } from "../words/words";
import type { Dataset } from "./dataset";
import type { Desk } from "./desk";
import { sliceSays } from "./says";
import { useSignal } from "./signal";
import type { Source } from "./stack";
import { binaryBytes, isPrivate, type Line, linesOf, type Names, tagSays, valueSays } from "./tags";
import "./tags.css";

const page = 300; // lines
const mostShown = 300; // characters of a value
const rest = 150; // ms that the hand rests until a header is asked for

// Header is what was found of an instance: null where there is none.
type Header = { source: Source | null; instance: string; dataset: Dataset | null; names: Names };

// Tags lists the header of the object that the active tile shows, beside the images: it goes with them.
export default function Tags({ desk }: { desk: Desk }) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  const dialog = useRef<HTMLDialogElement>(null), { pane } = desk, { source } = pane, instance = pane.shown?.head.instance ?? "";
  const close = (): void => {
    desk.set({ tags: false });
    pane.tile?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <dialog ref={dialog} open className="viewer-tags" aria-labelledby="viewer-tags-title" onKeyDown={onKey}>
      <div className="row">
        <h2 id="viewer-tags-title">{t("view.tags")}</h2>
        <span className="tools">
          <button type="button" aria-label={t("view.key.previous")} disabled={pane.index === 0} onClick={() => { pane.go(pane.index - 1); }}>‹</button>
          <span className="small">{sliceSays(pane)}</span>
          <button type="button" aria-label={t("view.key.next")} disabled={pane.index + 1 >= (source?.heads.length ?? 0)} onClick={() => { pane.go(pane.index + 1); }}>›</button>
          <button type="button" onClick={close}>{t("view.close")}</button>
        </span>
      </div>
      <Asked source={source} instance={instance} />
    </dialog>
  );
}

function Asked({ source, instance }: { source: Source | null; instance: string }) {
  const found = useAsked((signal) => headerOf(source, instance, signal), [source, instance]);
  return <Answer to={found}>{(header) => <Listed of={header} stale={header.source !== source || header.instance !== instance} />}</Answer>;
}

// headerOf waits until the hand rests: who scrolls asks for nothing.
async function headerOf(source: Source | null, instance: string, signal: AbortSignal): Promise<Header> {
  await new Promise((done) => { setTimeout(done, rest); });
  signal.throwIfAborted();
  const names = (await import("./names.json")).default;
  return { source, instance, names, dataset: (instance !== "" && (await source?.header?.(instance, signal))) || null };
}

function Listed({ of: { dataset, names }, stale }: { of: Header; stale: boolean }) {
  const [words, setWords] = useState(""), looked = useDeferredValue(words);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set()), [most, setMost] = useState(page), field = useRef<HTMLInputElement>(null);
  const found = useMemo(() => (dataset ? linesOf(dataset, names, open, looked) : null), [dataset, names, open, looked]);
  useEffect(() => { field.current?.focus(); }, []);
  if (!found) return <p>{t("view.tagsNone")}</p>;
  const toggle = (path: string): void => { setOpen((was) => { const now = new Set(was); if (!now.delete(path)) now.add(path); return now; }); };
  const { lines, all, matched, cut } = found;
  return (
    <>
      <input ref={field} type="search" aria-label={t("view.tagsFind")} placeholder={t("view.tagsFind")} value={words} onChange={(event) => { setWords(event.target.value); setMost(page); }} />
      <p className="small" role="status">{looked.trim() ? t("view.tagsFound", { n: matched, all }) : t("view.tagsAll", { n: all })}{cut && ` ${t("view.tagsCut")}`}</p>
      <div className="tag-lines" tabIndex={0} role="region" aria-label={t("view.tags")} aria-busy={stale}>
        <table>
          <thead><tr><th scope="col">{t("view.tag")}</th><th scope="col">{t("view.tagName")}</th><th scope="col">{t("view.tagValue")}</th></tr></thead>
          <tbody>{lines.slice(0, most).map((line) => <LineRow key={line.path} line={line} onToggle={toggle} />)}</tbody>
        </table>
        {lines.length > most && <button type="button" onClick={() => { setMost(most + page); }}>{t("upload.more", { n: lines.length - most })}</button>}
      </div>
    </>
  );
}

// LineRow is one line.
function LineRow({ line, onToggle }: { line: Line; onToggle: (path: string) => void }) {
  const name = labelOf(line), { inner, open, held, tag, vr } = line, language = name === line.name ? "en" : undefined; // PS3.6 names tags in English
  return (
    <tr className={tag && isPrivate(tag) ? "private" : undefined}>
      <td>{tag && <code>{tagSays(tag)} {vr}</code>}</td>
      <th scope="row" style={{ paddingLeft: `${0.4 + Math.min(line.depth, 8) * 0.8}rem` }}>
        {inner === undefined || inner === 0 || held ? <bdi lang={language}>{name}</bdi> : <button type="button" className="fold" aria-expanded={open} onClick={() => { onToggle(line.path); }}><span aria-hidden="true">{open ? "▾" : "▸"}</span> <bdi lang={language}>{name}</bdi></button>}
      </th>
      <td>{line.of && <Value of={line} name={name} />}</td>
    </tr>
  );
}

function labelOf({ tag, name, creator, item }: Line): string {
  if (item !== undefined) return t("view.tagItem", { k: number(item + 1) });
  if (isPrivate(tag)) return creator ? t("view.tagPrivate", { by: creator }) : t("view.tagPrivateAlone");
  return name || t("view.tagUnknown");
}

function Value({ of: { of = {}, inner }, name }: { of: Line; name: string }) {
  const long = binaryBytes(of);
  if (inner !== undefined) return <span className="small">{t("view.tagItems", { n: inner })}</span>;
  if (long !== undefined) return <span className="small">{t("view.tagBinary", { size: bytes(long) })}</span>;
  if (of.BulkDataURI !== undefined) return <span className="small">{t("view.tagBulk")}</span>;
  const said = valueSays(of, mostShown);
  if (said === "") return null;
  return (
    <span className="tag-value">
      <bdi translate="no">{said.length > mostShown ? `${said.slice(0, mostShown)}…` : said}</bdi>
      <Copy of={of} name={name} />
    </span>
  );
}

// Copy copies a value whole. Browsers lend the clipboard to secure origins only: https and this machine.
function Copy({ of, name }: { of: Line["of"] & object; name: string }) {
  if (!("clipboard" in navigator)) return null;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(valueSays(of));
      announce(t("state.copied"));
    } catch { /* what is selected can be copied by hand */ }
  };
  return <button type="button" className="copy" aria-label={`${t("state.copy")}: ${name}`} onClick={() => void copy()}>{t("state.copy")}</button>;
}
