// What the tour shows to each role: real elements of the real pages.
import { to } from "../route";
import type { Role } from "../session";

// Step is one of them: where it is, what it points at, and its words, tour.NAME. A place
// with STUDY is of a study, and left out where there is none.
export type Step = { name: string; at: string; points: string; roles: readonly Role[] };

const all: readonly Step[] = [
  { name: "tasks", at: "", points: ".tasks", roles: ["owner", "clinician", "operator", "buyer"] },
  { name: "card", at: "", points: ".card", roles: ["owner", "clinician", "operator"] },
  { name: "look", at: "study/STUDY", points: `a[href^="#/view/"]`, roles: ["owner", "clinician"] },
  { name: "way", at: "study/STUDY", points: ".way", roles: ["owner"] },
  { name: "share", at: "study/STUDY", points: `a[href^="#/share/"]`, roles: ["owner"] },
  { name: "sell", at: "study/STUDY", points: `.tools a[href^="#/sell/"]`, roles: ["owner"] },
  { name: "paid", at: "assets", points: ".figures", roles: ["owner"] },
  { name: "reviews", at: "reviews", points: "#review-state", roles: ["clinician"] },
  { name: "import", at: "import", points: ".drop", roles: ["operator"] },
  { name: "purchases", at: "", points: "main .panel", roles: ["buyer"] },
  { name: "account", at: "", points: ".account", roles: ["owner", "clinician", "operator", "buyer"] },
];

// stepsOf returns the steps of a role, in order, with their addresses. study is the id of
// one that can be shown, or undefined.
export const stepsOf = (role: Role, study: string | undefined): { name: string; at: string; points: string }[] =>
  all.filter((step) => step.roles.includes(role) && (study !== undefined || !step.at.includes("STUDY") && step.points !== ".card"))
    .map(({ name, at, points }) => ({ name, points, at: to(...at.replace("STUDY", study ?? "").split("/").filter(Boolean)) }));
