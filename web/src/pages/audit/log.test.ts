import { beforeEach, expect, test } from "vitest";
import type { Event } from "../../api/types";
import { speak } from "../../words/words";
import { actorOf, isPerson, meansOf, pathOf, rows } from "./log";

beforeEach(async () => {
  Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
  await speak("en");
});

const person = `p_${"a".repeat(26)}`;

test("a person's number asks for a person, another for a thing", () => {
  expect(isPerson(person)).toBe(true);
  expect(isPerson("p_x")).toBe(false);
  expect(pathOf(person, undefined)).toBe(`audit?newest=true&limit=100&person=${person}`);
  expect(pathOf("bafk&person=p_x", 7)).toBe("audit?newest=true&limit=100&subject=bafk%26person%3Dp_x&before=7");
  expect(pathOf("", 0)).toBe("audit?newest=true&limit=100&before=0");
});

test("who did it is a role with what tells its sign-ins apart, or a part of the node", () => {
  expect(actorOf("clinician:0a1b")).toEqual({ role: "Clinician", number: "0a1b" });
  expect(actorOf("owner:k_1:2")).toEqual({ role: "Owner", number: "k_1:2" });
  expect(actorOf(person)).toEqual({ role: "Owner", number: person });
  expect(actorOf("dimse:SCANNER")).toEqual({ role: "A DICOM device", number: "SCANNER" });
  expect(actorOf("node")).toEqual({ role: "The node by itself", number: "" });
  expect(actorOf("newer")).toEqual({ role: "newer", number: "" }); // than this page
});

const event = (seq: number, type: string, actor: string, of?: string): Event => ({ seq, type, code: type, at: "2026-01-02T03:04:05Z", actor, count: 1, says: "", ...(of ? { person: of } : {}) });

test("neighbours are one row only if the same did the same to the same", () => {
  const found = rows([event(5, "opened", "a", person), event(4, "opened", "a", person), event(3, "opened", "b", person), event(2, "opened", "b"), event(1, "released", "b")]);
  expect(found.map((run) => run.map(({ seq }) => seq))).toEqual([[5, 4], [3], [2], [1]]);
});

test("an auditor is not spoken to as the owner", async () => {
  for (const language of ["en", "zh"] as const) {
    await speak(language);
    for (const code of ["person-created", "instance-sealed", "released", "identity-registered", "ordered", "signed-in", "sign-in-added", "share-planned"]) expect(meansOf(code), code).not.toMatch(/\byour?\b|您/i);
  }
});
