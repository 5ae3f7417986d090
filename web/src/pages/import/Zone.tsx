import { type ChangeEvent, type DragEvent, type InputHTMLAttributes, type ReactNode, useState } from "react";
import "../../ui/drop.css";
import { t } from "../../words/words";
import { chosen, dropped, type Found } from "./walk";

// Zone is where files are dropped, or chosen.
export function Zone({ onFiles, children }: { onFiles: (find: Promise<Found[]>) => void; children?: ReactNode }) {
  const [over, setOver] = useState(false);
  const drag = (on: boolean) => (event: DragEvent): void => { event.preventDefault(); setOver(on); };
  const drop = (event: DragEvent): void => {
    drag(false)(event);
    onFiles(dropped(event.dataTransfer));
  };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = chosen(event.target.files ?? []);
    event.target.value = "";
    onFiles(Promise.resolve(files));
  };
  return (
    <section className={over ? "panel drop over" : "panel drop"} aria-label={t("upload.title")} onDragOver={drag(true)} onDragLeave={drag(false)} onDrop={drop}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4 17v3h16v-3" /></svg>
      <p>{t("upload.drop")}</p>
      <div className="tools">
        <Choose label={t("upload.files")} onChange={choose} />
        <Choose label={t("upload.folder")} onChange={choose} webkitdirectory="" />
      </div>
      {children}
      <p className="small">{t("upload.what")}</p>
    </section>
  );
}

// Choose is a button that lets files be chosen. A folder is chosen by an attribute that
// React's types do not know.
const Choose = ({ label, ...props }: { label: string; webkitdirectory?: string } & InputHTMLAttributes<HTMLInputElement>) => (
  <label className="button">{label}<input type="file" className="unseen" multiple {...props} /></label>
);
