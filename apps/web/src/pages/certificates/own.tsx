import { Card, type Column, EmptyState, LinkButton, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import BadgeCheck from "lucide-solid/icons/badge-check";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { Standing } from "./standing.tsx";

type Certificate = Answer<typeof api.verification.certificates.list>["items"][number];

/** One's own certificates, newest first. */
export default function OwnCertificates() {
  const t = useText("certificates");
  const f = useFormat();
  const session = useSession();
  const certificates = useInfiniteQuery(
    api.verification.certificates.list.pageOptions(() => {
      const userId = session.userId();
      return userId ? { userId } : skipToken;
    }),
  );
  const isOwner = () => session.role() === "ev_owner";
  const columns = (): Column<Certificate>[] => [
    {
      key: "number",
      header: t("column.number"),
      lead: true,
      cell: (row) => (
        <a
          href={`/c/${row.certificateNumber}`}
          class="font-mono text-[0.8125rem] whitespace-nowrap hover:underline"
        >
          {row.certificateNumber}
        </a>
      ),
    },
    {
      key: "kind",
      header: t("column.kind"),
      cell: (row) => (
        <span class="block min-w-0">
          <span class="block">{t(`kind.${row.kind}`)}</span>
          <span class="block text-xs break-words text-muted">{row.beneficiaryName}</span>
        </span>
      ),
    },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsAmount),
    },
    {
      key: "date",
      header: t("column.date"),
      cell: (row) => <span class="whitespace-nowrap">{f.date(row.issueDate)}</span>,
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => <Standing status={row.status} current={row.current} credits={row.creditsAmount} />,
    },
    {
      key: "pdf",
      header: t("column.actions"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <LinkButton
          variant="quiet"
          size="sm"
          rel="external"
          href={pdfAddress(row.certificateNumber, f.locale())}
          aria-label={`${t("own.pdf")}: ${row.certificateNumber}`}
          download=""
        >
          {t("own.pdf")}
        </LinkButton>
      ),
    },
  ];
  return (
    <Page title={t("own.title")} lead={t("own.lead")}>
      <Card flush class="pt-2">
        <LoadedPages query={certificates}>
          {(rows) => (
            <Table
              caption={t("own.title")}
              columns={columns()}
              rows={rows()}
              empty={
                <EmptyState
                  icon={<BadgeCheck size={18} />}
                  title={t("own.empty")}
                  action={
                    <LinkButton href={isOwner() ? "/owner/requests" : "/marketplace"}>
                      {t(isOwner() ? "own.toRequests" : "own.toMarket")}
                    </LinkButton>
                  }
                >
                  {t(isOwner() ? "own.emptyOwner" : "own.emptyBuyer")}
                </EmptyState>
              }
            />
          )}
        </LoadedPages>
      </Card>
    </Page>
  );
}

/** Where a certificate's printed form is, in the reader's language. */
export const pdfAddress = (number: string, locale: string): string =>
  `/api/public/certificates/${encodeURIComponent(number)}/pdf?locale=${locale}`;
