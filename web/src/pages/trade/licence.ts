// A licence in the words of the page. What the parties sign is its text, which the node
// composes.
import type { Licence } from "../../api/types";
import { t, word } from "../../words/words";

export const purposes = ["any", "research", "nonprofit-research", "teaching"] as const;
export const uses = ["derive", "view"] as const;

// lasting is how long a licence lasts; without an end it is what noEnd says.
export const lasting = (days: number, noEnd: string): string => (days > 0 ? t("licence.days", { n: days }) : noEnd);

// ofLicence are the facts of a licence: what may be done, what for, what not, and how long.
export const ofLicence = ({ purpose, use, days }: Licence, noEnd: string): [string, string][] => [
  [t("licence.allowed"), word("licence.use", use)],
  [t("licence.for"), word("licence.purpose", purpose)],
  [t("licence.forbidden"), word("licence.not", use)],
  [t("licence.long"), lasting(days, noEnd)],
  ...(days > 0 ? [[t("licence.after"), word("licence.after", use)] as [string, string]] : []),
];
