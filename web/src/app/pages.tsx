// Which page an address is. What is not needed at the start comes when it is asked for.
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Studies } from "../pages/Studies";
import { Catch } from "../ui/Catch";
import { Empty, Loading } from "../ui/pieces";
import { t, word } from "../words/words";
import { idIn, useRoute } from "./route";
import { type Role, useSession } from "./session";

// Entry is a page, the pattern of its address, and who may have it.
type Entry = { at: string; roles: readonly Role[]; page: ComponentType<{ id: string }> };

const later = (load: () => Promise<{ default: ComponentType<{ id: string }> }>) => lazy(load);

const everybody = ["owner", "operator", "clinician", "buyer", "auditor", "member"] as const;
const keepers = ["owner", "operator", "clinician"] as const;

const pages: readonly Entry[] = [
  { at: "", roles: keepers, page: Studies },
  { at: "", roles: ["buyer"], page: later(() => import("../pages/Purchases")) },
  { at: "", roles: ["auditor"], page: later(() => import("../pages/audit/Log")) },
  { at: "", roles: ["member"], page: later(() => import("../pages/home/Member")) },
  { at: "buy/*", roles: ["buyer"], page: later(() => import("../pages/buy/Buy")) },
  { at: "bought/ID", roles: ["buyer"], page: later(() => import("../pages/buy/Bought")) },
  { at: "study/ID", roles: keepers, page: later(() => import("../pages/Study")) },
  { at: "import", roles: ["owner", "operator"], page: later(() => import("../pages/Import")) },
  { at: "reviews", roles: ["owner", "clinician"], page: later(() => import("../pages/Reviews")) },
  { at: "reviews/estimate", roles: ["clinician"], page: later(() => import("../pages/Estimate")) },
  { at: "review/ID", roles: ["owner", "clinician"], page: later(() => import("../pages/Review")) },
  { at: "templates", roles: ["operator", "clinician"], page: later(() => import("../pages/Templates")) },
  { at: "account", roles: everybody, page: later(() => import("../pages/Account")) },
  { at: "assets", roles: ["owner"], page: later(() => import("../pages/assets/Assets")) },
  { at: "story/ID", roles: ["owner"], page: later(() => import("../pages/story/Story")) },
  { at: "help", roles: everybody, page: later(() => import("../pages/Help")) },
  { at: "share/ID", roles: ["owner"], page: later(() => import("../pages/share/Share")) },
  { at: "shares", roles: ["owner"], page: later(() => import("../pages/share/Shares")) },
  { at: "view/ID/*", roles: ["owner", "clinician"], page: later(() => import("../pages/View")) },
  { at: "model/ID/*", roles: ["owner", "clinician"], page: later(() => import("../pages/Model")) },
  { at: "sell/ID/*", roles: ["owner"], page: later(() => import("../pages/sell/Sell")) },
];

// Page shows what the address asks for, to who may have it; else where their role begins.
export function Page(): ReactNode {
  const { role } = useSession();
  const route = useRoute();
  const open = pages.filter((page) => page.roles.includes(role));
  const entry = open.find((page) => idIn(page.at, route) !== null) ?? open.find((page) => page.at === "");
  if (!entry) return <div className="page"><h1>{word("role", role)}</h1><Empty>{t("role.nothing")}</Empty></div>;
  const id = idIn(entry.at, route) ?? "";
  return <Catch key={`${entry.at} ${id}`}><Suspense fallback={<Loading />}><entry.page id={id} /></Suspense></Catch>;
}
