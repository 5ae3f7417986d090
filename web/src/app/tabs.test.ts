// Two tabs of one browser, and who is signed in in each.
import { expect, test } from "vitest";
import type { Session } from "./session";
import { isOther, type Signed, Tabs } from "./tabs";

const owner = (person: string): Session => ({ role: "owner", person });

// tab is one that shows somebody, as the page does, and begins anew for another.
function tab(shown: Signed) {
  let heard: () => void = () => {};
  const told = new Promise<void>((resolve) => { heard = resolve; });
  const state = { shown, anew: false, told, tabs: new Tabs((now) => { if (isOther(state.shown, now)) state.anew = true; heard(); }) };
  return state;
}

test("a tab begins anew when another signs in as somebody else, not for the same person", async () => {
  const mine = tab(owner("p1")), same = tab(owner("p2")), here = tab(owner("p1"));
  here.tabs.tell(owner("p2"));
  await Promise.all([mine.told, same.told]);
  expect([mine.anew, same.anew, here.anew]).toEqual([true, false, false]);
  for (const one of [mine, same, here]) one.tabs.close();
});

test("who is not surely the same counts as somebody else; who shows nothing stays", () => {
  expect(isOther(owner("p1"), null)).toBe(true); // signed out
  expect(isOther(undefined, owner("p1"))).toBe(true); // its answer may be of the session before
  expect(isOther({ role: "clinician" }, { role: "clinician" })).toBe(true); // two tokens
  expect(isOther({ role: "member", person: "p1" }, owner("p1"))).toBe(true);
  expect(isOther(null, owner("p1"))).toBe(false); // half of a phrase may be typed there
});
