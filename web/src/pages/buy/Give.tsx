import { type ChangeEvent, type DragEvent, useState } from "react";
import "../../ui/drop.css";
import { t } from "../../words/words";
import { type Given, given, mostOffer } from "./says";

// Give is where an offer is dropped, chosen or pasted. What is too large is not read.
export function Give({ onGiven }: { onGiven: (given: Given) => void }) {
  const [over, setOver] = useState(false), [text, setText] = useState("");
  const drag = (on: boolean) => (event: DragEvent): void => { event.preventDefault(); setOver(on); };
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    onGiven(file.size > mostOffer ? { why: "huge" } : given(await file.text().catch(() => "")));
  };
  const drop = (event: DragEvent): void => {
    drag(false)(event);
    void take(event.dataTransfer.files[0]);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    void take(file);
    event.target.value = "";
  };
  return (
    <section className={over ? "panel drop over" : "panel drop"} aria-label={t("buy.give")} onDragOver={drag(true)} onDragLeave={drag(false)} onDrop={drop}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 4.5h8l4 4v11H6zM14 4.5v4h4M9 13h6M9 16h4" /></svg>
      <p>{t("buy.drop")}</p>
      <div className="tools"><label className="button">{t("buy.choose")}<input type="file" className="unseen" accept=".json,application/json" onChange={choose} /></label></div>
      <form className="paste" onSubmit={(event) => { event.preventDefault(); onGiven(given(text)); }}>
        <label className="field"><span>{t("buy.paste")}</span>
          <textarea rows={3} value={text} spellCheck={false} autoComplete="off" onChange={(event) => { setText(event.target.value); }} />
        </label>
        <button type="submit" disabled={!text.trim()}>{t("buy.look")}</button>
      </form>
      <p className="small">{t("buy.what")}</p>
    </section>
  );
}
