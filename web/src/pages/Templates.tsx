import { type ReactNode, useRef, useState } from "react";
import { useAsked } from "../api/ask";
import { list, part, post, remove, text } from "../api/client";
import type { ListTemplateRow, TemplateRow } from "../api/types";
import { useWork } from "../api/work";
import { to } from "../app/route";
import { announce } from "../ui/announce";
import { Answer } from "../ui/Answer";
import { Facts } from "../ui/Facts";
import { Failure } from "../ui/Failure";
import { Back, Empty, Loading } from "../ui/pieces";
import { save } from "../ui/save";
import { useConfirm } from "../ui/useConfirm";
import { number, t, time, word } from "../words/words";
import "./templates/templates.css";

const most = 1 << 20; // bytes of a file of templates

// exported hands templates to the browser as a file: one, or all.
async function exported(id?: string): Promise<void> {
  save("templates.toml", await text(`templates/export${id ? `?template=${part(id)}` : ""}`), "application/toml");
  announce(t("template.exported"));
}

// Templates is where devices write into their pictures, as people of the institution drew it.
export default function Templates() {
  const templates = useAsked((signal) => list<TemplateRow>("templates", signal), []);
  return (
    <div className="page">
      <Back to={to()}>{t("studies.title")}</Back>
      <h1>{t("template.title")}</h1>
      <p className="prose">{t("template.what")}</p>
      <Files onTaken={templates.again} />
      <Answer to={templates}>
        {(items) => items.length > 0
          ? <ul className="cards">{items.map((item) => <Card key={item.id} item={item} onRemoved={templates.again} />)}</ul>
          : <Empty>{t("template.none")}</Empty>}
      </Answer>
    </div>
  );
}

// Files takes templates in from a file, and gives all out.
function Files({ onTaken }: { onTaken: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [says, setSays] = useState<ReactNode>(null);
  const { busy, failure, run } = useWork();
  const take = (file: File): Promise<void> => run(async () => {
    setSays(null);
    if (file.size > most) {
      setSays(<p className="failure" role="alert">{t("template.tooLong")}</p>);
      return;
    }
    const { items } = await post<ListTemplateRow>("templates/import", { file: await file.text() });
    const taken = t("template.taken", { n: items.length });
    announce(taken);
    setSays(<p className="success">{taken}</p>);
    onTaken();
  });
  const give = (): Promise<void> => run(async () => {
    setSays(null);
    await exported();
  });
  return (
    <div className="stack">
      <div className="tools">
        <button type="button" disabled={busy} onClick={() => void give()}>{t("template.export")}</button>
        <button type="button" disabled={busy} onClick={() => { input.current?.click(); }}>{t("template.import")}</button>
        <label htmlFor="templates-file" className="unseen">{t("template.import")}</label>
        <input ref={input} type="file" id="templates-file" className="unseen" accept=".toml" tabIndex={-1} onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file) void take(file);
        }} />
      </div>
      <p className="small">{t("template.share")}</p>
      {busy ? <Loading /> : says}
      {failure !== null && <Failure of={failure} />}
    </div>
  );
}

function Card({ item, onRemoved }: { item: TemplateRow; onRemoved: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const drop = async (): Promise<void> => {
    if (!await ask({ title: t("template.ask"), points: [t("template.askNext"), t("template.askReview")], action: t("template.remove") })) return;
    await run(async () => {
      await remove<unknown>(`templates/${part(item.id)}`);
      announce(t("template.removed"));
      onRemoved();
    });
  };
  return (
    <li className="template-card">
      <Shape of={item} />
      <h2>{item.manufacturer}</h2>
      <Facts of={[
        [t("template.model"), item.model || t("template.each")],
        [t("template.modality"), item.modality ? word("modality", item.modality) : t("template.each")],
        [t("review.size"), `${number(item.columns)} × ${number(item.rows)}`],
        [t("template.boxes"), number(item.boxes.length)],
        [t("template.added"), `${time(item.added)} · ${item.by}`],
      ]} />
      <div className="tools">
        <button type="button" disabled={busy} onClick={() => void run(() => exported(item.id))}>{t("template.exportOne")}</button>
        <button type="button" disabled={busy} className="danger" onClick={() => void drop()}>{t("template.remove")}</button>
      </div>
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </li>
  );
}

// Shape draws the boxes of a template in its picture.
const Shape = ({ of: { rows, columns, boxes } }: { of: TemplateRow }) => (
  <svg className="shape" viewBox={`0 0 ${columns} ${rows}`} role="img" aria-label={t("template.drawing", { n: boxes.length })}>
    <rect className="page-of" width={columns} height={rows} />
    {boxes.map((box, i) => {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box ?? [];
      return <rect key={i} x={x0} y={y0} width={x1 - x0} height={y1 - y0} />;
    })}
  </svg>
);
