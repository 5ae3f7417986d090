import { useEffect, useRef } from "react";
import type { Study } from "../../api/types";
import { to } from "../../app/route";
import { announce } from "../../ui/announce";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Panel } from "../../ui/Panel";
import { save } from "../../ui/save";
import { bytes, day, number, t, time } from "../../words/words";
import { type Erasure, receiptOf, waitsFor } from "./erasure";

// Erased stands where a study was that is gone, or will be: its receipt, or what it waits for.
export function Erased({ study, erasure }: { study: Study; erasure: Erasure }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { heading.current?.focus(); scrollTo(0, 0); }, []);
  const { told } = erasure, gone = receiptOf(told) !== null;
  return (
    <div className="page">
      <h1 ref={heading} tabIndex={-1}>{t(gone ? "erase.done" : "erase.hidden")}</h1>
      <p className="prose">{gone ? t("erase.doneWhat") : t(`erase.waits.${waitsFor(told)}`)}</p>
      <Panel title={t(gone ? "erase.receipt" : "erase.waiting")}>
        {gone ? <Receipt study={study} erasure={erasure} /> : <Waiting erasure={erasure} />}
      </Panel>
      <p><a href={to()}>{t("erase.toStudies")}</a></p>
    </div>
  );
}

function Receipt({ study, erasure: { told, text } }: { study: Study; erasure: Erasure }) {
  const receipt = receiptOf(told);
  if (!receipt) return null;
  const keep = (): void => {
    save(`sinso-erasure-${told.id}.json`, text, "application/json");
    announce(t("erase.saved"));
  };
  return (
    <>
      <Facts of={[
        [t("erase.images"), `${number(study.instances)} · ${bytes(study.bytes)}`],
        [t("erase.keys"), number(receipt.keys)],
        [t("erase.objects"), number(receipt.objects)],
        [t("erase.blocks"), number(receipt.blocks)],
        [t("erase.events"), number(receipt.events)],
        [t("erase.missing"), receipt.missing > 0 && number(receipt.missing)],
        [t("erase.at"), told.done && time(told.done)],
        [t("study.id"), <Id key="id" of={told.id} label={t("study.id")} />],
      ]} />
      <p className="prose">{t("erase.receiptWhat")}</p>
      <p className="prose">{t("erase.receiptKeep")}</p>
      <div className="tools"><button type="button" className="primary" onClick={keep}>{t("erase.save")}</button></div>
    </>
  );
}

const Waiting = ({ erasure: { told } }: { erasure: Erasure }) => (
  <>
    <Facts of={[
      [t("erase.until"), told.until && day(told.until)],
      [t("erase.begun"), time(told.begun)],
      [t("study.id"), <Id key="id" of={told.id} label={t("study.id")} />],
    ]} />
    <p className="prose">{t("erase.waitsNext")}</p>
  </>
);
