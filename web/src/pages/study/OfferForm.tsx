import { type FormEvent, useState } from "react";
import { follow } from "../../api/client";
import type { Done, NewAsset, Study } from "../../api/types";
import { useWork } from "../../api/work";
import { Failure } from "../../ui/Failure";
import { Progress } from "../../ui/pieces";
import { useConfirm } from "../../ui/useConfirm";
import { toWei } from "../../words/money";
import { t } from "../../words/words";
import { Forecast } from "../risk/Risk";

const defaced = "research-sale-defaced"; // the profile that takes faces out

// OfferForm makes a release of a study and offers it for a price.
export function OfferForm({ study, onDone }: { study: Study; onDone: () => void }) {
  const [price, setPrice] = useState("");
  const [wrong, setWrong] = useState(false);
  const [deface, setDeface] = useState(false);
  const [progress, setProgress] = useState<Done>();
  const [ask, dialog] = useConfirm();
  const { busy, failure, run } = useWork();
  const profile = deface ? defaced : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const priceWei = toWei(price);
    setWrong(priceWei === null);
    if (priceWei === null || !await ask({ title: t("offer.title"), points: [t("offer.does"), t("offer.stays"), t("offer.cannot")], action: t("offer.button") })) return;
    await run(async () => {
      setProgress(undefined);
      const wanted: NewAsset = { study: study.id, priceWei, ...(profile && { profile }) };
      await follow<Done, unknown>("assets", wanted, setProgress);
      onDone();
    });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p className="prose">{t("offer.what")}</p>
      <div className="field">
        <label htmlFor="price">{t("offer.price")}</label>
        <input id="price" inputMode="decimal" required placeholder="0.02" autoComplete="off" aria-describedby="price-help" aria-invalid={wrong || undefined}
          value={price} onChange={(event) => { setPrice(event.target.value); }} />
        <p className="small" id="price-help">{t("offer.help")}</p>
      </div>
      <label className="choice" htmlFor="deface">
        <input type="checkbox" id="deface" checked={deface} onChange={(event) => { setDeface(event.target.checked); }} /> {t("offer.deface")}
      </label>
      <h3>{t("risk.title")}</h3>
      <p className="prose">{t("risk.what")}</p>
      <Forecast key={profile} study={study.id} profile={profile} />
      <button className="primary" disabled={busy}>{t("offer.button")}</button>
      {wrong && <p className="failure" role="alert">{t("offer.wrongPrice")}</p>}
      {busy && <Working progress={progress} />}
      {failure !== null && <Failure of={failure} />}
      {dialog}
    </form>
  );
}

const Working = ({ progress }: { progress: Done | undefined }) => (
  <div className="stack">
    <p>{progress && progress.total > 0 ? t("offer.progress", { done: progress.done, total: progress.total }) : t("offer.working")}</p>
    <Progress label={t("offer.working")} of={progress} />
  </div>
);
