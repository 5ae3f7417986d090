import { useId, useState } from "react";
import type { ReviewElement } from "../../api/types";
import { Scrolling } from "../../ui/pieces";
import { number, t, word } from "../../words/words";

// Groups are what a reader wants to know of an element: whether it is gone, other, or as it was.
const groups = { removed: ["removed", "emptied"], changed: ["replaced", "cleaned"], kept: ["kept"] } as const;
type Group = keyof typeof groups;
const most = 200; // rows that are shown at once

// Elements lists what becomes of each element, by what happens to it.
export function Elements({ all }: { all: readonly ReviewElement[] }) {
  const [group, take] = useState<Group>("removed");
  const [text, write] = useState("");
  const field = useId();
  const of = (name: Group): ReviewElement[] => all.filter((e) => (groups[name] as readonly string[]).includes(e.action));
  const wanted = text.trim().toLowerCase();
  const found = of(group).filter((e) => `${e.path} ${e.name}`.toLowerCase().includes(wanted));
  return (
    <details className="elements">
      <summary>{t("sell.elements", { removed: number(of("removed").length), changed: number(of("changed").length), kept: number(of("kept").length) })}</summary>
      <div className="stack">
        <div className="tools">
          <div className="tools" role="group" aria-label={t("review.column.action")}>
            {(Object.keys(groups) as Group[]).map((name) => (
              <button key={name} type="button" aria-pressed={name === group} onClick={() => { take(name); }}>{t("state.counted", { what: word("sell.group", name), n: number(of(name).length) })}</button>
            ))}
          </div>
          <label htmlFor={field}>{t("review.find")}</label>
          <input id={field} type="search" autoComplete="off" spellCheck={false} value={text} onChange={(event) => { write(event.target.value); }} />
        </div>
        <p className="small" role="status">{t("review.found", { n: number(found.length), all: number(all.length), shown: number(Math.min(most, found.length)) })}</p>
        <Scrolling label={t("review.elements")} className="tall">
          <table>
            <thead><tr>{["name", "path", "action", "cause"].map((c) => <th key={c} scope="col">{t(`review.column.${c}`)}</th>)}</tr></thead>
            <tbody>
              {found.slice(0, most).map((e) => (
                <tr key={e.path}><td lang="en">{e.name || "–"}</td><td className="path"><code>{e.path}</code></td><td>{word("action", e.action)}</td><td>{word("cause", e.cause)}</td></tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </div>
    </details>
  );
}
