import { t } from "../../words/words";
import { Home } from "./Home";

// Member says what a member can do here, which is not much yet.
export default function Member() {
  return <Home><p className="prose">{t("home.member")}</p></Home>;
}
