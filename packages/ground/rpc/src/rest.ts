/** How a procedure appears in the REST view. Without it a procedure is served over tRPC alone. */
export type RestMeta = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path under /api with `{name}` parameters, which join the input under that name. */
  readonly path: `/${string}`;
  /** Status of success; 200 unless said. A procedure may set another one on `ctx.answer.status`. */
  readonly status: number;
  readonly summary: string;
  /**
   * `json`: the body joins the input. `stream`: the input gets `content` (a byte stream), `contentType` and
   * `fileName`, from the raw body or a multipart field `file`; `maxBytes` bounds it.
   */
  readonly body: "json" | "stream";
  readonly maxBytes?: number;
  /**
   * The answer is a file `{ contentType, fileName, content }`, which is sent as it is, not as JSON; `by_format`: only when
   * the input's `format` is another than `json`. Files do not travel in batches.
   */
  readonly file?: true | "by_format";
};

/** What the edge itself puts into the input of a `stream`, whether its schema wants it or not. */
export const fieldsOfUpload: readonly string[] = ["content", "contentType", "fileName"];

export type Meta = {
  readonly rest?: RestMeta;
  /** What a procedure without a REST view does, in one line: the command line's help. */
  readonly summary?: string;
  /** Works on a browser's session alone; the command line leaves it out. */
  readonly session?: true;
  /** Open to a person whose role demands a second factor and who has none yet: what is needed to set it up. */
  readonly beforeTwoFactor?: true;
  /** Works while the venue is closed for changes: signing in to read, and locking a stranger out of one's account. */
  readonly whileClosed?: true;
  /** How many points of a client's limit a call costs, where `pointsOfCall` would say too little. For what takes a processor for long. */
  readonly points?: number;
  /** The answer shows a secret this once: it is not kept for a repeated request. */
  readonly secretAnswer?: true;
  /** A repeated request is done anew, whatever key it carries: signing in must not be replayed from a table. */
  readonly notRepeatable?: true;
};

/** What a call costs of a client's limit: what its procedure says; a file, for which thousands of rows are read, three; else one. */
export const pointsOfCall = (meta: Meta | undefined): number =>
  meta?.points ?? (meta?.rest?.file === true ? 3 : 1);

/** What a procedure does, in one line. */
export const summaryOf = (meta: Meta | undefined): string | undefined => meta?.rest?.summary ?? meta?.summary;

/** Declares what a procedure without a REST view does: `.meta(told("End one of your API keys"))`. */
export const told = (summary: string): Meta => ({ summary });

/** Declares a procedure's REST view: `.meta(rest("POST", "/marketplace/listings", { status: 201, summary }))`. */
export const rest = (
  method: RestMeta["method"],
  path: RestMeta["path"],
  more: { summary: string } & Partial<Omit<RestMeta, "method" | "path">>,
): Meta => ({ rest: { method, path, status: 200, body: "json", ...more } });
