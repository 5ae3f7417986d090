import { post } from "../../api/client";
import type { NewTemplate, ReviewBox, ReviewDetail } from "../../api/types";
import { useWork } from "../../api/work";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { useConfirm } from "../../ui/useConfirm";
import { t } from "../../words/words";

// ForDevice offers to make boxes that were drawn in an item a template of its device.
export function ForDevice({ item, boxes, onMade }: { item: ReviewDetail; boxes: readonly ReviewBox[]; onMade: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const make = async (): Promise<void> => {
    const points = [t("template.drawDoes", { device: item.device }), t("template.drawEach"), t("template.drawStays")];
    if (!await ask({ title: t("template.drawAsk"), points, action: t("template.draw") })) return;
    await run(async () => {
      const wanted: NewTemplate = { review: item.id, boxes: boxes.map(({ x0, y0, x1, y1 }) => [x0, y0, x1, y1]) };
      await post<unknown>("templates", wanted);
      announce(t("template.drawn"));
      onMade();
    });
  };
  return (
    <div className="stack">
      <div className="tools">
        <button type="button" disabled={busy || boxes.length === 0} onClick={() => void make()}>{t("template.draw")}</button>
        <a href={to("templates")}>{t("template.all")}</a>
      </div>
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </div>
  );
}
