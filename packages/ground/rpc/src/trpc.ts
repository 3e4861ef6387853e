import { type Issue, Refusal, type RefusalKind } from "@evx/kernel";
import { initTRPC, TRPCError } from "@trpc/server";
import type { Actor, Role } from "./actor.ts";
import type { Context } from "./context.ts";
import { refuse } from "./errors.ts";
import { passingFault } from "./faults.ts";
import { issueSentence } from "./issues.ts";
import type { Meta } from "./rest.ts";
import { unstorable } from "./text.ts";

/** What a client learns of an error, over tRPC and REST alike. */
export type WireError = {
  code: string;
  message: string;
  issues?: readonly Issue[];
  requestId?: string;
};

const codes = {
  invalid: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  too_large: "PAYLOAD_TOO_LARGE",
  wrong_method: "METHOD_NOT_SUPPORTED",
  unsupported_media: "UNSUPPORTED_MEDIA_TYPE",
  rate_limited: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies Record<RefusalKind, TRPCError["code"]>;

type SchemaIssue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] };

const issuesOf = (cause: unknown): Issue[] | null => {
  if (!(cause instanceof Error) || !("issues" in cause) || !Array.isArray(cause.issues)) return null;
  return (cause.issues as SchemaIssue[]).map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join("."),
    message: issue.message,
  }));
};

/** The refusal in an error that a procedure threw, or that a fault of the database is; null when it is a bug. */
export const refusalOf = (error: unknown): Refusal | null => {
  if (error instanceof Refusal) return error;
  if (!(error instanceof TRPCError)) return passingFault(error);
  if (error.cause instanceof Refusal) return error.cause;
  const issues = error.code === "BAD_REQUEST" ? issuesOf(error.cause) : null;
  if (issues) return refuse("input_invalid", {}, { issues, cause: error.cause });
  if (error.code === "NOT_FOUND") return refuse("not_found", {}, { cause: error });
  if (error.code === "METHOD_NOT_SUPPORTED") return refuse("method_wrong", {}, { cause: error });
  if (error.code === "UNSUPPORTED_MEDIA_TYPE")
    return refuse("media_unsupported", { expected: "application/json" }, { cause: error });
  if (error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR")
    return refuse("body_unreadable", { expected: "JSON" }, { cause: error });
  return passingFault(error.cause);
};

/** Whole seconds after which the same may be asked again; null where waiting does not help. For Retry-After. */
export const retryAfterOf = (error: unknown): number | null => {
  const refusal = refusalOf(error);
  if (refusal?.kind !== "rate_limited" && refusal?.kind !== "unavailable") return null;
  const { seconds, minutes } = refusal.details;
  return Number(seconds ?? Number(minutes ?? 0) * 60) || null;
};

/** An error as a client sees it, in its language. A bug says nothing of itself but the request's id. */
export const wireError = (
  error: unknown,
  context: Pick<Context, "locale" | "requestId"> | undefined,
): WireError => {
  const locale = context?.locale ?? "en";
  const requestId = context?.requestId ?? "";
  const refusal = refusalOf(error) ?? refuse("server_fault", { requestId });
  const issues = refusal.issues.map(({ path, message }) => ({
    path,
    message: issueSentence(message, locale),
  }));
  return {
    ...refusal.facts,
    code: refusal.code,
    message: refusal.sentence(locale),
    ...(issues.length > 0 ? { issues } : {}),
    ...(requestId ? { requestId } : {}),
  };
};

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    errorFormatter({ shape, error, ctx }) {
      const { message, ...wire } = wireError(error, ctx);
      return {
        ...shape,
        message,
        data: { httpStatus: shape.data.httpStatus, path: shape.data.path, ...wire },
      };
    },
    // Bun closes a silent stream after 10 s; a client that hears nothing for 8 s connects again.
    sse: { ping: { enabled: true, intervalMs: 3_000 }, client: { reconnectAfterInactivityMs: 8_000 } },
  });

