// External wallets: found by EIP-6963, asked to sign a message of EIP-4361. A wallet is
// a program of somebody else's: all that it says is foreign text.
import { type Ask, SignInError, fields, fromHex, text, toBase64, toHex, utf8 } from "./bytes";

// Provider is what a wallet announces (EIP-1193).
export type Provider = { request(args: { method: string; params?: readonly unknown[] }): Promise<unknown> };

// Wallet is one that is there. Its name is plain text, its icon a data: URL for an
// <img>, or nothing.
export type Wallet = { readonly id: string; readonly name: string; readonly icon?: string; readonly provider: Provider };

const most = 32; // wallets; a browser has two or three
const longestName = 40;
const longestIcon = 100_000;

// findWallets calls found with all wallets so far whenever one more announces itself,
// and returns what ends that.
export function findWallets(found: (wallets: readonly Wallet[]) => void): () => void {
  const wallets: Wallet[] = [];
  const listen = (event: Event) => {
    const wallet = announced((event as CustomEvent<unknown>).detail);
    if (!wallet || wallets.length >= most || wallets.some((w) => w.id === wallet.id)) return;
    wallets.push(wallet);
    found([...wallets]);
  };
  addEventListener("eip6963:announceProvider", listen);
  dispatchEvent(new Event("eip6963:requestProvider"));
  return () => { removeEventListener("eip6963:announceProvider", listen); };
}

function announced(detail: unknown): Wallet | undefined {
  if (typeof detail !== "object" || detail === null) return undefined;
  const { info, provider } = detail as { info?: unknown; provider?: unknown };
  if (typeof info !== "object" || info === null || typeof provider !== "object" || provider === null) return undefined;
  const { uuid, name, icon } = info as Record<string, unknown>;
  if (typeof uuid !== "string" || typeof name !== "string" || typeof (provider as Partial<Provider>).request !== "function") return undefined;
  const shown = [...name.replace(/[\p{C}\p{Z}]+/gu, " ").trim()].slice(0, longestName).join("");
  if (shown === "" || uuid.length > 64) return undefined;
  const image = typeof icon === "string" && icon.length <= longestIcon && /^data:image\/(png|svg\+xml|webp|jpeg|gif)[;,]/.test(icon);
  return { id: uuid, name: shown, provider: provider as Provider, ...(image && { icon }) };
}

// Message is what a wallet signs, each field as it stands in the text.
export type Message = {
  readonly domain: string;
  readonly address: string; // with its checksum (ERC-55)
  readonly statement: string;
  readonly uri: string;
  readonly chainId: number;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expires: string;
};

// writeMessage writes it as EIP-4361 has it.
export function writeMessage(m: Message): string {
  return [
    `${m.domain} wants you to sign in with your Ethereum account:`,
    m.address,
    "",
    m.statement,
    "",
    `URI: ${m.uri}`,
    "Version: 1",
    `Chain ID: ${m.chainId}`,
    `Nonce: ${m.nonce}`,
    `Issued At: ${m.issuedAt}`,
    `Expiration Time: ${m.expires}`,
  ].join("\n");
}

// signInByWallet signs in by a wallet that was added before, and returns the node's
// answer.
export async function signInByWallet(ask: Ask, wallet: Wallet): Promise<unknown> {
  return ask("session/wallet", await signed(ask, "session", wallet));
}

// addWallet lets a wallet's account sign in from now on, and returns the node's answer.
export async function addWallet(ask: Ask, wallet: Wallet, label: string): Promise<unknown> {
  return ask("credentials/wallet", { ...await signed(ask, "credentials", wallet), label });
}

// accountOf is the account that a wallet lets the page see: the first, if it has several.
export async function accountOf(provider: Provider): Promise<string> {
  const accounts = await request(provider, "eth_requestAccounts");
  const address: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof address !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(address)) throw new SignInError("wallet");
  return address;
}

async function signed(ask: Ask, base: "session" | "credentials", { provider }: Wallet) {
  const address = await accountOf(provider);
  const chainId = Number(await request(provider, "eth_chainId"));
  if (!Number.isSafeInteger(chainId) || chainId < 1) throw new SignInError("wallet");
  const asked = fields(await ask(`${base}/wallet/challenge`, { chainId, address: address.toLowerCase() }));
  const message = writeMessage({
    domain: location.host, uri: location.origin, // the page's own, not the node's word for it
    address: text(asked, "address"), statement: text(asked, "statement"), chainId,
    nonce: text(asked, "nonce"), issuedAt: text(asked, "issuedAt"), expires: text(asked, "expires"),
  });
  const signature = await request(provider, "personal_sign", [`0x${toHex(utf8(message))}`, address]);
  if (typeof signature !== "string" || !/^0x([0-9a-fA-F]{2}){1,4096}$/.test(signature)) throw new SignInError("wallet");
  return { message, signature: toBase64(fromHex(signature.slice(2))) };
}

const userRejected = 4001; // EIP-1193 "Provider Errors"

// request asks a wallet. What it throws is a SignInError: cancelled if the person said no.
export async function request(provider: Provider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
    throw new SignInError(code === userRejected ? "cancelled" : "wallet");
  }
}
