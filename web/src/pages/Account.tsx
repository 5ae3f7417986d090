import { useAsked } from "../api/ask";
import { list } from "../api/client";
import type { Credential } from "../api/types";
import { to } from "../app/route";
import { useSession } from "../app/session";
import { Answer } from "../ui/Answer";
import { Id } from "../ui/Id";
import { Back } from "../ui/pieces";
import { t, time, word } from "../words/words";
import { Add } from "./account/Add";
import { Sessions } from "./account/Sessions";
import { Ways } from "./account/Ways";
import "./account/account.css";

// Account is how its holder signs in, and where they are signed in.
export default function Account() {
  const { role, expires, person } = useSession();
  const ways = useAsked((signal) => list<Credential>("credentials", signal), []);
  return (
    <div className="page">
      <Back to={to()}>{t("state.home")}</Back>
      <h1>{t("account.title", { role: word("role", role) })}</h1>
      {expires && <p className="prose">{t(role === "owner" ? "account.untilOwner" : "account.until", { time: time(expires) })}</p>}
      {person && <div><p className="prose">{t("account.number")}</p><Id of={person} label={t("account.numberIs")} /></div>}
      <section className="panel" aria-labelledby="ways">
        <h2 id="ways" tabIndex={-1}>{t("account.ways")}</h2>
        <p className="prose">{t("account.waysWhat")}</p>
        <Answer to={ways}>
          {(items) => <><Ways of={items} onChanged={ways.again} /><Add has={items} onAdded={ways.again} /></>}
        </Answer>
      </section>
      <Sessions />
    </div>
  );
}
