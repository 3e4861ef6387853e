import { Card, type Column, EmptyState, LinkButton, StatusDot, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { importTones, isOpen, type Vehicle } from "./words.ts";

type Row = Answer<typeof api.vehicles.imports>["items"][number];

/** Every file that came in for a car, and what became of it. */
export default function ImportsView(props: { vehicle: Vehicle }) {
  const t = useText("vehicles");
  const f = useFormat();
  const imports = useInfiniteQuery(
    api.vehicles.imports.pageOptions(() => ({ id: props.vehicle.id, limit: 25 })),
  );
  const columns = (): Column<Row>[] => [
    {
      key: "file",
      header: t("imports.file"),
      lead: true,
      cell: (row) => (
        <a
          href={`/owner/vehicles/${props.vehicle.id}/import?import=${row.importId}`}
          class="block min-w-0 break-words hover:underline"
        >
          {row.fileName ?? row.formatTitle ?? t("imports.sent")}
        </a>
      ),
    },
    { key: "when", header: t("imports.when"), cell: (row) => f.dateTime(row.createdAt) },
    {
      key: "state",
      header: t("imports.state"),
      cell: (row) => (
        <StatusDot tone={importTones[row.status]} pulse={isOpen(row.status)}>
          {t(`importStatus.${row.status}`)}
        </StatusDot>
      ),
    },
    { key: "imported", header: t("imports.imported"), align: "end", cell: (row) => f.number(row.imported) },
    {
      key: "duplicates",
      header: t("imports.duplicates"),
      align: "end",
      cell: (row) => f.number(row.duplicates),
    },
    {
      key: "rejected",
      header: t("imports.rejected"),
      align: "end",
      cell: (row) => f.number(row.rejectedCount),
    },
  ];
  return (
    <Card title={t("imports.title")} flush>
      <LoadedPages query={imports}>
        {(rows) => (
          <Table
            caption={t("imports.title")}
            columns={columns()}
            rows={rows()}
            empty={
              <EmptyState
                title={t("imports.none")}
                action={
                  <LinkButton href={`/owner/vehicles/${props.vehicle.id}/import`} variant="secondary">
                    {t("list.import")}
                  </LinkButton>
                }
              />
            }
          />
        )}
      </LoadedPages>
    </Card>
  );
}
