// Requests to /api/v1, and the ways they fail.
import { unturned } from "../words/unturned";

// Told are the fields of a problem (RFC 9457), as far as the node sent any.
type Told = { class?: string; detail?: string; id?: string; status?: number };

// Problem is a failed request. kind is the error's class, which has words as
// "problem.<kind>"; detail is the node's own sentence, in English; id finds the
// request in the node's log. status is 0 if the node did not answer.
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly detail: string;
  readonly id: string;

  constructor(told: Told) {
    super(told.class ?? "unreachable");
    this.kind = told.class ?? "unreachable";
    this.status = told.status ?? 0;
    this.detail = told.detail ?? "";
    this.id = told.id ?? "";
  }
}

// request answers with the response, or throws a Problem. A session that has ended is
// told to the page by the event "signed-out"; who is signing in has none that could end.
export async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, { cache: "no-store", ...init, method });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem({});
  }
  if (response.ok) return response;
  const told = (await response.json().catch(() => ({}))) as Told;
  const problem = new Problem({ ...told, class: told.class ?? "internal", status: response.status, id: told.id || response.headers.get("X-Request-Id") || "" });
  if (problem.status === 401 && !/^session(?:\/|$)/.test(path)) dispatchEvent(new Event("signed-out"));
  throw problem;
}

// json is a body of a value, or of JSON that is sent as it is: a Blob.
const json = (value: unknown): RequestInit => ({ body: value instanceof Blob ? value : JSON.stringify(value), headers: { "Content-Type": "application/json" } });

// part puts an id into a path.
export const part = (id: string): string => encodeURIComponent(id);

const read = <T>(said: string): T => JSON.parse(said, (_, value: unknown) => (typeof value === "string" ? unturned(value) : value)) as T;

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> => read<T>(await (await request("GET", path, signal ? { signal } : {})).text());
export const list = async <T>(path: string, signal?: AbortSignal): Promise<T[]> => (await get<{ items?: T[] }>(path, signal)).items ?? [];
export const blob = async (path: string): Promise<Blob> => (await request("GET", path, { cache: "default" })).blob();
export const text = async (path: string): Promise<string> => (await request("GET", path)).text();
export const post = async <T>(path: string, value: unknown): Promise<T> => read<T>(await postText(path, value));

// postText answers with the text as the node sent it: what is signed is over its bytes.
export const postText = async (path: string, value: unknown): Promise<string> => (await request("POST", path, json(value))).text();

// remove answers with what the node says of it, if anything.
export async function remove<T>(path: string): Promise<T | null> {
  const said = await (await request("DELETE", path)).text();
  return said ? read<T>(said) : null;
}

type Line<P, R> = { progress?: P; result?: R; problem?: Told; error?: string | Told };

// follow sends a long piece of work, calls onProgress with each line of it that is not
// the last (application/x-ndjson), and answers with its result. undefined is no body.
export async function follow<P, R>(path: string, value: unknown, onProgress: (progress: P) => void): Promise<R> {
  const sent = value === undefined ? {} : value instanceof FormData ? { body: value } : json(value);
  const response = await request("POST", path, { ...sent, headers: { ...sent.headers, Accept: "application/x-ndjson" } });
  let result: R | undefined;
  const take = (line: string): void => {
    if (!line.trim()) return;
    const told = read<Line<P, R>>(line);
    const problem = told.problem ?? told.error;
    if (problem) throw new Problem(typeof problem === "string" ? { class: "internal", detail: problem } : problem);
    if (told.progress !== undefined) onProgress(told.progress);
    else result = told.result ?? (told as R);
  };
  for await (const line of lines(response)) take(line);
  if (result === undefined) throw new Problem({ class: "cut-off" }); // the connection ended before the work did
  return result;
}

// lines yields a body's lines as they come.
async function* lines(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const whole = (rest + part.value).split("\n");
    rest = whole.pop() ?? "";
    yield* whole;
  }
  yield rest;
}
