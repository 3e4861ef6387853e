import { awaitingAnswer, reachable, unreachable } from "./connection.ts";
import { learnDataAge } from "./data-age.ts";
import { ApiError, errorOfShape } from "./errors.ts";
import { currentLocale } from "./locale.ts";
import { learnServerTime } from "./time.ts";

// tRPC's HTTP protocol, spoken directly: its own client would be a fifth of the first load.
// GET /trpc/a,b?batch=1&input={"0":…,"1":…} answers [{ result: { data } } | { error: { message, data } }, …].

type Answer = { result?: { data?: unknown }; error?: unknown };

type Asked = {
  path: string;
  input: unknown;
  signal: AbortSignal | undefined;
  resolve: (data: unknown) => void;
  reject: (error: unknown) => void;
};

/** Longer addresses are cut off by some proxies. */
const MAX_URL = 2000;
/** The server takes no more calls in one request. */
const MAX_CALLS = 20;

/** Sends, tells the frame whether the server is there, and learns its clock. */
const send = async (paths: readonly string[], url: string, init: RequestInit): Promise<unknown> => {
  const over = awaitingAnswer();
  try {
    return await sent(paths, url, init);
  } finally {
    over();
  }
};

/** What an answer means that has no words of the server. */
const meaningOf = (status: number) => {
  if (status === 429) return "rate_limited";
  return status >= 502 && status <= 504 ? "network" : "unexpected";
};

const sent = async (paths: readonly string[], url: string, init: RequestInit): Promise<unknown> => {
  const start = performance.now();
  let answer: Response;
  try {
    answer = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    unreachable();
    throw new ApiError("network", "", [], undefined, { cause: error });
  }
  learnServerTime(answer.headers.get("date"), performance.now() - start);
  try {
    const body: unknown = await answer.json();
    reachable();
    learnDataAge(paths, answer.headers.get("x-data-age-ms"));
    return body;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    // A gateway answered in the server's place, or the answer broke off.
    const code = meaningOf(answer.status);
    if (code === "network") unreachable();
    throw new ApiError(code, "", [], answer.headers.get("x-request-id") ?? undefined, { cause: error });
  }
};

const dataOf = (answer: Answer | undefined): unknown => {
  if (answer?.result) return answer.result.data;
  throw errorOfShape(answer?.error);
};

const urlOf = (calls: readonly Asked[]) => {
  const inputs = Object.fromEntries(calls.map(({ input }, index) => [index, input]));
  return `/trpc/${calls.map(({ path }) => path).join(",")}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
};

let waiting: Asked[] = [];

const flush = async (calls: Asked[]) => {
  const half = calls.length >> 1;
  if (half > 0 && (calls.length > MAX_CALLS || urlOf(calls).length > MAX_URL)) {
    void flush(calls.slice(0, half));
    return void flush(calls.slice(half));
  }
  const abort = new AbortController();
  const signals = calls.flatMap(({ signal }) => signal ?? []);
  const check = () => {
    if (signals.length === calls.length && signals.every((signal) => signal.aborted)) abort.abort();
  };
  for (const signal of signals) signal.addEventListener("abort", check);
  try {
    const headers = { "accept-language": currentLocale() };
    const paths = calls.map(({ path }) => path);
    const body = await send(paths, urlOf(calls), { headers, signal: abort.signal });
    const answers = (Array.isArray(body) ? body : calls.map(() => body)) as Answer[];
    calls.forEach((call, index) => {
      try {
        call.resolve(dataOf(answers[index]));
      } catch (error) {
        call.reject(error);
      }
    });
  } catch (error) {
    for (const call of calls) call.reject(error);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", check);
  }
};

/** Reads. Those of one moment travel together. */
export const callQuery = (path: string, input: unknown, signal?: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    if (waiting.length === 0) {
      setTimeout(() => {
        const calls = waiting;
        waiting = [];
        void flush(calls);
      });
    }
    waiting.push({ path, input, signal, resolve, reject });
  });

/**
 * Writes. Each travels alone, so that its answer can set cookies, under a key of its own:
 * were it delivered twice on the way, it would still be done once.
 */
export const callMutation = async (path: string, input: unknown): Promise<unknown> => {
  const answer = await send([], `/trpc/${path}`, {
    method: "POST",
    headers: {
      "accept-language": currentLocale(),
      "content-type": "application/json",
      "idempotency-key": crypto.getRandomValues(new BigUint64Array(2)).join("-"),
    },
    body: input === undefined ? null : JSON.stringify(input),
  });
  return dataOf(answer as Answer);
};
