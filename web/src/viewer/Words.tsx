import { useEffect, useRef } from "react";
import { t } from "../words/words";
import type { Desk } from "./desk";
import { type Measurement, said } from "./measure";

const most = 1000; // characters, as the node takes them

// Words takes what a note says. A new one asks for it at once.
export function Words({ desk, mark }: { desk: Desk; mark: Measurement }) {
  const field = useRef<HTMLTextAreaElement>(null), fresh = desk.selected === mark.id && mark.text === undefined;
  useEffect(() => { if (fresh) field.current?.focus(); }, [fresh]);
  return <textarea ref={field} className="words" rows={2} maxLength={most} aria-label={t("view.words")} placeholder={t("view.words")} value={mark.text ?? ""}
    onChange={(event) => { desk.keep(said(mark, event.target.value)); }} />;
}
