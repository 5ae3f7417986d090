import { useAsked } from "../api/ask";
import { list } from "../api/client";
import type { Purchase } from "../api/types";
import { Answer } from "../ui/Answer";
import { Facts } from "../ui/Facts";
import { Id } from "../ui/Id";
import { Panel } from "../ui/Panel";
import { Empty } from "../ui/pieces";
import { t, time, word } from "../words/words";
import { Home } from "./home/Home";
import { Money } from "./trade/Money";
import { Payouts } from "./trade/Payouts";
import { Verification } from "./trade/Verification";

// Purchases is what a buyer bought here, with its proofs.
export default function Purchases() {
  const bought = useAsked((signal) => list<Purchase>("purchases", signal), []);
  return (
    <Home>
      <p className="prose">{t("home.buyer")}</p>
      <p className="note">{t("money.play")}</p>
      <Answer to={bought}>
        {(items) => items.length > 0 ? items.map((one) => <Bought key={one.order} {...one} />) : <Empty>{t("purchases.none")}</Empty>}
      </Answer>
    </Home>
  );
}

function Bought({ step, token, order, priceWei, updated, payouts }: Purchase) {
  return (
    <Panel title={word("step", step)}>
      <Facts of={[
        [t("release.token"), <Id key="token" of={token} label={t("release.token")} />],
        [t("trade.order"), <Id key="order" of={order} label={t("trade.order")} />],
        [t("release.price"), <Money key="price" wei={priceWei} />],
        [t("release.updated"), time(updated)],
      ]} />
      <Payouts of={payouts} />
      <Verification token={token} />
    </Panel>
  );
}
