import { useAsked } from "../../api/ask";
import { list, part, remove, text } from "../../api/client";
import type { Sharing, Study } from "../../api/types";
import { useWork } from "../../api/work";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { Answer } from "../../ui/Answer";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Empty } from "../../ui/pieces";
import { save } from "../../ui/save";
import { useConfirm } from "../../ui/useConfirm";
import { date, number, t, time } from "../../words/words";
import { nameOf } from "../studies/Card";
import "./share.css";

// Shares are what an owner shows and has shown by links, the newest first.
export default function Shares() {
  const found = useAsked(async (signal) => {
    const [shares, studies] = await Promise.all([list<Sharing>("shares", signal), list<Study>("studies", signal)]);
    return { shares: shares.toReversed(), names: new Map(studies.map((study) => [study.id, [nameOf(study), date(study.date)].filter(Boolean).join(" · ")])) };
  }, []);
  return (
    <div className="page">
      <h1>{t("share.listTitle")}</h1>
      <p className="prose">{t("share.listWhat")}</p>
      <Answer to={found}>
        {({ shares, names }) => (shares.length === 0
          ? <Empty next={[to(), t("share.choose")]}>{t("share.none")}</Empty>
          : <ul className="shares">{shares.map((share) => <One key={share.id} share={share} name={names.get(share.study) ?? t("study.one")} onChanged={found.again} />)}</ul>)}
      </Answer>
    </div>
  );
}

// stateOf is a share's state. One that was opened as often as it may be is still there for
// who opened it last, and opens for nobody else.
const stateOf = ({ state, most, openings }: Sharing): string => (state === "made" && most > 0 && openings.length >= most ? "used" : state);

function One({ share, name, onChanged }: { share: Sharing; name: string; onChanged: () => void }) {
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const end = async (): Promise<void> => {
    if (!await ask({ title: t("share.endAsk"), points: [t("share.endDoes"), t("share.endKeeps"), t("share.endCannot")], action: t("share.end") })) return;
    await run(async () => {
      await remove(`shares/${part(share.id)}`);
      announce(t("share.endedNow"));
      onChanged();
    });
  };
  const receipt = (): Promise<void> => run(async () => {
    save(`consent-receipt-${share.id}.json`, await text(`shares/${part(share.id)}/receipt`), "application/json");
  });
  return (
    <li className="panel">
      <div className="row">
        <h2><a href={to("study", share.study)}>{name}</a></h2>
        <span className={`badge share-${stateOf(share)}`}>{t(`share.state.${stateOf(share)}`)}</span>
      </div>
      <Facts of={[
        [t("share.madeAt"), time(share.made ?? share.planned)],
        [t("share.endsAt"), share.state !== "ended" && time(share.endsAt)],
        [t("share.endedAt"), share.ended && [time(share.ended), share.why && t(`share.why.${share.why}`)].filter(Boolean).join(" · ")],
        [t("share.for"), t(`share.purpose.${share.purpose}`)],
        [t("share.limit"), share.most > 0 && number(share.most)],
      ]} />
      <Openings of={share.openings} />
      <div className="tools">
        <button type="button" disabled={busy} onClick={() => void receipt()}>{t("share.receipt")}</button>
        {share.state !== "ended" && <button type="button" className="danger" disabled={busy} onClick={() => void end()}>{t("share.end")}</button>}
      </div>
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </li>
  );
}

function Openings({ of }: { of: readonly string[] }) {
  if (of.length === 0) return <p className="quiet">{t("share.notOpened")}</p>;
  return (
    <div>
      <h3>{t("share.opened", { n: of.length })}</h3>
      <ol className="reasons">{of.map((at, i) => <li key={i}><time dateTime={at}>{time(at)}</time></li>)}</ol>
    </div>
  );
}
