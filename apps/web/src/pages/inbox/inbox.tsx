import { Button, Card, EmptyState, StatusDot } from "@evx/ui";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { Devices, Phone } from "./devices.tsx";
import { History } from "./history.tsx";
import { Topics, type Ways } from "./topics.tsx";
import { When } from "./when.tsx";

type Notification = Answer<typeof api.notifications.list>["items"][number];

export default function Inbox() {
  const t = useText("inbox");
  const session = useSession();
  const client = useQueryClient();
  const inbox = useInfiniteQuery(
    api.notifications.list.pageOptions(() => ({ userId: session.userId(), limit: 30, type: "in_app" })),
  );

  const ways = useQuery(api.notifications.ways.queryOptions());
  const onWays = (_: Ways) => void client.invalidateQueries({ queryKey: api.notifications.ways.key() });
  const refresh = () => client.invalidateQueries({ queryKey: api.notifications.list.key() });
  const readAll = useMutation(api.notifications.readAll.mutationOptions({ onSuccess: () => void refresh() }));

  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      narrow
      actions={
        <Button variant="secondary" busy={readAll.isPending} onClick={() => readAll.mutate(undefined)}>
          {t("readAll")}
        </Button>
      }
    >
      <Show when={readAll.error}>{(error) => <Failure error={error()} />}</Show>
      <LoadedPages query={inbox}>
        {(rows) => (
          <Show
            when={rows().length > 0}
            fallback={
              <Card>
                <EmptyState title={t("empty")}>{t("emptyBody")}</EmptyState>
              </Card>
            }
          >
            <ul class="bg-surface">
              <For each={rows()}>{(row) => <Item row={row} onRead={refresh} />}</For>
            </ul>
          </Show>
        )}
      </LoadedPages>
      <Loaded query={ways}>
        {(data) => (
          <div class="mt-8 grid gap-5">
            <Topics ways={data()} onWays={onWays} />
            <Devices ways={data()} onWays={onWays} />
            <Phone ways={data()} onWays={onWays} />
            <When ways={data()} onWays={onWays} />
            <History />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Item = (props: { row: Notification; onRead: () => void }) => {
  const t = useText("inbox");
  const f = useFormat();
  const read = async () => {
    if (props.row.status !== "unread") return;
    await api.notifications.read.call({ id: props.row.id });
    props.onRead();
  };
  return (
    <li class="border-t border-line bg-surface px-4 py-3 first:border-t-2 first:border-t-ink">
      <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 class="min-w-0 break-words text-sm font-semibold">{props.row.subject}</h2>
        <time
          class="whitespace-nowrap text-xs text-muted"
          datetime={props.row.createdAt}
          title={f.dateTime(props.row.createdAt)}
        >
          {f.relative(props.row.createdAt)}
        </time>
      </div>
      <p class="mt-1 whitespace-pre-line break-words text-sm text-muted">{props.row.message}</p>
      <div class="mt-2 flex items-center gap-4 text-sm">
        <Show when={props.row.link}>
          {(link) => (
            <a class="tap font-medium text-accent hover:underline" href={link()} onClick={() => void read()}>
              {t("open")}
            </a>
          )}
        </Show>
        <Show when={props.row.status === "unread"}>
          <StatusDot tone="info">{t("unread")}</StatusDot>
        </Show>
      </div>
    </li>
  );
};
