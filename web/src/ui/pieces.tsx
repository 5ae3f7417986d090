// Small pieces that many pages are made of.
import type { ReactNode } from "react";
import { t, word } from "../words/words";

// Said folds away a sentence of the node, which speaks English only and names exact
// values; the page's own words stand beside it.
export function Said({ text }: { text?: string | undefined }) {
  if (!text) return null;
  return <details><summary>{t("state.original")}</summary><p className="small" lang="en">{text}</p></details>;
}

// Scrolling lets a wide table scroll by itself, by keyboard too.
export function Scrolling({ label, className = "", children }: { label: string; className?: string; children: ReactNode }) {
  return <div className={`scroll ${className}`} tabIndex={0} role="group" aria-label={label}>{children}</div>;
}

export type TierCode = "T0" | "T1" | "T2" | "T3" | "T4";

export const Tier = ({ code }: { code: TierCode }) => <span className={`badge ${code}`} title={word("tier", code)}>{code}</span>;

// Reasons lists counted reason codes in words, which are those of a copy unless says has
// others.
export function Reasons({ of, says = (code) => word("reason", code) }: { of: Record<string, number>; says?: (code: string) => string }) {
  return <ul className="reasons">{Object.entries(of).map(([code, n]) => <li key={code}>{t("state.counted", { what: says(code), n })}</li>)}</ul>;
}

export const Loading = () => <p className="loading" aria-busy="true">{t("state.loading")}</p>;

// Back leads to the page above this one.
export const Back = ({ to, children }: { to: string; children: ReactNode }) => <a className="back" href={to}>← {children}</a>;

// Progress is how far something is; where nobody knows, it only says that it goes on.
export const Progress = ({ label, of }: { label: string; of?: { done: number; total: number } | undefined }) =>
  of && of.total > 0 ? <progress aria-label={label} value={of.done} max={of.total} /> : <progress aria-label={label} />;

// Empty says that there is nothing, and leads to where there would be something: next is an
// address and its words.
export const Empty = ({ next, children }: { next?: readonly [at: string, words: string]; children: ReactNode }) =>
  <p className="empty">{children}{next && <> <a href={next[0]}>{next[1]}</a></>}</p>;
