import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { AppRouter } from "./index.ts";

/**
 * The API for scripts, with the procedures' own types, over HTTP.
 * `token` is a JWT from `login` or an API key; errors are TRPCClientError with `data.code` and `data.issues`.
 */
export const createClient = ({ url, token }: { url: string; token?: string }) =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        // The server takes no more calls in one request.
        maxItems: 20,
        url: `${url.replace(/\/$/, "")}/trpc`,
        headers: token ? { authorization: `Bearer ${token}` } : {},
      }),
    ],
  });

export type { AppRouter } from "./index.ts";
