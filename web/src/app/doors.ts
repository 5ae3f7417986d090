// The places of the page, and who has them.
import type { Role } from "./session";

// Door is one entry of the navigation. under are the first parts of the addresses that
// belong to it; icon is an SVG path in a box of 24.
type Door = { at: string; under: readonly string[]; title: string; roles: readonly Role[]; icon: string };

export const doors: readonly Door[] = [
  { at: "", under: ["", "study", "view", "model", "sell"], title: "studies.title", roles: ["owner", "operator", "clinician"], icon: "M4 5h16v14H4zM4 10h16M9 10v9" },
  { at: "import", under: ["import"], title: "upload.title", roles: ["owner", "operator"], icon: "M12 4v11M7.5 10.5 12 15l4.5-4.5M4 17v3h16v-3" },
  { at: "reviews", under: ["reviews", "review"], title: "review.title", roles: ["owner", "clinician"], icon: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z" },
  { at: "assets", under: ["assets"], title: "assets.door", roles: ["owner"], icon: "M5 8h14v11H5zM9 8V5h6v3M5 12.5h14M12 11.5v2" },
  { at: "shares", under: ["shares", "share"], title: "share.door", roles: ["owner"], icon: "M10 14l4-4M8 11l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 16M16 13l2.5-2.5a3.5 3.5 0 0 0-5-5L11 8" },
  { at: "templates", under: ["templates"], title: "template.title", roles: ["operator", "clinician"], icon: "M4 4h16v16H4zM7 7h6v4H7z" },
  { at: "", under: ["", "bought"], title: "purchases.title", roles: ["buyer"], icon: "M4 7h16l-1.5 9h-13zM8 20h.01M16 20h.01" },
  { at: "buy", under: ["buy"], title: "buy.door", roles: ["buyer"], icon: "M6 4.5h8l4 4v11H6zM14 4.5v4h4M9 13h6M9 16h4" },
];
