import { part, remove } from "../../api/client";
import type { Asset } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { useConfirm } from "../../ui/useConfirm";
import { t } from "../../words/words";

// isCalledOff reports whether a release ended because its owner called it off.
export const isCalledOff = ({ reason }: Asset): boolean => reason === "called-off";

// CallOff ends a release that is not minted yet.
export function CallOff({ release, onChanged }: { release: string; onChanged: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const callOff = async (): Promise<void> => {
    if (!await ask({ title: t("callOff.title"), points: [t("callOff.does"), t("callOff.stays"), t("callOff.late")], action: t("callOff.button") })) return;
    await run(async () => {
      await remove<Asset>(`assets/${part(release)}`);
      announce(t("release.calledOff"));
      onChanged();
    });
  };
  return (
    <div className="stack">
      <button type="button" disabled={busy} onClick={() => void callOff()}>{t("callOff.button")}</button>
      {busy && <p className="note">{t("callOff.waits")}</p>}
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </div>
  );
}
