// Which page an address is. What is not needed at the start comes when it is asked for.
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Empty } from "../ui/pieces";
import { t } from "../words/words";
import { Studies } from "../pages/Studies";
import { useRoute } from "./route";
import { type Role, useSession } from "./session";

type Entry = { at: string; roles: readonly Role[]; page: ComponentType<{ id: string }> };

const pages: readonly Entry[] = [
  { at: "", roles: ["owner", "operator", "clinician"], page: Studies },
];

// Page shows what the address asks for, to who may have it.
export function Page(): ReactNode {
  const { role } = useSession();
  const [at = "", id = "", more = ""] = useRoute();
  const address = [at, id && !more && pages.some((p) => p.at === `${at}/${id}`) ? id : ""].filter(Boolean).join("/");
  const entry = pages.find((p) => p.at === address && p.roles.includes(role)) ?? pages.find((p) => p.at === "" && p.roles.includes(role));
  if (!entry) return <Empty>{t("role.nothing")}</Empty>;
  return <Suspense fallback={<p className="loading">{t("state.loading")}</p>}><entry.page id={id} /></Suspense>;
}

export const later = (load: () => Promise<{ default: ComponentType<{ id: string }> }>) => lazy(load);
