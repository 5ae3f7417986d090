// A wallet pays for a purchase (EIP-1193). What it answers is foreign: nothing of it is believed
// that the node does not see on the chain for itself.
import type { Payment } from "../../api/types";
import { SignInError } from "../../signin/bytes";
import { accountOf, type Provider, request } from "../../signin/wallet";

// PayError is a payment that was not sent, or failed on the chain: each has words of its own.
export class PayError extends Error {
  readonly reason: "cancelled" | "wallet" | "chain" | "reverted" | "late";

  constructor(reason: PayError["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

const hex = (n: bigint): string => `0x${n.toString(16)}`;

// isOn reports whether a wallet is on a chain.
async function isOn(provider: Provider, chain: bigint): Promise<boolean> {
  const said = await request(provider, "eth_chainId");
  return typeof said === "string" && /^0x[0-9a-f]{1,16}$/i.test(said) && BigInt(said) === chain;
}

// goTo has a wallet go to a chain (EIP-3326). One that it does not know it cannot go to.
async function goTo(provider: Provider, chain: bigint): Promise<void> {
  if (await isOn(provider, chain)) return;
  try {
    await request(provider, "wallet_switchEthereumChain", [{ chainId: hex(chain) }]);
  } catch (error) {
    throw new PayError(error instanceof SignInError && error.reason === "cancelled" ? "cancelled" : "chain");
  }
  if (!await isOn(provider, chain)) throw new PayError("chain");
}

// send asks a wallet to send a payment, and returns the hash of its transaction.
export async function send(provider: Provider, { chainId, to, data, valueWei }: Payment): Promise<string> {
  try {
    const from = await accountOf(provider);
    await goTo(provider, BigInt(chainId));
    const sent = await request(provider, "eth_sendTransaction", [{ from, to, data, value: hex(BigInt(valueWei)) }]);
    if (typeof sent !== "string" || !/^0x[0-9a-f]{64}$/i.test(sent)) throw new PayError("wallet");
    return sent.toLowerCase();
  } catch (error) {
    if (error instanceof SignInError) throw new PayError(error.reason === "cancelled" ? "cancelled" : "wallet");
    throw error;
  }
}

const pause = 1500, most = 400; // ms between two looks at a transaction, and how many looks: ten minutes

// landed waits until a transaction is in a block. The wallet is asked, since its chain is the node's.
export async function landed(provider: Provider, hash: string, wait = (): Promise<void> => new Promise((done) => { setTimeout(done, pause); })): Promise<void> {
  for (let i = 0; i < most; i++) {
    const receipt = await request(provider, "eth_getTransactionReceipt", [hash]).catch(() => null); // it is asked again
    const status = typeof receipt === "object" && receipt !== null ? (receipt as { status?: unknown }).status : undefined;
    if (status === "0x1") return;
    if (status === "0x0") throw new PayError("reverted");
    await wait();
  }
  throw new PayError("late");
}
