// What of the log an auditor asks for, and how it is told.
import type { Event } from "../../api/types";
import { hasWord, word } from "../../words/words";
import { runs } from "../study/days";

// About is whom or what the events are about: a person's number, or that of a thing.
export const isPerson = (about: string): boolean => /^p_[a-z2-7]{26}$/.test(about);

export const pageSize = 100;

// pathOf is the address of a page of the log, newest first: what is before an event.
export function pathOf(about: string, before: number | undefined): string {
  const query = new URLSearchParams({ newest: "true", limit: String(pageSize) });
  if (about) query.set(isPerson(about) ? "person" : "subject", about);
  if (before !== undefined) query.set("before", String(before));
  return `audit?${query.toString()}`;
}

// Actor is who did it: a role, and the number that tells its sign-ins apart; or a part of
// the node.
export type Actor = { role: string; number: string };

const roles = new Set(["owner", "operator", "clinician", "buyer", "auditor", "member"]);

export function actorOf(actor: string): Actor {
  const [first = "", ...rest] = actor.split(":");
  if (roles.has(first)) return { role: word("role", first), number: rest.join(":") };
  return actor.startsWith("p_") ? { role: word("role", "owner"), number: actor } : { role: word("actor", first), number: rest.join(":") };
}

export const codeOf = (event: Event): string => event.code || event.type;

// meansOf says what an event is. Where the words for its owner speak to them, there are
// others for who is not.
export const meansOf = (code: string): string => (hasWord("logged", code) ? word("logged", code) : word("means", code));

// rows groups neighbours that are told as one: the same was done by the same to the same.
export const rows = (events: readonly Event[]): Event[][] => runs(events, (e) => `${codeOf(e)} ${e.actor} ${e.person ?? ""}`);
