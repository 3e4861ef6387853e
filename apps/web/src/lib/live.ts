import { createTRPCUntypedClient, httpSubscriptionLink } from "@trpc/client";
import { ApiError, type ApiError as Failed } from "./errors.ts";
import { createStreams } from "./streams.ts";

// Loaded only by pages that watch something: see `subscribe` in api.ts.
const client = createTRPCUntypedClient({ links: [httpSubscriptionLink({ url: "/trpc" })] });

export type LiveHandlers = {
  onData: (event: unknown) => void;
  onError: (error: Failed) => void;
  onState: (state: "connecting" | "live") => void;
};

type Refused = { code: string; message: string };

const isNews = (news: unknown): news is { id: string; data?: unknown; refused?: Refused } =>
  typeof news === "object" && news !== null && "id" in news;

/**
 * Watches a subscription until the answered function is called. All that a tab watches comes over one connection, since a
 * browser opens no more than six to a server, over all its tabs. It connects again by itself.
 */
export const watch: (path: string, input: unknown, handlers: LiveHandlers) => () => void = createStreams(
  (streams, heard) => {
    const connection = client.subscription(
      "live.many",
      { streams },
      {
        onData: (news: unknown) => {
          if (!isNews(news)) return;
          if (news.refused)
            heard.onRefused(news.id, new ApiError(news.refused.code, news.refused.message, [], undefined));
          else heard.onData(news.id, news.data);
        },
        onError: () => heard.onLost(),
        onComplete: () => heard.onLost(),
        onConnectionStateChange: (change) =>
          heard.onState(change.state === "pending" ? "live" : "connecting"),
      },
    );
    return () => connection.unsubscribe();
  },
);
