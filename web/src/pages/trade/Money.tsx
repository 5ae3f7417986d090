import { coins } from "../../words/money";
import { number } from "../../words/words";

// Money is an amount in coins, and exactly in wei.
export const Money = ({ wei }: { wei: string }) => <span>{coins(wei)}<span className="small"> = {number(BigInt(wei))} wei</span></span>;
