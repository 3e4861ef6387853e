/** What a stranger's script would get: the status, the JSON, and a way to reach into it by path. */
export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  /** `at("items.0.id")`: what stands there, or undefined. */
  at(path: string): unknown;
  /** The same as text: `text("order.id")`. */
  text(path: string): string;
  /** The same as a list, empty when there is none. */
  list(path: string): unknown[];
};

const reach = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (at, name) => (typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined),
      value,
    );

type Options = { token?: string | undefined; headers?: Record<string, string> };

export const restClient = (url: string) => {
  const send = async (
    method: string,
    path: string,
    content: unknown,
    { token, headers = {} }: Options = {},
  ): Promise<Answer> => {
    const raw = typeof content === "string" || content instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(content !== undefined && !raw ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(content === undefined ? {} : { body: raw ? content : JSON.stringify(content) }),
    });
    const text = await response.text();
    const body: unknown = /^[{[]/.test(text) ? JSON.parse(text) : text;
    const at = (where: string) => reach(body, where);
    return {
      status: response.status,
      body,
      headers: response.headers,
      at,
      text: (where) => String(at(where)),
      list: (where) => (Array.isArray(at(where)) ? (at(where) as unknown[]) : []),
    };
  };
  return {
    get: (path: string, options?: Options) => send("GET", path, undefined, options),
    post: (path: string, content: unknown = {}, options?: Options) => send("POST", path, content, options),
    put: (path: string, content: unknown = {}, options?: Options) => send("PUT", path, content, options),
    delete: (path: string, options?: Options) => send("DELETE", path, undefined, options),
  };
};

/** Asks until the answer holds. Jobs work in the background; a person would press reload. */
export const until = async <T>(
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  patienceMs = 15_000,
): Promise<T> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() > end)
      throw new Error(`waited in vain; last: ${JSON.stringify(value).slice(0, 500)}`);
    await Bun.sleep(100);
  }
};
