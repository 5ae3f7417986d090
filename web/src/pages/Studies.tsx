import { list } from "../api/client";
import { useAsked } from "../api/ask";
import type { Study } from "../api/types";
import { to } from "../app/route";
import { useSession } from "../app/session";
import { Answer } from "../ui/Answer";
import { Empty } from "../ui/pieces";
import { t } from "../words/words";
import { Home } from "./home/Home";
import { Found } from "./studies/Found";

// Studies is where begins who has studies here: what they do mostly, and the studies as cards.
export function Studies() {
  const studies = useAsked((signal) => list<Study>("studies", signal), []);
  return (
    <Home>
      <div className="row"><h2>{t("studies.title")}</h2><button type="button" onClick={studies.again}>{t("studies.reload")}</button></div>
      <Answer to={studies}>
        {(items) => items.length > 0 ? <Found all={items} /> : <None />}
      </Answer>
    </Home>
  );
}

// None is what somebody finds before any study is here. Who treats people brings none in.
function None() {
  const { role } = useSession();
  return role === "clinician" ? <Empty>{t("studies.noneShown")}</Empty> : <Empty next={[to("import"), t("home.task.import")]}>{t("studies.none")}</Empty>;
}
