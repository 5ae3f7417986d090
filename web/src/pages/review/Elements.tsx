import { useState } from "react";
import type { ReviewElement } from "../../api/types";
import { Table } from "../../ui/Table";
import { t, word } from "../../words/words";
import { found } from "./filter";

const most = 500; // rows that are shown at once

// Elements lists what became of each element, with a filter.
export function Elements({ of: all }: { of: readonly ReviewElement[] }) {
  const [text, setText] = useState("");
  const [action, setAction] = useState("");
  const rows = found(all, text, action), shown = rows.slice(0, most);
  return (
    <>
      <div className="tools">
        <label htmlFor="find">{t("review.find")}</label>
        <input id="find" type="search" autoComplete="off" spellCheck={false} value={text} onChange={(event) => { setText(event.target.value); }} />
        <label htmlFor="action">{t("review.column.action")}</label>
        <select id="action" value={action} onChange={(event) => { setAction(event.target.value); }}>
          <option value="">{t("review.anyAction")}</option>
          {[...new Set(all.map((element) => element.action))].map((code) => <option key={code} value={code}>{word("action", code)}</option>)}
        </select>
      </div>
      <p className="small" role="status">{t("review.found", { n: rows.length, all: all.length, shown: shown.length })}</p>
      <div className="tall">
        <Table label={t("review.elements")} columns={[[t("review.column.path")], [t("review.column.name")], [t("review.column.action")], [t("review.column.cause")]]}>
          {shown.map((element, i) => (
            <tr key={i}>
              <td><code>{element.path}</code></td>
              <td lang="en">{element.name}</td>
              <td>{word("action", element.action)}</td>
              <td>{word("cause", element.cause)}</td>
            </tr>
          ))}
        </Table>
      </div>
    </>
  );
}
