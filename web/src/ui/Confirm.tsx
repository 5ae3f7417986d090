import { useId, useLayoutEffect, useRef } from "react";
import { t } from "../words/words";

// Confirm asks before something that cannot be undone. It is shown as long as it is there.
export function Confirm({ title, points, action, onAnswer }: { title: string; points: readonly string[]; action: string; onAnswer: (yes: boolean) => void }) {
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => { shown?.close(); }; // it gives the focus back to what it was taken from
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={heading} onCancel={(event) => { event.preventDefault(); onAnswer(false); }}>
      <h2 id={heading}>{title}</h2>
      <ul>{points.map((point) => <li key={point}>{point}</li>)}</ul>
      <div className="row end">
        <button type="button" onClick={() => { onAnswer(false); }}>{t("state.cancel")}</button>
        <button type="button" className="danger" onClick={() => { onAnswer(true); }}>{action}</button>
      </div>
    </dialog>
  );
}
