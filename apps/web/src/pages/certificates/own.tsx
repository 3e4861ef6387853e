import { Card, type Column, EmptyState, LinkButton, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import BadgeCheck from "lucide-solid/icons/badge-check";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { useCertificateColumns } from "./columns.tsx";

type Certificate = Answer<typeof api.verification.certificates.list>["items"][number];

/** One's own certificates, newest first. */
export default function OwnCertificates() {
  const t = useText("certificates");
  const f = useFormat();
  const base = useCertificateColumns<Certificate>();
  const session = useSession();
  const certificates = useInfiniteQuery(
    api.verification.certificates.list.pageOptions(() => {
      const userId = session.userId();
      return userId ? { userId } : skipToken;
    }),
  );
  const isOwner = () => session.role() === "ev_owner";
  const columns = (): Column<Certificate>[] => [
    base.number(),
    {
      key: "kind",
      header: t("column.kind"),
      cell: (row) => (
        <span class="block min-w-0">
          <span class="block">{t(`kind.${row.kind}`)}</span>
          <span class="block text-xs wrap-anywhere text-muted">{row.beneficiaryName}</span>
        </span>
      ),
    },
    base.credits(),
    base.date(),
    base.status(),
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
