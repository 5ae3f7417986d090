import { useState } from "react";
import { useAsked } from "../api/ask";
import { get, part } from "../api/client";
import type { ReviewItem, ReviewPage } from "../api/types";
import { useWork } from "../api/work";
import { to } from "../app/route";
import { useSession } from "../app/session";
import { Answer } from "../ui/Answer";
import { Failure } from "../ui/Failure";
import { Back, Empty } from "../ui/pieces";
import { Table } from "../ui/Table";
import { t, time, word } from "../words/words";
import { why } from "./review/why";

const states = ["open", "approved", "redacted", "refused", "leaking", "sound"] as const;
type State = (typeof states)[number];

// Reviews is the queue of the review: one state of it, page by page.
export default function Reviews() {
  const { role } = useSession();
  const [state, setState] = useState<State>("open");
  return (
    <div className="page">
      <Back to={to()}>{t("studies.title")}</Back>
      <div className="row">
        <h1>{t("review.title")}</h1>
        {role === "clinician" && <a className="button" href={to("reviews", "estimate")}>{t("estimate.title")}</a>}
      </div>
      <p className="prose">{t("review.what")}</p>
      <div className="tools">
        <label htmlFor="review-state">{t("review.state")}</label>
        <select id="review-state" value={state} onChange={(event) => { setState(event.target.value as State); }}>
          {states.map((code) => <option key={code} value={code}>{word("reviewState", code)}</option>)}
        </select>
      </div>
      <Queue key={state} state={state} />
    </div>
  );
}

const limit = 50; // items of one page

const ask = (state: State, after = "", signal?: AbortSignal): Promise<ReviewPage> =>
  get<ReviewPage>(`reviews?state=${state}&limit=${limit}${after && `&after=${part(after)}`}`, signal);

function Queue({ state }: { state: State }) {
  const first = useAsked((signal) => ask(state, "", signal), []);
  const [further, setFurther] = useState<readonly ReviewPage[]>([]);
  const { busy, failure, run } = useWork();
  return (
    <Answer to={first}>
      {(page) => {
        const pages = [page, ...further], items = pages.flatMap((one) => one.items), next = pages.at(-1)?.next;
        if (items.length === 0) return <Empty>{t(state === "open" ? "review.none" : "review.noneSo")}</Empty>;
        const more = (): Promise<void> => run(async () => {
          const one = await ask(state, next);
          setFurther((before) => [...before, one]);
        });
        return (
          <section className="panel">
            <Table label={t("review.queue")} columns={[[t("review.column.item")], [t("review.column.why")], [t("review.column.device")], [t("review.column.since")]]}>
              {items.map((item) => <Row key={item.id} item={item} />)}
            </Table>
            {failure !== null && <Failure of={failure} />}
            {next && <button type="button" disabled={busy} onClick={() => void more()}>{t("review.more")}</button>}
          </section>
        );
      }}
    </Answer>
  );
}

const Row = ({ item }: { item: ReviewItem }) => (
  <tr>
    <td><a href={to("review", item.id)}>{t(item.sample ? "review.openSample" : "review.openItem")} {item.id.slice(2, 8)}</a></td>
    <td>{why(item)}</td>
    <td>{item.device}</td>
    <td>{time(item.created)}</td>
  </tr>
);
