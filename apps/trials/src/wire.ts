/** The venue as a stranger's program reaches it, who is told "unknown" when nobody can say what became of a call. */

export type Answer =
  | { readonly kind: "done"; readonly status: number; readonly body: unknown }
  | { readonly kind: "refused"; readonly status: number; readonly code: string }
  | { readonly kind: "unknown"; readonly why: string };

export type Call = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Sent as it is, as a file of this type. */
  readonly file?: { readonly type: string; readonly text: string };
  /** The same key and body is the same act, however often it is sent. */
  readonly key?: string;
};

export type Wire = {
  readonly url: string;
  /** Once. */
  ask(call: Call): Promise<Answer>;
  /** Again under the same key until it is known what became of it, or the patience ends. */
  insist(call: Call, patience_ms?: number): Promise<Answer>;
  /** What no caller may ever see, whatever was killed: answers 500. */
  readonly broken: string[];
  /** Why calls were left without an answer, and how often. */
  readonly silences: Map<string, number>;
  readonly counts: { asked: number; done: number; refused: number; unknown: number; again: number };
};

/** What stands at a path of an answer: `order.id`. */
const at = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
      value,
    );

export const textAt = (value: unknown, path: string): string => {
  const found = at(value, path);
  return typeof found === "string" ? found : "";
};

export const listAt = (value: unknown, path: string): unknown[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const timeout_ms = 8_000;

const send = (url: string, { method, path, token, body, file, key }: Call): Promise<Response> =>
  fetch(url + path, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(timeout_ms),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(key ? { "idempotency-key": key } : {}),
      ...(file
        ? { "content-type": file.type }
        : body === undefined
          ? {}
          : { "content-type": "application/json" }),
    },
    ...(file ? { body: file.text } : body === undefined ? {} : { body: JSON.stringify(body) }),
  });

export const wireTo = (url: string, { lasts }: { lasts: () => boolean }): Wire => {
  const broken: string[] = [];
  const silences = new Map<string, number>();
  const counts = { asked: 0, done: 0, refused: 0, unknown: 0, again: 0 };
  const once = async (call: Call): Promise<Answer> => {
    counts.asked++;
    try {
      const response = await send(url, call);
      const body = parsed(await response.text());
      if (response.status < 400) return { kind: "done", status: response.status, body };
      const code = textAt(body, "error.code");
      // Whoever had this key before may have died over it: it is free again after a minute.
      if (code === "request_in_progress") return { kind: "unknown", why: code };
      if (response.status < 500) return { kind: "refused", status: response.status, code };
      if (response.status !== 503)
        broken.push(
          `${call.method} ${call.path} answered ${response.status} (${response.headers.get("x-request-id")})`,
        );
      return { kind: "unknown", why: `${response.status} ${code}` };
    } catch (error) {
      return { kind: "unknown", why: error instanceof Error ? error.message : String(error) };
    }
  };
  const ask = async (call: Call): Promise<Answer> => {
    const answer = await once(call);
    counts[answer.kind]++;
    if (answer.kind === "unknown") silences.set(answer.why, (silences.get(answer.why) ?? 0) + 1);
    return answer;
  };
  return {
    url,
    ask,
    broken,
    silences,
    counts,
    async insist(call, patience_ms = 20_000) {
      const end = performance.now() + patience_ms;
      for (;;) {
        const answer = await ask(call);
        if (answer.kind !== "unknown" || performance.now() > end || !lasts()) return answer;
        counts.again++;
        await Bun.sleep(250);
      }
    },
  };
};
