import { isTRPCClientError } from "@trpc/client";

export type FieldIssue = { path: string; message: string };

/**
 * A call that failed, as pages see it. `message` is the server's sentence in the reader's language
 * (what happened, what was kept, what to do); empty where the server did not speak.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** The refusal's code ("listing_sold"), "network" when no answer came, "unexpected" for anything else. */
    readonly code: string,
    message: string,
    readonly issues: readonly FieldIssue[] = [],
    readonly requestId: string | undefined = undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);

const issuesOf = (value: unknown): FieldIssue[] =>
  Array.isArray(value)
    ? value.flatMap((issue: { path?: unknown; message?: unknown }) => {
        const message = text(issue?.message);
        return message ? [{ path: text(issue.path) ?? "", message }] : [];
      })
    : [];

/** Any thrown thing as an ApiError. */
export const apiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  if (!isTRPCClientError(error)) return new ApiError("unexpected", "", [], undefined, { cause: error });
  const data = error.data as { code?: unknown; issues?: unknown; requestId?: unknown } | null | undefined;
  if (!data) {
    const unheard = error.cause instanceof TypeError || error.meta === undefined;
    return new ApiError(unheard ? "network" : "unexpected", "", [], undefined, { cause: error });
  }
  const issues = issuesOf(data.issues);
  return new ApiError(text(data.code) ?? "unexpected", error.message, issues, text(data.requestId), {
    cause: error,
  });
};

/** Where it is worth asking again: the server was not reached, or could not serve just then. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === "network" || error.code === "unexpected");
