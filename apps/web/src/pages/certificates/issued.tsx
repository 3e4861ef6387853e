import { Button, Card, type Column, Dialog, EmptyState, Segmented, Table, TextArea } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { useCertificateColumns } from "./columns.tsx";
import { Standing } from "./standing.tsx";

type Certificate = Answer<typeof api.verification.certificates.issued>["items"][number];

const shows = ["all", "valid", "revoked"] as const;

/** Certificates of the batches that a reviewer approved (an operator's: all), with the way to revoke one. */
export default function IssuedCertificates() {
  const t = useText("certificates");
  const base = useCertificateColumns<Certificate>();
  const [search, setSearch] = useSearchParams<{ show?: string }>();
  const [revoking, setRevoking] = createSignal<Certificate | null>(null);
  const askedShow = oneOf(search, "show", shows);
  const shown = () => askedShow() ?? "all";
  const certificates = useInfiniteQuery(
    api.verification.certificates.issued.pageOptions(() => {
      const show = shown();
      return show === "all" ? {} : { status: show };
    }),
  );
  const columns = (): Column<Certificate>[] => [
    base.number(),
    {
      key: "holder",
      header: t("column.holder"),
      cell: (row) => <span class="wrap-anywhere">{row.holderName}</span>,
    },
    { key: "kind", header: t("column.kind"), cell: (row) => t(`kind.${row.kind}`) },
    base.credits(),
    base.date(),
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <span class="grid min-w-0 gap-0.5">
          <span>
            <Standing of={row} />
          </span>
          <span class="text-xs wrap-anywhere text-muted">{row.revocationReason}</span>
        </span>
      ),
    },
    {
      key: "revoke",
      header: t("column.actions"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <Show when={row.status === "valid"}>
          <Button
            variant="quiet"
            size="sm"
            aria-label={`${t("issued.revoke")}: ${row.certificateNumber}`}
            onClick={() => setRevoking(row)}
          >
            {t("issued.revoke")}
          </Button>
        </Show>
      ),
    },
  ];
  return (
    <Page title={t("issued.title")} lead={t("issued.lead")}>
      <Segmented
        class="mb-4"
        label={t("issued.show")}
        value={shown()}
        options={shows.map((value) => ({
          value,
          label: value === "all" ? t("issued.all") : t(`status.${value}`),
        }))}
        onValue={(value) => setSearch({ show: value === "all" ? undefined : value })}
      />
      <Card flush class="pt-2">
        <LoadedPages query={certificates}>
          {(rows) => (
            <Table
              caption={t("issued.title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("issued.empty")}>{t("issued.emptyBody")}</EmptyState>}
            />
          )}
        </LoadedPages>
      </Card>
      <Show when={revoking()}>
        {(certificate) => <RevokeDialog certificate={certificate()} onClose={() => setRevoking(null)} />}
      </Show>
    </Page>
  );
}

const RevokeDialog = (props: { certificate: Certificate; onClose: () => void }) => {
  const t = useText("certificates");
  const client = useQueryClient();
  const form = createForm({
    initial: { reason: "" },
    submit: async ({ reason }) => {
      await api.verification.certificates.revoke.call({ id: props.certificate.id, reason });
      await client.invalidateQueries({ queryKey: api.verification.certificates.issued.key() });
      props.onClose();
      void notify.success(t("revoke.done"));
    },
  });
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("revoke.title", { number: props.certificate.certificateNumber })}
      description={t("revoke.lead")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea
          label={t("revoke.reason")}
          hint={t("revoke.reasonHint")}
          required
          {...form.text("reason")}
        />
        <FormFailure form={form} />
        <Button type="submit" variant="danger" wide busy={form.busy()}>
          {t("revoke.confirm")}
        </Button>
      </form>
    </Dialog>
  );
};
