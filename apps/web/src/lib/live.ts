import { createTRPCUntypedClient, httpSubscriptionLink, TRPCClientError } from "@trpc/client";
import { ApiError, errorOfShape, type ApiError as Failed } from "./errors.ts";

// Loaded only by pages that watch something: see `subscribe` in api.ts.
const client = createTRPCUntypedClient({ links: [httpSubscriptionLink({ url: "/trpc" })] });

export type LiveHandlers = {
  onData: (event: unknown) => void;
  onError: (error: Failed) => void;
  onState: (state: "connecting" | "live") => void;
};

/** Watches a subscription until the answered function is called. The browser connects again by itself. */
export const watch = (path: string, input: unknown, handlers: LiveHandlers): (() => void) => {
  const stream = client.subscription(path, input, {
    onData: (event: unknown) => handlers.onData(event),
    onError: (error: unknown) =>
      handlers.onError(
        error instanceof TRPCClientError
          ? errorOfShape(error.shape)
          : new ApiError("unexpected", "", [], undefined),
      ),
    onConnectionStateChange: (change) => handlers.onState(change.state === "pending" ? "live" : "connecting"),
  });
  return () => stream.unsubscribe();
};
