export type FieldIssue = { path: string; message: string };

/**
 * A call that failed, as pages see it. `message` is the server's sentence in the reader's language
 * (what happened, what was kept, what to do); empty where the server did not speak.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The cars that a refused file names. */
  readonly vehicles: readonly string[];

  constructor(
    /** The refusal's code ("listing_sold"), "network" when no answer came, "unexpected" for anything else. */
    readonly code: string,
    message: string,
    readonly issues: readonly FieldIssue[] = [],
    readonly requestId: string | undefined = undefined,
    options?: ErrorOptions & { vehicles?: readonly string[] | undefined },
  ) {
    super(message, options);
    this.vehicles = options?.vehicles ?? [];
  }
}

/** Any thrown thing as an ApiError. */
export const apiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError("unexpected", "", [], undefined, { cause: error });

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);

const issuesOf = (value: unknown): FieldIssue[] =>
  Array.isArray(value)
    ? value.flatMap((issue: { path?: unknown; message?: unknown }) => {
        const message = text(issue?.message);
        return message ? [{ path: text(issue.path) ?? "", message }] : [];
      })
    : [];

type Shape = {
  code?: unknown;
  message?: unknown;
  issues?: unknown;
  data?: { code?: unknown; issues?: unknown; requestId?: unknown } | null;
};

/**
 * The error of an answer: as tRPC writes it, `{ message, data: { code, issues?, requestId? } }`, or as the server's
 * door does before tRPC is reached (too many requests, too large), `{ code, message }`.
 */
export const errorOfShape = (shape: unknown): ApiError => {
  const said = (shape ?? {}) as Shape;
  const code = text(said.data?.code) ?? text(said.code);
  if (!code) return new ApiError("unexpected", "");
  const issues = issuesOf(said.data?.issues ?? said.issues);
  return new ApiError(code, text(said.message) ?? "", issues, text(said.data?.requestId));
};

/** Where it is worth asking again: the server was not reached, or could not serve just then. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === "network" || error.code === "unexpected");
