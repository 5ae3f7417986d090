import { type FormEvent, useRef, useState } from "react";
import { post } from "../../api/client";
import type { Credential } from "../../api/types";
import { useWork, type Work } from "../../api/work";
import { useKey } from "../../app/session";
import { type Ask, fromBase64 } from "../../signin/bytes";
import { addPasskey, localhostAddress, passkeysWork, unlock } from "../../signin/passkey";
import type { Locked } from "../../signin/personkey";
import { addWallet } from "../../signin/wallet";
import { announce } from "../../ui/announce";
import { t } from "../../words/words";
import { Kind } from "./kinds";
import { Phrase } from "./Phrase";
import { Trouble } from "./Trouble";
import { useWallets } from "./useWallets";
import { Wallets } from "./Wallets";

const ask: Ask = (path, body) => post<unknown>(path, body);

const kinds = ["passkey", "wallet", "phrase"] as const;
type Which = (typeof kinds)[number];

const words: Record<Which, string> = { passkey: "account.addPasskey", wallet: "account.addWallet", phrase: "account.addPhrase" };

// Add adds a way to sign in: a passkey, a wallet or a recovery phrase.
export function Add({ has, onAdded }: { has: readonly Credential[]; onAdded: () => void }) {
  const [open, setOpen] = useState<Which | null>(null);
  const work = useWork();
  const key = useKey();
  const kept = has.flatMap((way) => (way.wrapped ? [fromBase64(way.wrapped)] : []));
  // What is added next keeps the key that this page has; a fresh one, if the account has none.
  const from = key.locked ?? (kept.length === 0 ? "fresh" : undefined);
  const buttons = useRef<HTMLDivElement>(null);
  const close = (): void => {
    buttons.current?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
    setOpen(null);
  };
  const add = (made: () => Promise<Locked | undefined>): Promise<void> => work.run(async () => {
    const locked = await made();
    if (locked) key.keep(locked);
    announce(t("account.added"));
    close();
    onAdded();
  });
  return (
    <div className="stack account-add">
      <div className="tools" ref={buttons}>
        {kinds.map((kind) => (
          <button key={kind} type="button" aria-expanded={open === kind} className={kind === "passkey" && has.length === 0 ? "primary" : undefined} onClick={() => { setOpen(open === kind ? null : kind); }}>
            <Kind of={kind} />{t(words[kind])}
          </button>
        ))}
      </div>
      {open !== null && from === undefined && open !== "wallet" && <Closed kept={kept} onOpened={key.keep} />}
      {open === "passkey" && <NewPasskey work={work} onMake={(label) => void add(async () => (await addPasskey(ask, label, from)).locked)} />}
      {open === "wallet" && <NewWallet work={work} onMake={(make) => void add(make)} />}
      {open === "phrase" && <Phrase ask={ask} from={from} work={work} add={add} onCancel={close} />}
      {open !== null && work.failure !== null && <Trouble of={work.failure} />}
    </div>
  );
}

// Closed says that this page does not have the person's key, and has a passkey open it.
function Closed({ kept, onOpened }: { kept: readonly ReturnType<typeof fromBase64>[]; onOpened: (locked: Locked) => void }) {
  const { busy, failure, run } = useWork();
  const open = (): Promise<void> => run(async () => {
    onOpened(await unlock(kept));
    announce(t("account.opened"));
  });
  return (
    <div className="note note-stack">
      <p>{t("account.closed")}</p>
      <div className="tools"><button type="button" disabled={busy} onClick={() => void open()}>{t("account.open")}</button></div>
      {failure !== null && <Trouble of={failure} />}
    </div>
  );
}

function NewPasskey({ work, onMake }: { work: Work; onMake: (label: string) => void }) {
  const works = passkeysWork();
  if (works !== true) {
    const there = works === "address" ? localhostAddress(new URL(location.href)) : undefined;
    if (there) return <p className="note">{t("signIn.elsewhere")} <a href={there.href}>{t("signIn.localhost", { host: there.host })}</a></p>;
    return <p className="note">{t(`signIn.next.${works}`)}</p>;
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onMake(String(new FormData(event.currentTarget).get("label") ?? "").trim());
  };
  return (
    <form onSubmit={submit}>
      <p className="prose">{t("account.passkeyWhat")}</p>
      <label htmlFor="passkey-label">{t("account.name")}</label>
      <input id="passkey-label" name="label" maxLength={64} autoComplete="off" placeholder={t("account.nameLike")} />
      <button className="primary" disabled={work.busy}>{t("account.makePasskey")}</button>
    </form>
  );
}

function NewWallet({ work, onMake }: { work: Work; onMake: (make: () => Promise<undefined>) => void }) {
  const wallets = useWallets();
  if (wallets.length === 0) return <p className="note">{t("account.noWallet")}</p>;
  return (
    <div className="stack">
      <p className="prose">{t("account.walletWhat")}</p>
      <Wallets of={wallets} busy={work.busy} onPick={(wallet) => {
        onMake(async () => {
          await addWallet(ask, wallet, wallet.name);
          return undefined;
        });
      }} />
      <p className="small">{t("account.kind.wallet")}: {t("account.walletKey")}</p>
    </div>
  );
}
