import { t } from "../../words/words";

// The ways to sign in, as they look: an SVG path in a box of 24 for each.
const icons: Record<string, string> = {
  passkey: "M8.5 12a4 4 0 1 1 3.9-5H21v4h-2.5v3h-4v-3h-2.1a4 4 0 0 1-3.9 1zM8 8h.01",
  wallet: "M4 7.5V18h16V8H5.5a1.5 1.5 0 0 1 0-3H18v3M16 13h.01",
  phrase: "M6 3h9l4 4v14H6zM15 3v4h4M9 11h7M9 14h7M9 17h4",
  token: "M4 7h16v10H4zM8 12h.01M12 12h.01M16 12h.01",
};

// Kind draws one, beside the words that say the same.
export const Kind = ({ of }: { of: string }) => (
  <svg className="kind" viewBox="0 0 24 24" aria-hidden="true"><path d={icons[of] ?? icons.token} /></svg>
);

export const kindOf = (code: string): string => t(`account.kind.${code}`);
