import { type ReactNode, useEffect, useRef } from "react";
import type { Language } from "../words/words";
import { t, word } from "../words/words";
import { doors } from "./doors";
import type { Settings, Theme } from "./look";
import { to, useRoute } from "./route";
import type { Session } from "./session";

const names: Record<Language, string> = { en: "English", zh: "中文" };

// Shell is what stands around every page: where one can go, who is signed in, language and colours.
export function Shell({ session, settings, onSignOut, children }: { session: Session | null; settings: Settings; onSignOut: () => void; children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const route = useRoute();
  const place = route.join("/");
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t("header.skip")}</a>
      <header className="top">
        <a className="brand" href={to()}><img src="icon.svg" alt="" width="28" height="28" />SINSO</a>
        <span className="tagline">{t("header.tagline")}</span>
        <Choices settings={settings} />
        {session && <span className="account"><a className="chip" href={to("account")} aria-current={route[0] === "account" ? "page" : undefined} aria-label={t("account.door", { role: word("role", session.role) })}>{word("role", session.role)}</a><a className="help" href={to("help")} aria-current={route[0] === "help" ? "page" : undefined}>{t("help.door")}</a><button type="button" onClick={onSignOut}>{t("header.signOut")}</button></span>}
      </header>
      {session && <Doors session={session} at={route[0] ?? ""} />}
      <main id="main" tabIndex={-1} ref={main}>{children}</main>
    </>
  );
}

// Choices are language and colours.
export function Choices({ settings }: { settings: Settings }) {
  return (
    <span className="choices">
      <select aria-label={t("header.language")} value={settings.language} onChange={(event) => { settings.setLanguage(event.target.value as Language); }}>
        {settings.languages.map((code) => <option key={code} value={code} lang={code === "zh" ? "zh-Hans" : code}>{names[code]}</option>)}
      </select>
      <select aria-label={t("header.theme")} value={settings.theme} onChange={(event) => { settings.setTheme(event.target.value as Theme); }}>
        {settings.themes.map((code) => <option key={code} value={code}>{word("theme", code)}</option>)}
      </select>
    </span>
  );
}

// Doors are the places that a role has.
function Doors({ session, at }: { session: Session; at: string }) {
  const open = doors.filter((door) => door.roles.includes(session.role));
  if (open.length < 2) return null;
  return (
    <nav className="doors" aria-label={t("header.places")}>
      {open.map((door) => (
        <a key={door.at} href={to(...door.at.split("/").filter(Boolean))} aria-current={door.under.includes(at) ? "page" : undefined}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d={door.icon} /></svg>
          <span>{t(door.title)}</span>
        </a>
      ))}
    </nav>
  );
}
