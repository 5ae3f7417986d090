import { beforeEach, expect, test } from "vitest";
import { speak } from "../../words/words";
import { cut, falls, given, hostOf, lacks, mostOffer, span, stateOf, steps, whyNot } from "./says";

beforeEach(async () => {
  Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
  await speak("en");
});

test("what is no JSON object is no offer, and what is too large is not read", async () => {
  for (const text of ["", "offer", "[]", "null", "7", '"x"', "{", "{}x"]) expect(given(text), text).toEqual({ why: "form" });
  expect(given(JSON.stringify({ a: "x".repeat(mostOffer) }))).toEqual({ why: "huge" });
  expect(given(`{"a":"${"价".repeat(mostOffer / 3)}"}`)).toEqual({ why: "huge" }); // bytes, not characters
  const exact = '{"b": 1.0, "b": 2}\n';
  const found = given(exact);
  expect("offer" in found && await found.offer.text()).toBe(exact); // it is sent as it was given
});

test("the steps before and at where a purchase stands are done, and the next is under way", () => {
  const states = (step: string, running: boolean): string => steps.map((one) => stateOf(one, { step, running })[1]).join("");
  expect(states("planned", true)).toBe("ooaaaaa"); // dOne, dOing, wAits
  expect(states("filled", false)).toBe("oooaaaa");
  expect(stateOf("answered", { step: "filled", running: true })).toBe("doing");
  expect(stateOf("answered", { step: "filled", running: false })).toBe("waits");
  expect(states("released", false)).toBe("ooooooo");
  expect(stateOf("planned", { step: "refunded", running: false })).toBe("waits"); // of another way than these
});

test("a span of time is in its largest whole unit", () => {
  expect([60, 600, 3600, 5400, 86_400, 172_800].map(span)).toEqual(["1 minute", "10 minutes", "1 hour", "90 minutes", "1 day", "2 days"]);
});

test("a node's place is its host, and what is no address of one has none", () => {
  expect(hostOf("https://node.example:8480/x")).toBe("node.example:8480");
  for (const peer of ["", "javascript:alert(1)", "<b>", "file:///etc"]) expect(hostOf(peer), peer).toBe("");
});

test("a price falls where its floor is another, and a share of it is cut down to the wei", () => {
  expect(falls({ priceWei: "7", floorWei: "7" })).toBe(false);
  expect(falls({ priceWei: "7", floorWei: "3" })).toBe(true);
  expect([cut("1000000000000000001", 8000), cut("9", 1), cut("9", 10_000)]).toEqual(["800000000000000000", "0", "9"]);
});

test("what an account lacks is said only where it is known", () => {
  expect(lacks(5n, "3")).toBe("2");
  expect(lacks(5n, "5")).toBe("");
  expect(lacks(5n, undefined)).toBe("");
});

test("every reason that the node has for not buying has a sentence in both languages", async () => {
  const codes = ["form", "huge", "version", "contracts", "tier", "unsigned", "no-chain", "ended", "hasty", "currency", "taker", "sold", "withdrawn", "not-owned", "unanswered", "poor"];
  for (const language of ["en", "zh"] as const) {
    await speak(language);
    for (const code of codes) expect(whyNot(code, "x"), code).not.toContain("buy.why");
  }
});
