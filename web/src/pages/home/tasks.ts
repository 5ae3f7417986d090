// What each role mostly does here, and what may wait for it. Only what works is in it.
import type { Asked, Order, Purchase, ReviewItem, UploadTotals } from "../../api/types";
import type { Role } from "../../app/session";
import { isOver } from "../buy/says";

// Task is one of the things that a role does most. icon is an SVG path in a box of 24.
export type Task = { name: string; at: readonly string[]; icon: string };

const into = "M12 4v11M7.5 10.5 12 15l4.5-4.5M4 17v3h16v-3";
const link = "M10 14l4-4M8 11l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 16M16 13l2.5-2.5a3.5 3.5 0 0 0-5-5L11 8";
const box = "M5 8h14v11H5zM9 8V5h6v3M5 12.5h14M12 11.5v2";
const eye = "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z";
const frame = "M4 4h16v16H4zM7 7h6v4H7z";
const plot = "M5 4v15h15M8 15l3-4 3 2 4-6";
const key = "M8 15.5a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM11.5 12H20v3M16.5 12v2.5";
const paper = "M6 4.5h8l4 4v11H6zM14 4.5v4h4M9 13h6M9 16h4";
const asks = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM9.5 10a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5h.01";

export const tasks: Partial<Record<Role, readonly Task[]>> = {
  owner: [
    { name: "import", at: ["import"], icon: into },
    { name: "share", at: ["shares"], icon: link },
    { name: "assets", at: ["assets"], icon: box },
  ],
  clinician: [
    { name: "review", at: ["reviews"], icon: eye },
    { name: "estimate", at: ["reviews", "estimate"], icon: plot },
    { name: "templates", at: ["templates"], icon: frame },
  ],
  operator: [
    { name: "feed", at: ["import"], icon: into },
    { name: "templates", at: ["templates"], icon: frame },
    { name: "account", at: ["account"], icon: key },
  ],
  buyer: [
    { name: "buy", at: ["buy"], icon: paper },
    { name: "account", at: ["account"], icon: key },
  ],
  auditor: [{ name: "account", at: ["account"], icon: key }, { name: "help", at: ["help"], icon: asks }],
  member: [{ name: "account", at: ["account"], icon: key }, { name: "help", at: ["help"], icon: asks }],
};

// Waiting is something that may wait: where it is asked for, how many of it there are, and
// where it is done.
export type Waiting = { name: string; path: string; count: (told: never) => number; at: readonly string[] };

const waiting = <T>(name: string, path: string, at: readonly string[], of: (item: T) => boolean): Waiting =>
  ({ name, path, at, count: ({ items }: { items?: readonly T[] }) => (items ?? []).filter(of).length });

const uploads = (name: string, state: "receiving" | "asking"): Waiting =>
  ({ name, path: "uploads/summary", at: ["import"], count: (told: UploadTotals) => told[state] });

const review = waiting<ReviewItem>("review", "reviews?state=open&limit=1000", ["reviews"], () => true);
const upload = uploads("upload", "receiving"), whose = uploads("whose", "asking");

export const waits: Partial<Record<Role, readonly Waiting[]>> = {
  owner: [
    waiting<Asked>("ask", "asks", ["assets"], (one) => one.state === "awaiting"),
    waiting<Order>("access", "orders", ["assets"], (one) => !one.revoked && ["filled", "delivered", "disputed", "released"].includes(one.state)),
    review,
    upload,
    whose,
  ],
  clinician: [review],
  operator: [upload, whose, waiting("quarantine", "quarantine", ["import"], () => true)],
  buyer: [waiting<Purchase>("purchase", "purchases", [], (one) => !isOver(one.step))],
};
