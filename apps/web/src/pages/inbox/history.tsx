import { Card, EmptyState, Segmented, StatusDot } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";

const tones = {
  queued: "info",
  sent: "positive",
  failed: "negative",
  read: "neutral",
  unread: "info",
} as const;
const channels = ["email", "push", "sms"] as const;

/** What left for a person outside the app, and how it ended. */
export const History = () => {
  const t = useText("inbox");
  const f = useFormat();
  const session = useSession();
  const [type, setType] = createSignal<(typeof channels)[number]>("email");
  const sent = useInfiniteQuery(
    api.notifications.list.pageOptions(() => ({ userId: session.userId(), limit: 10, type: type() })),
  );
  return (
    <Card title={t("history.title")} subtitle={t("history.lead")}>
      <Segmented
        label={t("history.title")}
        value={type()}
        options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
        onValue={setType}
      />
      <div class="mt-3">
        <LoadedPages query={sent}>
          {(rows) => (
            <Show
              when={rows().length > 0}
              fallback={<EmptyState title={t("history.none")}>{t("history.noneBody")}</EmptyState>}
            >
              <ul class="divide-y divide-line text-sm">
                <For each={rows()}>
                  {(row) => (
                    <li class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2">
                      <span class="min-w-0 wrap-anywhere">{row.subject}</span>
                      <span class="flex items-baseline gap-3 text-xs text-muted">
                        <time datetime={row.createdAt}>{f.dateTime(row.createdAt)}</time>
                        <StatusDot tone={tones[row.status]}>{t(`status.${row.status}`)}</StatusDot>
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </LoadedPages>
      </div>
    </Card>
  );
};
