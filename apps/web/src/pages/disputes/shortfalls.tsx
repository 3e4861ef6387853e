import { Button, Card, type Column, EmptyState, Table, TextLink } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Refunds, Replace } from "./compensate.tsx";

export type Shortfall = Answer<typeof api.credits.shortfalls.list>["items"][number];

/** What was sold of revoked batches, and what an operator can do about it. */
export default function Shortfalls() {
  const t = useText("disputes");
  const f = useFormat();
  const [open, setOpen] = createSignal<{ way: "replace" | "refund"; row: Shortfall } | null>(null);
  const list = useInfiniteQuery(api.credits.shortfalls.list.pageOptions(() => ({ limit: 25 })));
  const chosen = (way: "replace" | "refund") => {
    const now = open();
    return now?.way === way ? now.row : null;
  };
  const columns = (): Column<Shortfall>[] => [
    {
      key: "batch",
      header: t("short.batch"),
      lead: true,
      cell: (row) => (
        <div class="min-w-0">
          <TextLink href={`/registry/batches/${row.number}`}>
            {t("short.batchNumber", { number: row.number })}
          </TextLink>
          <span class="block break-words">{row.revocation.reason}</span>
          <span class="block text-muted">
            {t("short.holders", { count: row.holders, held: f.credits(row.held) })}
          </span>
        </div>
      ),
    },
    {
      key: "owed",
      header: t("short.owed"),
      align: "end",
      cell: (row) => (
        <div>
          <span class="block font-semibold">{f.credits(row.revocation.shortfall)}</span>
          <Show when={row.missing !== row.revocation.shortfall}>
            <span class="block text-muted">{t("short.missing", { missing: f.credits(row.missing) })}</span>
          </Show>
          <span class="block text-muted">{t("short.ofOwed", { owed: f.credits(row.revocation.owed) })}</span>
        </div>
      ),
    },
    {
      key: "revoked",
      header: t("short.revoked"),
      cell: (row) => <span class="text-muted">{f.relative(row.revocation.revokedAt)}</span>,
    },
    {
      key: "ways",
      header: t("column.status"),
      cell: (row) => (
        <div class="flex flex-wrap gap-2">
          <Button variant="secondary" size="sm" onClick={() => setOpen({ way: "replace", row })}>
            {t("short.replace")}
          </Button>
          <Button variant="secondary" size="sm" onClick={() => setOpen({ way: "refund", row })}>
            {t("short.refunds")}
          </Button>
        </div>
      ),
    },
  ];
  const close = () => setOpen(null);
  return (
    <Page title={t("short.title")} lead={t("short.lead")}>
      <Card>
        <LoadedPages query={list}>
          {(rows) => (
            <Table
              caption={t("short.title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("short.none")}>{t("short.noneBody")}</EmptyState>}
            />
          )}
        </LoadedPages>
      </Card>
      <Switch>
        <Match when={chosen("replace")}>{(row) => <Replace row={row()} onClose={close} />}</Match>
        <Match when={chosen("refund")}>{(row) => <Refunds row={row()} onClose={close} />}</Match>
      </Switch>
    </Page>
  );
}
