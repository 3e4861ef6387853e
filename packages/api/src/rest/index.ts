import type { Issue } from "@evx/kernel";
import {
  type Context,
  createCallerFactory,
  fieldsOfUpload,
  pointsOfCall,
  type RestMeta,
  refusalOf,
  refuseCall,
  retryAfterOf,
  wireError,
} from "@evx/rpc";
import { type AnyTRPCRouter, TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { Hono, type Context as HonoContext } from "hono";
import { docs } from "./docs.ts";
import { fileResponse, isFile } from "./files.ts";
import { onlyOnce, plainDigest, type StoredAnswer } from "./idempotency.ts";
import { readInput } from "./input.ts";
import { openApi } from "./openapi.ts";
import { type RestProcedure, restProcedures } from "./procedures.ts";
import { eventStream } from "./stream.ts";
import { repeatedParameters, unknownFields } from "./unknown.ts";

export { arrived } from "./arrival.ts";
export { readText } from "./input.ts";
export { forgetKeys } from "./queries/keys.ts";

type Options<Env extends object> = {
  contextOf: (c: HonoContext<{ Bindings: Env }>) => Promise<Context>;
  /** Charges a call that costs more than the point which every request costs; throws when that is too much. */
  charge?: (c: HonoContext<{ Bindings: Env }>, points: number) => Promise<void>;
  /** Says of a request's content whether it is the same, without telling anything else of it. */
  digest?: (content: string) => Promise<string>;
};

const statuses = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  wrong_method: 405,
  unsupported_media: 415,
  rate_limited: 429,
  unavailable: 503,
  invalid: 400,
} as const;

/** The HTTP status and body of an error, in the shape of the REST contract. */
export const errorAnswer = (error: unknown, context: Pick<Context, "locale" | "requestId">): StoredAnswer => {
  const refusal = refusalOf(error);
  const status = refusal
    ? statuses[refusal.kind]
    : error instanceof TRPCError
      ? getHTTPStatusCodeFromError(error)
      : 500;
  return { status, body: { error: wireError(error, context) } };
};

/** The same with its Retry-After, ready to be sent. */
export const errorResponse = (
  error: unknown,
  context: Pick<Context, "locale" | "requestId">,
  headers: Headers = new Headers(),
): Response => {
  const { status, body } = errorAnswer(error, context);
  const seconds = retryAfterOf(error);
  if (seconds !== null) headers.set("retry-after", String(seconds));
  return Response.json(body, { status, headers });
};

/** An id that nothing can have: whoever asks for the thing at such an address asks for what is not there. */
const isNowhere = (error: unknown, params: Record<string, string>): boolean =>
  refusalOf(error)?.issues.some(({ path, message }) => path in params && /^Not the id of/.test(message)) ??
  false;

const answered = (
  { status, body }: StoredAnswer,
  { file }: RestMeta,
  added: Headers,
  asked: Headers,
): Response => {
  const response =
    file !== undefined && isFile(body) ? fileResponse(body, status, asked) : Response.json(body, { status });
  for (const [name, value] of added) response.headers.append(name, value);
  return response;
};

/** A path parameter is written `{id}` in the contract and `:id` in Hono. */
const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

/** Calls a procedure by its path; a subscription answers its events, until the signal. */
const callerOf = (router: AnyTRPCRouter) => {
  const createCaller = createCallerFactory(router);
  return async (path: string, context: Context, input: unknown, signal?: AbortSignal): Promise<unknown> => {
    let target: unknown = createCaller(context, { signal });
    for (const part of path.split(".")) target = (target as Record<string, unknown>)[part];
    return (target as (input: unknown) => Promise<unknown>)(input);
  };
};

/**
 * Calls with fields that nobody knows: the procedure is asked with nothing that it could take, so that whoever may not call
 * it hears that and no more; everybody else hears which fields they are. What takes nothing at all would run, so only what
 * changes nothing is asked.
 */
