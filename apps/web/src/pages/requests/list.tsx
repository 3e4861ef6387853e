import { isId } from "@evx/kernel";
import { Button, Card, type Column, EmptyState, StatusDot, Table } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import FileCheck from "lucide-solid/icons/file-check";
import { Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { readAs } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { NewRequest } from "./new-request.tsx";
import { toneOfStatus, useRequestWords } from "./words.ts";

type Request = Answer<typeof api.verification.requests.list>["items"][number];

/** An owner's requests, newest first; `?new=veh_…` opens the form for a vehicle. */
export default function Requests() {
  const t = useText("review");
  const f = useFormat();
  const words = useRequestWords();
  const [search, setSearch] = useSearchParams<{ new?: string }>();
  const requests = useInfiniteQuery(api.verification.requests.list.pageOptions(() => ({})));
  const vehicle = readAs(search, "new", (text) => (text === "1" || isId("vehicle", text) ? text : undefined));
  const open = () => setSearch({ new: "1" });

  const columns = (): Column<Request>[] => [
    {
      key: "vehicle",
      header: t("column.vehicle"),
      lead: true,
      cell: (row) => (
        <a href={`/owner/requests/${row.id}`} class="font-medium break-words hover:underline">
          {words.vehicle(row)}
        </a>
      ),
    },
    {
      key: "period",
      header: t("column.period"),
      cell: (row) => (
        <span>
          <span class="block">{words.trips(row.tripCount)}</span>
          <span class="block text-xs text-muted">{words.span(row)}</span>
        </span>
      ),
    },
    { key: "submitted", header: t("column.submitted"), cell: (row) => f.date(row.submittedAt) },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsIssued ?? row.creditsRequested),
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <span class="inline-flex flex-wrap items-center justify-end gap-1.5 rows:justify-start">
          <StatusDot tone={toneOfStatus(row.status)}>
            {row.status === "needs_info" ? t("own.question") : t(`status.${row.status}`)}
          </StatusDot>
          <Show when={row.status === "approved" && row.rejectedTripCount > 0}>
            <span class="text-xs text-muted">{t.n("own.refused", row.rejectedTripCount)}</span>
          </Show>
        </span>
      ),
    },
  ];

  return (
    <Page
      title={t("own.title")}
      lead={t("own.lead")}
      actions={<Button onClick={open}>{t("own.new")}</Button>}
    >
      <Card flush class="pt-2">
        <LoadedPages query={requests}>
          {(rows) => (
            <Table
              caption={t("own.title")}
              columns={columns()}
              rows={rows()}
              empty={
                <EmptyState
                  icon={<FileCheck size={18} />}
                  title={t("own.empty")}
                  action={<Button onClick={open}>{t("own.new")}</Button>}
                >
                  {t("own.emptyBody")}
                </EmptyState>
              }
            />
          )}
        </LoadedPages>
      </Card>
      <NewRequest
        open={vehicle() !== undefined}
        vehicleId={vehicle()}
        onOpen={(shown) => setSearch({ new: shown ? "1" : undefined })}
      />
    </Page>
  );
}
