import type { Currency } from "../../api/types";
import { amount } from "../../words/money";
import { number } from "../../words/words";

// Money is an amount in coins, and exactly in wei; of a token, in the token.
export const Money = ({ wei, of }: { wei: string; of?: Currency | undefined }) => <span>{amount(wei, of)}{!of && <span className="small"> = {number(BigInt(wei))} wei</span>}</span>;
