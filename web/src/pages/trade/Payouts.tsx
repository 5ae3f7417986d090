import type { Currency, Payout } from "../../api/types";
import { Id } from "../../ui/Id";
import { Table } from "../../ui/Table";
import { amount, numberOf } from "../../words/money";
import { number, t, word } from "../../words/words";
import "./trade.css";

// Payouts says who was paid how much of a trade.
export function Payouts({ of, money }: { of: readonly Payout[]; money?: Currency | undefined }) {
  if (of.length === 0) return null;
  return (
    <Table label={t("trade.payouts")} captioned className="payouts"
      columns={[[t("payout.who")], [t("payout.amount"), "number"], [t(money ? "payout.units" : "payout.wei"), "number"], [t("payout.address")]]}>
      {of.map(({ role, to, wei }) => (
        <tr key={`${role} ${to}`}>
          <td>{word("payee", role)}</td>
          <td className={numberOf(money)}>{amount(wei, money)}</td>
          <td className="number">{number(BigInt(wei))}</td>
          <td><Id of={to} label={word("payee", role)} /></td>
        </tr>
      ))}
    </Table>
  );
}
