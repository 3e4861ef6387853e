import { Button, Card, type Column, EmptyState, Segmented, StatusDot, Table } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { ReviewFile } from "./review.tsx";

type File = Answer<typeof api.identity.kyc.queue>["items"][number];

const statuses = ["submitted", "verified", "rejected"] as const;
const tones = { submitted: "info", verified: "positive", rejected: "negative" } as const;

export default function IdentityChecks() {
  const t = useText("people");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ status?: string }>();
  const [open, setOpen] = createSignal<string | null>(null);
  const asked = oneOf(search, "status", statuses);
  const status = () => asked() ?? "submitted";
  const files = useInfiniteQuery(api.identity.kyc.queue.pageOptions(() => ({ limit: 25, status: status() })));

  const columns = (): Column<File>[] => [
    {
      key: "person",
      header: t("column.person"),
      lead: true,
      cell: (file) => <span class="font-medium break-words">{file.userName}</span>,
    },
    { key: "role", header: t("column.role"), cell: (file) => t(`role.${file.userRole}`) },
    {
      key: "document",
      header: t("checks.document"),
      cell: (file) => `${t(`type.${file.documentType}`)}, ${f.country(file.countryCode)}`,
    },
    {
      key: "state",
      header: t("column.state"),
      cell: (file) => <StatusDot tone={tones[file.status]}>{t(`checks.${file.status}`)}</StatusDot>,
    },
    { key: "when", header: t("checks.handedIn"), cell: (file) => f.relative(file.submittedAt) },
    {
      key: "open",
      header: t("column.actions"),
      hideHeader: true,
      align: "end",
      cell: (file) => (
        <Button variant="secondary" size="sm" onClick={() => setOpen(file.id)}>
          {t("checks.open")}
        </Button>
      ),
    },
  ];

  return (
    <Page title={t("checks.title")} lead={t("checks.lead")}>
      <Card>
        <div class="mb-3">
          <Segmented
            label={t("checks.show")}
            value={status()}
            options={statuses.map((value) => ({ value, label: t(`checks.${value}`) }))}
            onValue={(value) => setSearch({ status: value === "submitted" ? undefined : value })}
          />
        </div>
        <LoadedPages query={files}>
          {(rows) => (
            <Table
              caption={t("checks.title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("checks.none")}>{t("checks.noneBody")}</EmptyState>}
            />
          )}
        </LoadedPages>
      </Card>
      <Show when={open()}>{(id) => <ReviewFile id={id()} onClose={() => setOpen(null)} />}</Show>
    </Page>
  );
}
