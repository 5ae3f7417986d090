// A wallet pays for a purchase (EIP-1193). What it answers is foreign: nothing of it is believed
// that the node does not see on the chain for itself.
import { get, post, Problem } from "../../api/client";
import type { Payment, Purchase, SentPayment } from "../../api/types";
import { SignInError } from "../../signin/bytes";
import { accountOf, type Provider, request } from "../../signin/wallet";

// PayError is a payment that was not sent, that failed on the chain, or that the chain does not know: each has words of its own.
export class PayError extends Error {
  readonly reason: "cancelled" | "wallet" | "chain" | "reverted" | "lost";

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

const pause = 1500; // ms between two looks at a payment

const slept = (signal: AbortSignal): Promise<void> => new Promise((done) => {
  const timer = setTimeout(done, pause);
  signal.addEventListener("abort", () => { clearTimeout(timer); done(); });
});

// note has the node know what a wallet sent for a purchase: a page that comes back finds it, and nobody
// pays twice. That another page's is on its way, or that it is paid, is as good.
async function note(path: string, tx: string): Promise<void> {
  try {
    await post<Purchase>(`${path}/sent`, { tx });
  } catch (error) {
    if (!(error instanceof Problem && error.kind === "exists")) throw error;
  }
}

// awaited says what became of what a wallet sent, once that is known. The node is asked, not the wallet;
// onNoted is told once the node knows of it.
export async function awaited(path: string, tx: string, signal: AbortSignal, onNoted: () => void, wait = slept): Promise<string> {
  for (let noted = false; !signal.aborted; await wait(signal)) {
    try {
      if (!noted) {
        await note(path, tx);
        noted = true;
        onNoted();
      }
      const { state } = await get<SentPayment>(path, signal);
      if (state !== "waits") return state;
    } catch { /* the node or its chain is away for a moment */ }
  }
  return "";
}
