import { useRef } from "react";
import { useAsked } from "../../api/ask";
import { list, part, remove } from "../../api/client";
import type { Ended, OpenSession } from "../../api/types";
import { useWork } from "../../api/work";
import { announce } from "../../ui/announce";
import { Answer } from "../../ui/Answer";
import { Facts } from "../../ui/Facts";
import { useConfirm } from "../../ui/useConfirm";
import { t, time } from "../../words/words";
import { Kind, kindOf } from "./kinds";
import { Trouble } from "./Trouble";

// Sessions are the pages that are signed in to the account, and what ends them.
export function Sessions() {
  const sessions = useAsked((signal) => list<OpenSession>("sessions", signal), []);
  const { busy, failure, run } = useWork();
  const [ask, dialog] = useConfirm();
  const heading = useRef<HTMLHeadingElement>(null);
  const changed = (n: number): void => {
    announce(t("account.ended", { n }));
    heading.current?.focus(); // what had the focus is about to go
    sessions.again();
  };
  const end = (id: string): Promise<void> => run(async () => {
    await remove<unknown>(`sessions/${part(id)}`);
    changed(1);
  });
  const endOthers = async (): Promise<void> => {
    if (!await ask({ title: t("account.endOthers"), points: [t("account.endOthersWhat"), t("account.endOthersNot")], action: t("account.endOthers") })) return;
    await run(async () => {
      changed((await remove<Ended>("sessions"))?.ended ?? 0);
    });
  };
  return (
    <section className="panel" aria-labelledby="sessions">
      <h2 id="sessions" ref={heading} tabIndex={-1}>{t("account.where")}</h2>
      <p className="prose">{t("account.whereWhat")}</p>
      <Answer to={sessions}>
        {(items) => (
          <>
            <ul className="account-rows">{items.toSorted((a, b) => Number(b.this) - Number(a.this)).map((one) => <Row key={one.id} of={one} busy={busy} onEnd={() => void end(one.id)} />)}</ul>
            {failure !== null && <Trouble of={failure} />}
            {items.some((one) => !one.this) && <button type="button" className="danger" disabled={busy} onClick={() => void endOthers()}>{t("account.endOthers")}</button>}
          </>
        )}
      </Answer>
      {dialog}
    </section>
  );
}

// seen is when a session was last used. The node knows it to ten minutes, rounded down.
const seen = ({ made, used }: OpenSession): string => (Date.parse(used) > Date.parse(made) ? used : made);

const Row = ({ of, busy, onEnd }: { of: OpenSession; busy: boolean; onEnd: () => void }) => (
  <li aria-current={of.this ? "true" : undefined}>
    <Kind of={of.how} />
    <div className="stack">
      <h3>{kindOf(of.how)} {of.this && <span className="badge here">{t("account.this")}</span>}</h3>
      <Facts of={[[t("account.since"), time(of.made)], [t("account.seen"), time(seen(of))]]} />
    </div>
    {!of.this && <div className="tools"><button type="button" disabled={busy} aria-label={t("account.endOf", { how: kindOf(of.how), time: time(of.made) })} onClick={onEnd}>{t("account.end")}</button></div>}
  </li>
);
