// Which page an address is. What is not needed at the start comes when it is asked for.
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Studies } from "../pages/Studies";
import { Catch } from "../ui/Catch";
import { Empty, Loading } from "../ui/pieces";
import { t, word } from "../words/words";
import { idIn, useRoute } from "./route";
import { type Role, useSession } from "./session";
import { useTitle } from "./title";

// Entry is a page, the pattern of its address, who may have it, and the words of its title.
// Titles stay in a browser's history: they say what sort of page it is, and nothing of whom.
type Entry = { at: string; title: string; roles: readonly Role[]; page: ComponentType<{ id: string }> };

const later = (load: () => Promise<{ default: ComponentType<{ id: string }> }>) => lazy(load);

const everybody = ["owner", "operator", "clinician", "buyer", "auditor", "member"] as const;
const keepers = ["owner", "operator", "clinician"] as const;

const pages: readonly Entry[] = [
  { at: "", title: "studies.title", roles: keepers, page: Studies },
  { at: "", title: "purchases.title", roles: ["buyer"], page: later(() => import("../pages/Purchases")) },
  { at: "", title: "audit.title", roles: ["auditor"], page: later(() => import("../pages/audit/Log")) },
  { at: "", title: "role.member", roles: ["member"], page: later(() => import("../pages/home/Member")) },
  { at: "buy/*", title: "buy.title", roles: ["buyer"], page: later(() => import("../pages/buy/Buy")) },
  { at: "bought/ID", title: "buy.boughtTitle", roles: ["buyer"], page: later(() => import("../pages/buy/Bought")) },
  { at: "study/ID", title: "study.one", roles: keepers, page: later(() => import("../pages/Study")) },
  { at: "import", title: "upload.title", roles: ["owner", "operator"], page: later(() => import("../pages/Import")) },
  { at: "reviews", title: "review.title", roles: ["owner", "clinician"], page: later(() => import("../pages/Reviews")) },
  { at: "reviews/estimate", title: "estimate.title", roles: ["clinician"], page: later(() => import("../pages/Estimate")) },
  { at: "review/ID", title: "review.one", roles: ["owner", "clinician"], page: later(() => import("../pages/Review")) },
  { at: "templates", title: "template.title", roles: ["operator", "clinician"], page: later(() => import("../pages/Templates")) },
  { at: "account", title: "account.page", roles: everybody, page: later(() => import("../pages/Account")) },
  { at: "assets", title: "assets.title", roles: ["owner"], page: later(() => import("../pages/assets/Assets")) },
  { at: "story/ID", title: "story.title", roles: ["owner"], page: later(() => import("../pages/story/Story")) },
  { at: "help", title: "help.title", roles: everybody, page: later(() => import("../pages/Help")) },
  { at: "share/ID", title: "share.title", roles: ["owner"], page: later(() => import("../pages/share/Share")) },
  { at: "shares", title: "share.listTitle", roles: ["owner"], page: later(() => import("../pages/share/Shares")) },
  { at: "view/ID/*", title: "view.title", roles: ["owner", "clinician"], page: later(() => import("../pages/View")) },
  { at: "model/ID/*", title: "model.title", roles: ["owner", "clinician"], page: later(() => import("../pages/Model")) },
  { at: "sell/ID/*", title: "sell.title", roles: ["owner"], page: later(() => import("../pages/sell/Sell")) },
];

// Page shows what the address asks for, to who may have it; else where their role begins, and
// that this is not what was asked for.
export function Page(): ReactNode {
  const { role } = useSession();
  const route = useRoute();
  const open = pages.filter((page) => page.roles.includes(role));
  const asked = open.find((page) => idIn(page.at, route) !== null), entry = asked ?? open.find((page) => page.at === "");
  useTitle(entry?.title ?? "role.member");
  if (!entry) return <div className="page"><h1>{word("role", role)}</h1><Empty>{t("role.nothing")}</Empty></div>;
  const id = idIn(entry.at, route) ?? "", title = t(entry.title);
  return (
    <>
      {!asked && <p className="note astray" role="status">{t("role.noPage")}</p>}
      <Catch key={`${entry.at} ${id}`} title={title}><Suspense fallback={<div className="page"><h1>{title}</h1><Loading /></div>}><entry.page id={id} /></Suspense></Catch>
    </>
  );
}
