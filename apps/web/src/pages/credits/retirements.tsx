import { Card, type Column, EmptyState, LinkButton, StatusDot, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { ownZone, zoneTime } from "../../lib/zones.ts";
import { SerialsBrief } from "./serials.tsx";
import { isReason, type RetirementRow } from "./words.ts";

/** Columns of a list of retirements: the beneficiary, how much, what for, which grams, when. */
export const useRetirementColumns = () => {
  const t = useText("credits");
  const f = useFormat();
  return (): Column<RetirementRow>[] => [
    {
      key: "beneficiary",
      header: t("column.beneficiary"),
      lead: true,
      cell: (row) => (
        <div class="min-w-0">
          <span class="font-medium break-words">{row.beneficiaryName}</span>
          <Show when={row.beneficiaryCountry}>
            {(code) => <span class="text-muted">, {f.country(code())}</span>}
          </Show>
          <Show when={row.message}>
            <p class="text-xs break-words text-muted">{row.message}</p>
          </Show>
          <Show when={row.certificateNumber}>
            {(number) => (
              <a class="block font-mono text-xs underline underline-offset-2" href={`/c/${number()}`}>
                {number()}
              </a>
            )}
          </Show>
          <Show when={gramsOf(row.revokedCredits) > 0n}>
            <StatusDot tone="negative">
              {t("retirements.revoked", { amount: f.credits(row.revokedCredits) })}
            </StatusDot>
          </Show>
        </div>
      ),
    },
    {
      key: "credits",
      header: t("column.amount"),
      align: "end",
      cell: (row) => <span data-figure>{f.creditsFigure(row.credits)}</span>,
    },
    {
      key: "reason",
      header: t("column.reason"),
      cell: (row) => (
        <div>
          {isReason(row.reason) ? t(`reason.${row.reason}`) : row.reason}
          <Show when={row.periodFrom && row.periodTo}>
            <span class="block text-xs text-muted">
              {t("retired.period", {
                from: f.date(`${row.periodFrom}T12:00:00`),
                to: f.date(`${row.periodTo}T12:00:00`),
              })}
            </span>
          </Show>
        </div>
      ),
    },
    { key: "serials", header: t("column.serials"), cell: (row) => <SerialsBrief serials={row.serials} /> },
    {
      key: "at",
      header: t("column.retiredAt"),
      cell: (row) => <span class="whitespace-nowrap">{f.date(row.retiredAt)}</span>,
    },
  ];
};

/** What a person has retired. */
export const OwnRetirements = (props: { userId: string }) => {
  const t = useText("credits");
  const columns = useRetirementColumns();
  const retirements = useInfiniteQuery(
    api.credits.retirements.pageOptions(() => ({ userId: props.userId, limit: 25 })),
  );
  const year = new Date().getFullYear();
  const zone = ownZone();
  const statement = (of: number) =>
    `/api/credits/retirements/${props.userId}/statement.csv?${new URLSearchParams({ year: String(of), zone })}`;
  return (
    <Card
      title={t("view.retirements")}
      subtitle={t("retirements.zone", { zone: zoneTime(zone) })}
      actions={
        <div class="flex flex-wrap gap-2">
          <For each={[year, year - 1]}>
            {(of) => (
              <LinkButton size="sm" variant="secondary" href={statement(of)} download="">
                {t("retirements.statement", { year: String(of) })}
              </LinkButton>
            )}
          </For>
        </div>
      }
    >
      <LoadedPages query={retirements}>
        {(rows) => (
          <Table
            caption={t("view.retirements")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={t("retirements.empty")}>{t("retirements.emptyBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </Card>
  );
};
