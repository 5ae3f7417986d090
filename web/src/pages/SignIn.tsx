import { type FormEvent, useRef } from "react";
import { post } from "../api/client";
import { useWork, type Work } from "../api/work";
import type { Session, SignedIn } from "../app/session";
import { useTitle } from "../app/title";
import type { Ask } from "../signin/bytes";
import { localhostAddress, passkeysWork, signInByPasskey } from "../signin/passkey";
import { signInByPhrase } from "../signin/phrase";
import { signInByWallet } from "../signin/wallet";
import { t } from "../words/words";
import { Kind } from "./account/kinds";
import { Trouble } from "./account/Trouble";
import { useWallets } from "./account/useWallets";
import { Wallets } from "./account/Wallets";
import "./account/signIn.css";

type Way = { work: Work; onSignedIn: (by: SignedIn) => void };

const ask: Ask = (path, body) => post<unknown>(path, body);

// SignIn offers every way to sign in that works here; what needs the least comes first.
export function SignIn({ ended, onSignedIn }: { ended: boolean; onSignedIn: (by: SignedIn) => void }) {
  const work = useWork();
  const wallets = useWallets();
  const passkeys = passkeysWork();
  useTitle("signIn.title");
  const only = passkeys !== true && wallets.length === 0;
  return (
    <section className="panel sign-in" aria-busy={work.busy}>
      <h1>{t("signIn.title")}</h1>
      {ended && work.failure === null && <p className="failure" role="alert">{t("problem.signed-out")}</p>}
      {work.failure !== null && <Trouble of={work.failure} signingIn />}
      {passkeys === true ? <ByPasskey work={work} onSignedIn={onSignedIn} /> : <NoPasskeys why={passkeys} />}
      {wallets.length > 0 && (
        <div className="stack">
          <h2>{t("signIn.byWallet")}</h2>
          <Wallets of={wallets} busy={work.busy} onPick={(wallet) => void work.run(async () => {
            onSignedIn({ session: await signInByWallet(ask, wallet) as Session });
          })} />
        </div>
      )}
      <div className="more-ways">
        <details className="by-token" open={only}>
          <summary><Kind of="token" />{t("signIn.byToken")}</summary>
          <ByToken work={work} onSignedIn={onSignedIn} />
        </details>
        <details className="by-phrase">
          <summary><Kind of="phrase" />{t("signIn.byPhrase")}</summary>
          <ByPhrase work={work} onSignedIn={onSignedIn} />
        </details>
      </div>
    </section>
  );
}

function ByPasskey({ work, onSignedIn }: Way) {
  const go = (): Promise<void> => work.run(async () => {
    const { answer, locked } = await signInByPasskey(ask);
    onSignedIn({ session: answer as Session, ...(locked && { locked }) });
  });
  return (
    <div className="stack">
      <button type="button" className="primary wide" disabled={work.busy} onClick={() => void go()}><Kind of="passkey" />{t("signIn.byPasskey")}</button>
      <p className="small">{t("signIn.passkeyWhat")}</p>
    </div>
  );
}

// NoPasskeys says why there are none here, and where there would be.
function NoPasskeys({ why }: { why: "unsupported" | "address" }) {
  const there = why === "address" ? localhostAddress(new URL(location.href)) : undefined;
  if (there) return <p className="note">{t("signIn.elsewhere")} <a href={there.href}>{t("signIn.localhost", { host: there.host })}</a></p>;
  return <p className="small">{t(`signIn.next.${why}`)}</p>;
}

// ByToken trades a token for a session.
function ByToken({ work, onSignedIn }: Way) {
  const token = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): Promise<void> => {
    event.preventDefault();
    return work.run(async () => {
      try {
        onSignedIn({ session: await post<Session>("session", { token: token.current?.value.trim() }), token: true });
      } finally {
        token.current?.select();
      }
    });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p>{t("signIn.what")}</p>
      <label htmlFor="token">{t("signIn.token")}</label>
      <input id="token" ref={token} type="password" required autoComplete="off" spellCheck={false} placeholder="sinso_…" aria-describedby="token-help" />
      <button className="primary" disabled={work.busy}>{t("signIn.button")}</button>
      <p className="small" id="token-help">{t("signIn.where")}</p>
      <pre><code>sinso token create --role owner --person …</code></pre>
      <p className="small">{t("signIn.kept")}</p>
    </form>
  );
}

// ByPhrase makes the phrase's key here; the phrase itself is not sent.
function ByPhrase({ work, onSignedIn }: Way) {
  const phrase = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): Promise<void> => {
    event.preventDefault();
    return work.run(async () => {
      const { answer, locked } = await signInByPhrase(ask, phrase.current?.value ?? "");
      onSignedIn({ session: answer as Session, ...(locked && { locked }) });
    });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p id="phrase-help">{t("signIn.phraseWhat")}</p>
      <label htmlFor="phrase">{t("signIn.phrase")}</label>
      <input id="phrase" ref={phrase} className="code" type="text" required autoComplete="off" autoCapitalize="characters" spellCheck={false} aria-describedby="phrase-help" />
      <button disabled={work.busy}>{t("signIn.button")}</button>
      <p className="small">{t("signIn.phraseKept")}</p>
    </form>
  );
}
