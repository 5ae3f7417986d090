import { type FormEvent, useEffect, useRef, useState } from "react";
import { announce } from "../ui/announce";
import { t } from "../words/words";
import { mayCalibrate, mostMillimetres } from "./calibration";
import type { Desk } from "./desk";
import { useSignal } from "./signal";

// CalibrationForm takes how long the line is that was drawn to calibrate a picture, while that tool is in hand.
export function CalibrationForm({ desk }: { desk: Desk }) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  const field = useRef<HTMLInputElement>(null), [wrong, setWrong] = useState(false);
  const { head } = desk.pane.shown ?? {}, line = desk.marks.find(({ id }) => id === desk.ruler), here = line && line.instance === head?.instance;
  const asked = desk.writing !== "" && desk.writing === line?.id;
  useEffect(() => {
    if (!asked) return;
    field.current?.focus();
    desk.set({ writing: "" });
  }, [desk, asked]);
  if (desk.tool !== "calibrate") return null;
  const take = (event: FormEvent): void => {
    event.preventDefault();
    const taken = here && mayCalibrate(head) && desk.calibrations.take(head, line, field.current?.valueAsNumber ?? Number.NaN);
    setWrong(!taken);
    if (!taken) return;
    desk.set({ ruler: "" });
    announce(t("view.byHand"));
    desk.pane.tile?.focus();
  };
  return (
    <section className="calibration" aria-label={t("view.tool.calibrate")}>
      <h2>{t("view.tool.calibrate")}</h2>
      {!mayCalibrate(head) ? <p className="small">{t("view.calibrateNot")}</p> : !here ? <p className="small">{t("view.calibrateHow")}</p> : (
        <form onSubmit={take}>
          <label>{t("view.calibrateLength")}<input ref={field} type="number" required step="any" min={0} max={mostMillimetres} aria-invalid={wrong} /></label>
          {wrong && <p className="small" role="alert">{t("view.calibrateWrong", { most: mostMillimetres })}</p>}
          <span className="tools">
            <button type="submit" className="primary">{t("view.calibrateTake")}</button>
            <button type="button" onClick={() => { desk.drop(line.id); }}>{t("view.calibrateCancel")}</button>
          </span>
        </form>
      )}
      {head?.scale?.from === "hand" && <button type="button" onClick={() => { desk.calibrations.undo(head); }}>{t("view.calibrateUndo")}</button>}
    </section>
  );
}
