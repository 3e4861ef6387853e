import { type Column, EmptyState, StatusDot, Table } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { useRetirementColumns } from "./retirements.tsx";
import type { BatchRow, RetirementRow } from "./words.ts";

/** Batches with where their grams are now. */
export const BatchTable = (props: { rows: readonly BatchRow[]; filtered: boolean }) => {
  const t = useText("credits");
  const f = useFormat();
  const figure = (key: "issued" | "circulating" | "retired"): Column<BatchRow> => ({
    key,
    header: t(`column.${key}`),
    align: "end",
    narrow: "third",
    cell: (row) => <span data-figure>{f.creditsFigure(row[key])}</span>,
  });
  const columns = (): Column<BatchRow>[] => [
    {
      key: "batch",
      header: t("column.batch"),
      lead: true,
      cell: (row) => (
        <div>
          <a class="font-medium underline-offset-2 hover:underline" href={`/registry/batches/${row.number}`}>
            {t("lots.batch", { number: row.number })}
          </a>
          <span class="block text-xs text-muted">
            {f.country(row.country)}, {row.method}
          </span>
          <Show when={row.revocation}>
            <StatusDot tone="negative">{t("registry.revoked")}</StatusDot>
          </Show>
        </div>
      ),
    },
    { key: "vintage", header: t("column.vintage"), align: "end", cell: (row) => row.vintage },
    figure("issued"),
    figure("circulating"),
    figure("retired"),
    {
      key: "verifier",
      header: t("column.verifier"),
      cell: (row) => <span class="break-words">{row.cvaName}</span>,
    },
    {
      key: "when",
      header: t("batch.issuedAt"),
      cell: (row) => <span class="whitespace-nowrap">{f.date(row.issuedAt)}</span>,
    },
  ];
  return (
    <Table
      caption={t("registry.batches")}
      columns={columns()}
      rows={props.rows}
      empty={
        <EmptyState title={t(props.filtered ? "registry.none" : "registry.emptyBatches")}>
          {t(props.filtered ? "registry.noneBody" : "registry.emptyBatchesBody")}
        </EmptyState>
      }
    />
  );
};

/** Retirements with their beneficiaries. */
export const RetirementTable = (props: { rows: readonly RetirementRow[]; filtered: boolean }) => {
  const t = useText("credits");
  const columns = useRetirementColumns();
  return (
    <Table
      caption={t("registry.retirements")}
      columns={columns()}
      rows={props.rows}
      empty={
        <EmptyState title={t(props.filtered ? "registry.none" : "registry.emptyRetirements")}>
          {t(props.filtered ? "registry.noneBody" : "registry.emptyRetirementsBody")}
        </EmptyState>
      }
    />
  );
};
