import { useEffect, useRef } from "react";
import { t } from "../words/words";
import type { Desk } from "./desk";
import { type Measurement, said } from "./measure";

const most = 1000; // characters, as the node takes them

// Words takes what a note says. It is gone to when the desk asks for the words.
export function Words({ desk, mark }: { desk: Desk; mark: Measurement }) {
  const field = useRef<HTMLTextAreaElement>(null), asked = desk.writing === mark.id;
  useEffect(() => {
    if (!asked) return;
    field.current?.focus();
    desk.set({ writing: "" });
  }, [desk, asked]);
  return <textarea ref={field} className="words" rows={2} maxLength={most} aria-label={t("view.words")} placeholder={t("view.words")} value={mark.text ?? ""}
    onChange={(event) => { desk.keep(said(mark, event.target.value)); }} />;
}
