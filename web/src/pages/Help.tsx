import { to } from "../app/route";
import { useSession } from "../app/session";
import { startTour } from "../app/tour/start";
import { stepsOf } from "../app/tour/steps";
import { Back } from "../ui/pieces";
import { t, word } from "../words/words";

// Help is what a newcomer may ask, with who they are here.
export default function Help() {
  const { role } = useSession();
  const shown = stepsOf(role, undefined).length > 0;
  return (
    <div className="page">
      <Back to={to()}>{t("state.home")}</Back>
      <h1>{t("help.title")}</h1>
      {shown && (
        <section className="panel" aria-labelledby="help-tour">
          <h2 id="help-tour">{t("tour.start")}</h2>
          <p className="prose">{t("help.tour", { role: word("role", role) })}</p>
          <button type="button" className="primary" onClick={startTour}>{t("tour.start")}</button>
        </section>
      )}
      <section className="panel" aria-labelledby="help-asked">
        <h2 id="help-asked">{t("help.asked")}</h2>
        <dl className="stack">{["safe", "leaves", "end", "keys", "guide"].map((name) => <div key={name}><dt><strong>{t(`help.${name}`)}</strong></dt><dd className="prose">{t(`help.${name}.says`)}</dd></div>)}</dl>
      </section>
      <p className="small"><a href="./licences.txt">{t("help.licences")}</a></p>
    </div>
  );
}
