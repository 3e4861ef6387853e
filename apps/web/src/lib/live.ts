import { createTRPCUntypedClient, httpSubscriptionLink } from "@trpc/client";
import { currentLocale } from "./locale.ts";

// Loaded only by pages that watch something: see `subscribe` in api.ts.
const client = createTRPCUntypedClient({
  links: [
    httpSubscriptionLink({
      url: () => "/trpc",
      connectionParams: () => ({ locale: currentLocale() }),
    }),
  ],
});

export type LiveHandlers = {
  onData: (event: unknown) => void;
  onError: (error: unknown) => void;
  onState: (state: "connecting" | "live") => void;
};

/** Watches a subscription until the answered function is called. The browser connects again by itself. */
export const watch = (path: string, input: unknown, handlers: LiveHandlers): (() => void) => {
  const stream = client.subscription(path, input, {
    onData: (event: unknown) => handlers.onData(event),
    onError: handlers.onError,
    onConnectionStateChange: (change) => handlers.onState(change.state === "pending" ? "live" : "connecting"),
  });
  return () => stream.unsubscribe();
};
