import { Card, type Column, EmptyState, LinkButton, Select, Table, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useCertificateColumns } from "./columns.tsx";

type Certificate = Answer<typeof api.verification.certificates.search>["items"][number];

const kinds = ["issuance", "purchase", "transfer", "retirement"] as const;

/** All certificates, to look through by number, batch, name and kind. */
export default function Search() {
  const t = useText("certificates");
  const base = useCertificateColumns<Certificate>();
  const [search, setSearch] = useSearchParams<{ q?: string; kind?: string }>();
  const kind = oneOf(search, "kind", kinds);
  const filter = () => ({
    ...(search.q?.trim() ? { q: search.q.trim() } : {}),
    ...(kind() ? { kind: kind() } : {}),
  });
  const found = useInfiniteQuery(api.verification.certificates.search.pageOptions(filter));
  const csv = () => `/api/public/certificates.csv?${new URLSearchParams(filter() as Record<string, string>)}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const type = (q: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => setSearch({ q: q || undefined }, { replace: true }), 250);
  };
  const columns = (): Column<Certificate>[] => [
    base.number(),
    { key: "kind", header: t("column.kind"), cell: (row) => t(`kind.${row.kind}`) },
    {
      key: "holder",
      header: t("column.holder"),
      cell: (row) => (
        <span class="block min-w-40 wrap-anywhere cards:min-w-0">
          {row.beneficiaryName ?? row.holderName}
        </span>
      ),
    },
    base.credits(),
    base.date(),
    base.status(),
  ];
  return (
    <Card
      flush
      class="mt-4"
      title={t("registry.search")}
      actions={
        <LinkButton variant="secondary" size="sm" rel="external" href={csv()} download="">
          {t("registry.csv")}
        </LinkButton>
      }
    >
      <div class="grid gap-4 px-4 pb-4 sm:grid-cols-[minmax(0,1fr)_14rem] sm:px-5">
        <TextInput label={t("registry.searchLabel")} type="search" value={search.q ?? ""} onValue={type} />
        <Select
          label={t("registry.kind")}
          placeholder={t("registry.all")}
          value={kind() ?? ""}
          options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onValue={(value) => setSearch({ kind: value || undefined })}
        />
      </div>
      <LoadedPages query={found}>
        {(rows) => (
          <Table
            caption={t("registry.table")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={t("registry.empty")}>{t("registry.emptyBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </Card>
  );
}
