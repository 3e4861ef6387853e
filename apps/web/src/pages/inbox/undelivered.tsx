import { Button, Card, type Column, EmptyState, Table } from "@evx/ui";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

type Row = Answer<typeof api.notifications.undelivered>["items"][number];

/** What could not be sent, why, and once more. */
export default function Undelivered() {
  const t = useText("inbox");
  const f = useFormat();
  const client = useQueryClient();
  const [busy, setBusy] = createSignal<string | null>(null);
  const [refused, setRefused] = createSignal<unknown>(null);
  const failed = useInfiniteQuery(api.notifications.undelivered.pageOptions(() => ({ limit: 50 })));
  const again = async (name: string, rows: readonly Row[]) => {
    setBusy(name);
    setRefused(null);
    const ids = rows.slice(0, 100).map(({ id }) => id);
    await api.notifications.sendAgain.call({ ids }).then(() => notify.success(t("admin.queued")), setRefused);
    await client.invalidateQueries({ queryKey: api.notifications.undelivered.key() });
    setBusy(null);
  };
  const columns = (): Column<Row>[] => [
    {
      key: "person",
      header: t("admin.person"),
      lead: true,
      cell: (row) => (
        <a class="font-medium text-accent hover:underline wrap-anywhere" href={`/admin/users/${row.userId}`}>
          {row.name}
        </a>
      ),
    },
    {
      key: "message",
      header: t("admin.message"),
      cell: (row) => (
        <div class="max-w-xs min-w-0 wrap-anywhere">
          {row.subject}
          <span class="block text-xs text-muted">
            {row.type === "in_app" ? "" : t(`channel.${row.type}`)}
          </span>
        </div>
      ),
    },
    {
      key: "reason",
      header: t("admin.reason"),
      cell: (row) => <div class="max-w-sm min-w-0 wrap-anywhere">{row.reason}</div>,
    },
    { key: "at", header: t("admin.at"), cell: (row) => f.dateTime(row.createdAt) },
    {
      key: "again",
      header: t("admin.action"),
      cell: (row) => (
        <Button
          variant="secondary"
          size="sm"
          busy={busy() === row.id}
          onClick={() => void again(row.id, [row])}
        >
          {t("admin.again")}
        </Button>
      ),
    },
  ];
  return (
    <Page title={t("admin.title")} lead={t("admin.lead")}>
      <div aria-live="polite">
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      </div>
      <LoadedPages query={failed}>
        {(rows) => (
          <Card
            title={t("admin.rest")}
            actions={
              <Show when={rows().length > 1}>
                <Button variant="secondary" busy={busy() === "all"} onClick={() => void again("all", rows())}>
                  {t("admin.all")}
                </Button>
              </Show>
            }
          >
            <Table
              caption={t("admin.title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("admin.none")}>{t("admin.noneBody")}</EmptyState>}
            />
          </Card>
        )}
      </LoadedPages>
    </Page>
  );
}
