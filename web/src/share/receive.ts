// Who has a link asks the node for what it shows.
import { part, request } from "../api/client";
import type { Shared as Opened } from "../api/types";
import { Link } from "./link";
import { Shared } from "./open";

export type Received = { shared: Shared; endsAt: string };

// receive opens a share by the secret of its link. That it was opened is written down.
export async function receive(secret: string, signal: AbortSignal): Promise<Received> {
  const link = await Link.parse(secret), path = `shared/${part(link.id)}`;
  const ask = (rest: string, opening: string | undefined, until: AbortSignal | undefined): Promise<Response> =>
    request("GET", path + rest, { headers: { Authorization: link.authorization(opening) }, ...(until ? { signal: until } : {}) });
  const opened = (await (await ask("", undefined, signal)).json()) as Opened;
  const shared = await Shared.open(link, async (n, until) => (await ask(`/parts/${n}`, opened.opening, until)).arrayBuffer());
  return { shared, endsAt: opened.endsAt };
}
