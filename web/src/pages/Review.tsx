import { useAsked } from "../api/ask";
import { get, part } from "../api/client";
import type { ReviewDetail } from "../api/types";
import { to } from "../app/route";
import { Answer } from "../ui/Answer";
import { Facts } from "../ui/Facts";
import { Panel } from "../ui/Panel";
import { Back, Empty, Loading } from "../ui/pieces";
import { number, t, time, word } from "../words/words";
import { Elements } from "./review/Elements";
import { Viewer } from "./review/Viewer";
import "./review/review.css";

// Review is one item of the review: before and after, what became of each element, and
// the decision.
export default function Review({ id }: { id: string }) {
  const item = useAsked((signal) => get<ReviewDetail>(`reviews/${part(id)}`, signal), [id]);
  return (
    <div className="page">
      <Back to={to("reviews")}>{t("review.title")}</Back>
      <h1>{t("review.one")}</h1>
      {/* What was shown before it was decided is not decided by once more. */}
      {item.loading ? <Loading /> : <Answer to={item}>{(found) => <Whole item={found} onChanged={item.again} />}</Answer>}
    </div>
  );
}

function Whole({ item, onChanged }: { item: ReviewDetail; onChanged: () => void }) {
  return (
    <>
      <Viewer item={item} onChanged={onChanged} />
      <div className="columns">
        <Panel title={t("review.about")}><About item={item} /></Panel>
        <Panel title={t("review.said")}><Opinions item={item} /></Panel>
      </div>
      <Panel title={t("review.elements")}><Elements of={item.elements} /></Panel>
    </>
  );
}

const About = ({ item }: { item: ReviewDetail }) => (
  <Facts of={[
    [t("review.column.device"), item.device],
    [t("review.size"), `${number(item.columns)} × ${number(item.rows)}`],
    [t("review.frames"), number(Math.max(1, item.frames))],
    [t("review.marks"), number(item.marks.length)],
    [t("study.one"), <a key="study" href={to("study", item.study)}>{t("review.toStudy")}</a>],
    [t("review.column.since"), time(item.created)],
  ]} />
);

function Opinions({ item }: { item: ReviewDetail }) {
  if (item.said.length === 0) return <Empty>{t("review.unsaid")}</Empty>;
  return (
    <ul className="reasons">
      {item.said.map(({ seq, by, decision, at, boxes = [] }) => (
        <li key={seq}>{t("review.opinion", { by, what: word("decide", decision), at: time(at) })}{boxes.length > 0 && ` ${t("review.withBoxes", { n: boxes.length })}`}</li>
      ))}
    </ul>
  );
}