/** Gives a refusal its tRPC code, logs what is not a refusal, a bug, and has what is watched looked at after a change. */
const speak = t.middleware(async ({ ctx, path, type, next }) => {
  const result = await next();
  // Refused or not: what was written before a refusal is watched too.
  if (type === "mutation") ctx.live.soon();
  if (result.ok) return result;
  const refusal = refusalOf(result.error);
  if (!refusal) {
    ctx.log.error({ error: result.error.cause ?? result.error, path }, "a procedure failed");
    return result;
  }
  if (refusal.kind === "unavailable" && refusal.cause)
    ctx.log.warn({ error: refusal.cause, path, code: refusal.code }, "a call could not be served");
  throw new TRPCError({ code: codes[refusal.kind], message: refusal.sentence(ctx.locale), cause: refusal });
});

export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const createCallerFactory = t.createCallerFactory;

const storable = t.middleware(async ({ getRawInput, next }) => {
  const issues = unstorable(await getRawInput());
  if (issues.length > 0) throw refuse("input_invalid", {}, { issues });
  return next();
});

/** A file in a batch holds up everything that travels with it, and many of them one server: each is asked for alone. */
const oneFile = t.middleware(async ({ ctx, meta, getRawInput, next }) => {
  if (!ctx.batched || meta?.rest?.file !== "by_format") return next();
  const input: unknown = await getRawInput();
  const format: unknown = typeof input === "object" && input !== null && Reflect.get(input, "format");
  if (format && format !== "json") throw refuse("file_in_batch");
  return next();
});

/** While the venue is closed, operators change things and nobody else does. Reading goes on. */
const whileOpen = t.middleware(async ({ ctx, meta, type, next }) => {
  if (type !== "mutation" || meta?.whileClosed || ctx.actor?.role === "admin") return next();
  const closed = await ctx.closed();
  if (closed) throw refuse("venue_closed", closed);
  return next();
});

/** Long sums and searches are read from a replica where there is one that is fresh; the answer says how old it may be. */
const readElsewhere = t.middleware(({ ctx, path, type, next }) => {
  const found = type === "query" ? ctx.reading?.(path) : null;
  if (!found) return next();
  ctx.answer.headers.set("x-data-age-ms", String(found.age_ms));
  return next({ ctx: { db: found.db } });
});

/** Anyone, signed in or not. `ctx.actor` may be null. */
export const open = t.procedure.use(speak).use(whileOpen).use(oneFile).use(storable).use(readElsewhere);

/** Whether an API key's scopes cover a call: its room is the path's first part, and writing includes reading. */
const covers = (
  scopes: readonly string[],
  path: string,
  type: "query" | "mutation" | "subscription",
): boolean => {
  const room = path.split(".")[0] ?? "";
  const enough = type === "mutation" ? ["write"] : ["read", "write"];
  return scopes.some((scope) =>
    enough.some((right) => scope === `${room}:${right}` || scope === `*:${right}`),
  );
};

/** Any signed-in person. `ctx.actor` is there. */
export const member = open.use(({ ctx, meta, path, type, next }) => {
  if (!ctx.actor) throw refuse("sign_in_required");
  if (ctx.actor.needsTwoFactor && !meta?.beforeTwoFactor) throw refuse("two_factor_setup_required");
  if (ctx.actor.scopes && !covers(ctx.actor.scopes, path, type))
    throw refuse("scope_missing", {
      scope: `${path.split(".")[0]}:${type === "mutation" ? "write" : "read"}`,
    });
  return next({ ctx: { actor: ctx.actor } });
});

const only = <R extends Role>(role: R) =>
  member.use(({ ctx, next }) => {
    if (ctx.actor.role !== role) throw refuse("role_required", { role: ctx.actor.role });
    return next({ ctx: { actor: ctx.actor as Actor<R> } });
  });

/** An EV owner. */
export const owner = only("ev_owner");

/** A buyer. */
export const buyer = only("buyer");

/** A carbon verification and audit professional whom an administrator has accredited. */
export const auditor = only("cva").use(({ ctx, next }) => {
  if (!ctx.actor.accredited) throw refuse("accreditation_required");
  return next();
});

/** The venue's operator: role `admin`. */
export const operator = only("admin");

/**
 * Passes when the actor is that person or an operator; refuses as "not found" otherwise,
 * so that nobody learns whether another's object exists.
 */
export const selfOrOperator = (actor: Actor, userId: string): void => {
  if (actor.id !== userId && actor.role !== "admin") throw refuse("not_found");
};
