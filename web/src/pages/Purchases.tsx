import { list } from "../api/client";
import type { Purchase } from "../api/types";
import { to } from "../app/route";
import { Answer } from "../ui/Answer";
import { Empty } from "../ui/pieces";
import { t } from "../words/words";
import { Deal } from "./buy/Deal";
import { useDeals } from "./buy/useDeal";
import { Home } from "./home/Home";

const all = (found: Purchase[]): readonly Purchase[] => found;

// Purchases is what a buyer bought here, with its proofs.
export default function Purchases() {
  const bought = useDeals((signal) => list<Purchase>("purchases", signal), all, []);
  return (
    <Home>
      <p className="prose">{t("home.buyer")}</p>
      <p className="note">{t("money.play")}</p>
      <Answer to={bought}>
        {(items) => items.length > 0 ? items.toReversed().map((one) => <Deal key={one.order} of={one} onChanged={bought.again} />) : <Empty next={[to("buy"), t("buy.title")]}>{t("purchases.none")}</Empty>}
      </Answer>
    </Home>
  );
}
