import { t } from "../words/words";
import { Dialog } from "./Dialog";

// Confirm asks before something that cannot be undone. It is shown as long as it is there.
export function Confirm({ title, points, action, onAnswer }: { title: string; points: readonly string[]; action: string; onAnswer: (yes: boolean) => void }) {
  return (
    <Dialog title={title} onCancel={() => { onAnswer(false); }}>
      <ul>{points.map((point) => <li key={point}>{point}</li>)}</ul>
      <div className="row end">
        <button type="button" onClick={() => { onAnswer(false); }}>{t("state.cancel")}</button>
        <button type="button" className="danger" onClick={() => { onAnswer(true); }}>{action}</button>
      </div>
    </Dialog>
  );
}
