import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";

type Options = { secure: boolean; tileOrigin: string | null; frameAncestors?: string };

/**
 * Headers that tell browsers what this site never does: run scripts from elsewhere or inline, be framed, leak addresses.
 * Styles may be inline on every page: the charts and the REST reader set them on elements; scripts never may.
 */
export const securityHeaders = ({ secure, tileOrigin }: Options): MiddlewareHandler => {
  const policy = (styles: string) =>
    [
      "default-src 'self'",
      "script-src 'self'",
      `style-src ${styles}`,
      `img-src 'self' data: blob:${tileOrigin ? ` ${tileOrigin}` : ""}`,
      "font-src 'self' data:",
      "connect-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; ");
  const pages = policy("'self' 'unsafe-inline'");
  return async (c, next) => {
    await next();
    c.header("content-security-policy", pages);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "strict-origin-when-cross-origin");
    c.header("x-frame-options", "DENY");
    c.header("cross-origin-opener-policy", "same-origin");
    c.header("permissions-policy", "camera=(self), microphone=(), geolocation=()");
    // What a person is answered is theirs: no proxy and no shared browser keeps it. Public pages say otherwise themselves.
    if (/^\/(api|trpc)\//.test(c.req.path) && !c.res.headers.has("cache-control"))
      c.header("cache-control", "no-store");
    if (secure) c.header("strict-transport-security", "max-age=31536000; includeSubDomains");
  };
};

/** Other origins that may call the API from a browser: none unless configured. */
export const crossOrigin = (origins: readonly string[]): MiddlewareHandler =>
  cors({
    origin: [...origins],
    credentials: true,
    allowHeaders: ["authorization", "content-type", "idempotency-key", "accept-language"],
    exposeHeaders: ["x-request-id", "retry-after"],
  });
