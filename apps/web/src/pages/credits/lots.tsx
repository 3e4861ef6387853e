import { Card, Code, type Column, EmptyState, Table } from "@evx/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { type LotRow, lifeOf } from "./words.ts";

type Part = Answer<typeof api.credits.provenance>["items"][number];

/** Batches as shares of the whole: which car's year each gram is of. */
const Parts = (props: { parts: readonly Part[] }) => {
  const t = useText("credits");
  const f = useFormat();
  const whole = () => props.parts.reduce((sum, part) => sum + gramsOf(part.credits), 0n);
  /** In thousandths by whole numbers; only the picture of it is a float. */
  const share = (part: Part) => (whole() > 0n ? Number((gramsOf(part.credits) * 1000n) / whole()) / 1000 : 0);
  return (
    <ul class="divide-y divide-line">
      <For each={props.parts}>
        {(part) => (
          <li class="grid gap-1.5 py-3 first:pt-0 last:pb-0">
            <div class="flex flex-wrap items-baseline justify-between gap-x-4">
              <a
                class="font-medium underline-offset-2 hover:underline"
                href={`/registry/batches/${part.batch.number}`}
              >
                {t("lots.batch", { number: part.batch.number })}
              </a>
              <span data-figure>
                {f.credits(part.credits, { all: true })}
                <span class="ms-2 text-muted">{f.percent(share(part))}</span>
              </span>
            </div>
            <div class="h-1.5 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
              <div
                class="h-full rounded-full bg-accent"
                style={{ width: `${Math.max(share(part), 0.005) * 100}%` }}
              />
            </div>
            <p class="text-xs break-words text-muted">
              {t("lots.facts", {
                country: f.country(part.batch.country),
                vintage: part.batch.vintage,
                method: part.batch.method,
              })}
              {", "}
              {t("lots.by", { name: part.batch.cvaName })}
            </p>
          </li>
        )}
      </For>
    </ul>
  );
};

/** Where each gram of a wallet came from: by batch, and run by run. */
export const Lots = (props: { userId: string }) => {
  const t = useText("credits");
  const f = useFormat();
  const parts = useQuery(api.credits.provenance.queryOptions(() => ({ userId: props.userId })));
  const lots = useInfiniteQuery(api.credits.lots.pageOptions(() => ({ userId: props.userId, limit: 25 })));

  const columns = (): Column<LotRow>[] => [
    {
      key: "serial",
      header: t("column.serial"),
      lead: true,
      cell: (row) => (
        <a
          class="font-mono text-xs wrap-break-word underline-offset-2 hover:underline"
          href={lifeOf(row.serial)}
        >
          <Code>{row.serial}</Code>
        </a>
      ),
    },
    {
      key: "credits",
      header: t("column.amount"),
      align: "end",
      cell: (row) => <span data-figure>{f.creditsFigure(row.credits)}</span>,
    },
    {
      key: "origin",
      header: t("column.origin"),
      cell: (row) =>
        t("lots.facts", {
          country: f.country(row.batch.country),
          vintage: row.batch.vintage,
          method: row.batch.method,
        }),
    },
    {
      key: "came",
      header: t("column.came"),
      cell: (row) => (
        <div>
          {t(`lots.acquired.${row.acquired}`)}
          <span class="block text-xs whitespace-nowrap text-muted">{f.dateTime(row.acquiredAt)}</span>
        </div>
      ),
    },
  ];

  return (
    <div class="grid gap-4">
      <Loaded query={parts}>
        {(data) => (
          <Show
            when={data().items.length > 0}
            fallback={
              <Card>
                <EmptyState title={t("lots.empty")}>{t("lots.emptyBody")}</EmptyState>
              </Card>
            }
          >
            <Card title={t("lots.parts")} subtitle={t("lots.partsNote")}>
              <Parts parts={data().items} />
            </Card>
            <Card title={t("lots.title")} subtitle={t("lots.note")}>
              <LoadedPages query={lots}>
                {(rows) => <Table caption={t("lots.title")} columns={columns()} rows={rows()} />}
              </LoadedPages>
            </Card>
          </Show>
        )}
      </Loaded>
    </div>
  );
};
