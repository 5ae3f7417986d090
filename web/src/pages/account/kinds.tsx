import { t } from "../../words/words";

// The ways to sign in, as they look: an SVG path in a box of 24 for each.
const icons: Record<string, string> = {
  passkey: "M7.5 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11.5 12H21v3.5M17 12v3",
  wallet: "M4 7.5V18h16V8H5.5a1.5 1.5 0 0 1 0-3H18v3M16 13h.01",
  phrase: "M6 3h9l4 4v14H6zM15 3v4h4M9 11h7M9 14h7M9 17h4",
  token: "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zM14 9v.01M14 12v.01M14 15v.01",
};

// Kind draws one, beside the words that say the same.
export const Kind = ({ of }: { of: string }) => (
  <svg className="kind" viewBox="0 0 24 24" aria-hidden="true"><path d={icons[of] ?? icons.token} /></svg>
);

export const kindOf = (code: string): string => t(`account.kind.${code}`);
