import { part, post } from "../../api/client";
import type { ReviewBox, ReviewDecision, ReviewDetail } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Failure } from "../../ui/Failure";
import { useConfirm } from "../../ui/useConfirm";
import { t, word } from "../../words/words";
import { mayRedact } from "./marks";

type Decision = "approve" | "redact" | "refuse" | "leak" | "no-leak";

const takesBoxes = new Set<Decision>(["redact", "leak"]);
const ends = new Set<Decision>(["refuse", "leak"]);

// Decide takes what a person says of an item that they saw. What was changed by somebody
// else meanwhile they did not see: the node refuses such a decision.
export function Decide({ item, drawn, onDecided }: { item: ReviewDetail; drawn: readonly ReviewBox[]; onDecided: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const decide = async (decision: Decision): Promise<void> => {
    const points = [t(`review.means.${decision}`), t("review.final")];
    if (ends.has(decision) && !await ask({ title: t(`review.ask.${decision}`), points, action: word("decide", decision) })) return;
    await run(async () => {
      const said: ReviewDecision = { decision, boxes: takesBoxes.has(decision) ? [...drawn] : [], seen: item.updated };
      await post<unknown>(`reviews/${part(item.id)}/decisions`, said);
      announce(t("review.done"));
      onDecided();
    });
  };
  const button = (decision: Decision, kind: string, open: boolean) => (
    <button type="button" className={kind} disabled={busy || !open} onClick={() => void decide(decision)}>{word("decide", decision)}</button>
  );
  const plain = drawn.length === 0; // else the boxes would be lost without a word
  return (
    <div className="stack">
      {failure !== null && <Failure of={failure} />}
      <div className="tools">
        {item.sample ? button("no-leak", "primary", plain) : button("approve", "primary", plain)}
        {item.sample ? button("leak", "danger", true) : button("redact", "", mayRedact(item, drawn))}
        {!item.sample && button("refuse", "danger", true)}
      </div>
      {dialog}
    </div>
  );
}
