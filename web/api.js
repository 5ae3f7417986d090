// Requests to /api/v1, and the ways they fail.

// Problem is a failed request: the fields of problem+json, if the node sent any.
export class Problem extends Error {
  constructor({ status = 0, class: kind = "unreachable", detail = "", id = "" }) {
    super(kind);
    Object.assign(this, { status, kind, detail, id });
  }
}

// request answers with the response, or throws a Problem.
async function request(method, path, body, headers = {}, cache = "no-store") {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, { method, body, headers, cache });
  } catch {
    throw new Problem({});
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  const problem = new Problem({ class: "internal", ...told, status: response.status,
    id: told.id || response.headers.get("X-Request-Id") || "" });
  if (problem.status === 401 && path !== "session") dispatchEvent(new Event("signed-out"));
  throw problem;
}

const json = (value) => [JSON.stringify(value), { "Content-Type": "application/json" }];

export const get = async (path) => (await request("GET", path)).json();
export const list = async (path) => (await get(path)).items ?? [];
export const blob = async (path) => (await request("GET", path, undefined, {}, "default")).blob();
export const text = async (path) => (await request("GET", path)).text();
export const post = async (path, value) => (await request("POST", path, ...json(value))).json();
export async function remove(path) {
  const text = await (await request("DELETE", path)).text();
  return text ? JSON.parse(text) : null;
}

// follow sends a long piece of work, calls onProgress with each line of it that
// is not the last, and answers with its result.
export async function follow(path, body, type, onProgress) {
  const headers = { Accept: "application/x-ndjson" };
  if (type) headers["Content-Type"] = type; // the browser adds that of a form with its boundary
  const response = await request("POST", path, body, headers);
  let result, rest = "";
  const take = (line) => {
    if (!line.trim()) return;
    const told = JSON.parse(line);
    const problem = told.problem ?? told.error;
    if (problem) throw new Problem(typeof problem === "string" ? { class: "internal", detail: problem } : problem);
    if ("progress" in told) onProgress(told.progress);
    else result = told.result ?? told;
  };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    lines.forEach(take);
  }
  take(rest);
  if (result === undefined) throw new Problem({ class: "cut-off" }); // the connection ended before the work did
  return result;
}