const refuseUnknown = async (
  call: ReturnType<typeof callerOf>,
  { path, type, input }: RestProcedure,
  context: Context,
  issues: readonly Issue[],
): Promise<never> => {
  try {
    if (input || type !== "mutation") await call(path, context, "unknown fields", AbortSignal.abort());
  } catch (error) {
    if (refusalOf(error)?.code !== "input_invalid") throw error;
  }
  throw refuseCall("input_invalid", {}, { issues });
};

/** What of a request nobody would read: fields that are not known, and parameters that stand there twice. */
const unreadable = (
  c: HonoContext,
  { input: schema, rest }: RestProcedure,
  input: Record<string, unknown>,
): Issue[] => {
  const ours = rest.body === "stream" ? fieldsOfUpload : [];
  return [
    ...unknownFields(schema, input).filter(({ path }) => !ours.includes(path)),
    ...repeatedParameters(c.req.url),
  ];
};

const inputOf = (c: HonoContext, rest: RestMeta, { actor }: Context) =>
  readInput(c.req.raw, rest, c.req.param() as Record<string, string>, { known: actor !== null });

/**
 * The REST view of a tRPC router: each procedure with `rest` metadata under its path, nothing written twice.
 * Inputs and outputs are checked by the procedure itself.
 */
export const restView = <Env extends object>(
  router: AnyTRPCRouter,
  { contextOf, charge, digest = plainDigest }: Options<Env>,
): Hono<{ Bindings: Env }> => {
  const app = new Hono<{ Bindings: Env }>();
  const procedures = restProcedures(router);

  const call = callerOf(router);

  const serve = async (c: HonoContext<{ Bindings: Env }>, procedure: RestProcedure): Promise<Response> => {
    const { path, type, rest, meta } = procedure;
    const context = await contextOf(c);
    try {
      if (pointsOfCall(meta) > 1) await charge?.(c, pointsOfCall(meta) - 1);
      const { input, digestible } = await inputOf(c, rest, context);
      const unknown = unreadable(c, procedure, input);
      if (unknown.length > 0) await refuseUnknown(call, procedure, context, unknown);
      if (type === "subscription") {
        const stopped = new AbortController();
        const events = await call(path, context, input, stopped.signal);
        return eventStream(events as AsyncIterable<unknown>, () => stopped.abort());
      }
      const run = async (): Promise<StoredAnswer> => {
        const body = await call(path, context, input);
        return { status: context.answer.status ?? rest.status, body };
      };
      const key =
        rest.method === "GET" || rest.body === "stream" || meta.notRepeatable
          ? null
          : c.req.header("idempotency-key");
      const answer = key
        ? await onlyOnce(
            context,
            {
              scope: context.actor?.id ?? `ip:${context.request.ip}`,
              key,
              digest: await digest(`${path}\n${c.req.path}\n${digestible}`),
              keepAnswer: !meta.secretAnswer,
            },
            run,
          )
        : await run();
      return answered(answer, rest, context.answer.headers, c.req.raw.headers);
    } catch (thrown) {
      const error = isNowhere(thrown, c.req.param()) ? new TRPCError({ code: "NOT_FOUND" }) : thrown;
      const refused = errorResponse(error, context, context.answer.headers);
      if (refused.status >= 500 && !refusalOf(error))
        context.log.error({ error, path }, "a REST call failed");
      return refused;
    }
  };

  // Hono takes the first route that matches, so fixed paths go before those with parameters.
  const ordered = [...procedures].sort(
    (a, b) => a.rest.path.split("{").length - b.rest.path.split("{").length,
  );
  for (const procedure of ordered)
    app.on(procedure.rest.method, honoPath(procedure.rest.path), (c) => serve(c, procedure));

  const document = openApi(procedures);
  app.get("/openapi.json", (c) => c.json(document));
  app.route("/docs", docs());
  app.all("*", async (c) => {
    const context = await contextOf(c);
    return errorResponse(new TRPCError({ code: "NOT_FOUND" }), context);
  });
  return app;
};
export { tryWriting } from "./queries/keys.ts";
