import { join } from "node:path";
import { actorByEmail, oldestOperator } from "@evx/accounts";
import { createClient } from "@evx/api/client";
import { type Actor, type RestMeta, type WireError, wireError } from "@evx/rpc";
import { ConfigError, compose, readConfig, type ScriptSettings } from "@evx/runtime";
import { worldHere } from "@evx/up/environment";
import { TRPCClientError } from "@trpc/client";
import { Failed } from "./failed.ts";
import type { FileToSend } from "./uploads.ts";

export type Kind = "query" | "mutation";

/** A file that a command answers: it goes to standard output as it is. */
export class Download {
  constructor(readonly content: Uint8Array) {}
}

/** Where commands are carried out. */
export type Venue = {
  invoke(path: string, kind: Kind, input: unknown): Promise<unknown>;
  /** The same for what may answer with a file. */
  fetch(path: string, rest: RestMeta, input: unknown): Promise<unknown>;
  /** Sends a file, with what else the call takes. */
  send(path: string, rest: RestMeta, input: unknown, file: FileToSend): Promise<unknown>;
  close(): Promise<void>;
};

const root = join(import.meta.dir, "../../..");

const found = (from: unknown, path: string): Record<string, (input: unknown) => Promise<unknown>> => {
  let at = from;
  for (const part of path.split(".")) at = (at as Record<string, unknown>)[part];
  return at as Record<string, (input: unknown) => Promise<unknown>>;
};

/** A call over REST: files go and come as bytes there, where tRPC carries JSON. */
const overRest = async (
  { url, token }: { url: string; token: string | undefined },
  rest: RestMeta,
  input: unknown,
  file?: FileToSend,
): Promise<unknown> => {
  const values = new Map(Object.entries((input ?? {}) as Record<string, unknown>));
  const path = rest.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(values.get(name) ?? ""));
    values.delete(name);
    return value;
  });
  const query = new URLSearchParams(
    [...values].map(([name, value]): [string, string] => [
      name,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  if (file) query.set("name", file.fileName);
  if (file?.contentType) headers["content-type"] = file.contentType;
  const response = await fetch(`${url.replace(/\/$/, "")}/api${path}?${query}`, {
    method: rest.method,
    headers,
    ...(file ? { body: file.bytes } : {}),
  }).catch((error: unknown) => {
    throw new Failed(`The venue at ${url} does not answer: ${sentenceOf(error)}`);
  });
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  if (response.ok) return isJson ? response.json() : new Download(await response.bytes());
  const { error } = (isJson ? await response.json() : {}) as { error?: WireError };
  throw new Failed(
    error ? told(error.code, error.message, error.issues) : `The venue answered ${response.status}.`,
  );
};

/** Over HTTP, with exactly the rights of the key. */
const remote = (url: string, token: string | undefined): Venue => {
  const client = createClient(token ? { url, token } : { url });
  return {
    invoke: async (path, kind, input) => {
      const method = found(client, path)[kind === "query" ? "query" : "mutate"];
      if (!method) throw new Failed(`There is no call ${path}.`);
      return method(input).catch((error: unknown) => {
        if (error instanceof TRPCClientError && !error.data)
          throw new Failed(`The venue at ${url} does not answer: ${error.message}`);
        throw error;
      });
    },
    fetch: (_, rest, input) => overRest({ url, token }, rest, input),
    send: (_, rest, input, file) => overRest({ url, token }, rest, input, file),
    close: async () => {},
  };
};

const isFile = (value: unknown): value is { content: string | Uint8Array<ArrayBuffer> | ReadableStream } =>
  typeof value === "object" && value !== null && "fileName" in value && "content" in value;

/**
 * In this process, on the database that the settings name. Whoever holds its address acts as an operator of the venue;
 * rules, refusals and the audit trail are the same as for everybody.
 */
const local = async (as: string | undefined): Promise<Venue> => {
  const env = await worldHere(root);
  if (!env.DATABASE_URL)
    throw new Failed(
      "No venue was found: start one here with `bun run up`, or set EVX_URL and EVX_API_KEY to reach one over HTTP, or DATABASE_URL to reach its database.",
    );
  const runtime = await compose({ ...readConfig(env), LOG_LEVEL: "silent" }, "cli");
  const close = () => runtime.close();
  let actor: Actor | null;
  try {
    actor = await (as ? actorByEmail(runtime.db, as) : oldestOperator(runtime.db));
    if (!actor)
      throw new Failed(
        as ? `Nobody has the address ${as}, or they are suspended.` : "There is no administrator yet.",
      );
  } catch (error) {
    await close();
    throw error;
  }
  const requestId = `cli-${crypto.randomUUID()}`;
  const context = runtime.createContext({ actor, headers: new Headers(), ip: "command line", requestId });
  const invoke = (path: string, _: Kind, input: unknown): Promise<unknown> => {
    const call: unknown = found(runtime.callAs(context), path);
    return (call as (input: unknown) => Promise<unknown>)(input);
  };
  return {
    invoke,
    fetch: async (path, _, input) => {
      const answer = await invoke(path, "query", input);
      return isFile(answer) ? new Download(await new Response(answer.content).bytes()) : answer;
    },
    send: (path, _, input, { bytes, contentType, fileName }) =>
      invoke(path, "mutation", { ...Object(input), content: bytes.stream(), contentType, fileName }),
    close,
  };
};

export const openVenue = async ({ url, key, as }: ScriptSettings): Promise<Venue> =>
  url ? remote(url, key) : local(as);

type Issues = NonNullable<WireError["issues"]>;

const told = (code: string, message: string, issues: Issues = []): string =>
  [`${code}: ${message}`, ...issues.map(({ path, message }) => `  ${path || "input"}: ${message}`)].join(
    "\n",
  );

/** What went wrong, with every problem of the input, for the person at the terminal. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof TRPCClientError)
    return told(String(error.data?.code), error.message, (error.data?.issues ?? []) as Issues);
  if (!(error instanceof Error) || error instanceof Failed || error instanceof ConfigError)
    return error instanceof Error ? error.message : String(error);
  const { code, message, issues } = wireError(error, { locale: "en", requestId: "" });
  if (code !== "server_fault") return told(code, message, issues);
  const cause = error.cause instanceof Error ? error.cause : error;
  return "code" in cause && cause.code === "ECONNREFUSED"
    ? "The database does not answer: check that it runs and that DATABASE_URL is right."
    : cause.message;
};
