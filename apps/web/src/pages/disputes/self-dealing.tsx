import { Button, Card, type Column, Dialog, EmptyState, StatusDot, Table, TextArea } from "@evx/ui";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";

type Flagged = Answer<typeof api.marketplace.selfDealing.list>["items"][number];

/** Sales whose two sides seem to be one person: what they share, and an operator's word that they are two. */
export default function SelfDealing() {
  const t = useText("disputes");
  const f = useFormat();
  const [open, setOpen] = createSignal<Flagged | null>(null);
  const list = useInfiniteQuery(api.marketplace.selfDealing.list.pageOptions(() => ({ limit: 25 })));
  const marks = (row: Flagged) => row.marks.map((mark) => t(`own.${mark}`)).join(", ");
  const columns = (): Column<Flagged>[] => [
    {
      key: "sides",
      header: t("own.sides"),
      lead: true,
      cell: (row) => (
        <div class="min-w-0">
          <span class="block font-semibold break-words">
            {t("own.pair", { seller: row.seller.name, buyer: row.buyer.name })}
          </span>
          <span class="block text-muted">{t("own.share", { marks: marks(row) })}</span>
        </div>
      ),
    },
    {
      key: "sale",
      header: t("own.sale"),
      align: "end",
      cell: (row) => (
        <div>
          <span class="block">{f.money(row.totalPrice, row.currency)}</span>
          <span class="block text-muted">{f.credits(row.creditsAmount)}</span>
        </div>
      ),
    },
    {
      key: "found",
      header: t("own.found"),
      cell: (row) => <span class="text-muted">{f.relative(row.foundAt)}</span>,
    },
    {
      key: "standing",
      header: t("column.status"),
      cell: (row) => (
        <Show
          when={row.clearedAt}
          fallback={
            <Button variant="secondary" size="sm" onClick={() => setOpen(row)}>
              {t("own.clear")}
            </Button>
          }
        >
          <div class="max-w-xs">
            <StatusDot tone="neutral">{t("own.cleared")}</StatusDot>
            <span class="block break-words text-muted">{row.note}</span>
          </div>
        </Show>
      ),
    },
  ];
  return (
    <Page title={t("own.title")} lead={t("own.lead")}>
      <Card>
        <LoadedPages query={list}>
          {(rows) => (
            <Table
              caption={t("own.title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("own.none")}>{t("own.noneBody")}</EmptyState>}
            />
          )}
        </LoadedPages>
      </Card>
      <Show when={open()}>{(row) => <Clear row={row()} onClose={() => setOpen(null)} />}</Show>
    </Page>
  );
}

const Clear = (props: { row: Flagged; onClose: () => void }) => {
  const t = useText("disputes");
  const client = useQueryClient();
  const form = createForm({
    initial: { note: "" },
    check: ({ note }) => ({ note: !note.trim() && t("own.noteCheck") }),
    submit: async ({ note }) => {
      await api.marketplace.selfDealing.clear.call({ id: props.row.orderId, note });
      await client.invalidateQueries({ queryKey: api.marketplace.selfDealing.list.key() });
      props.onClose();
    },
  });
  return (
    <Dialog open title={t("own.clearTitle")} onOpen={(open) => !open && props.onClose()}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <p>{t("own.clearLead", { seller: props.row.seller.name, buyer: props.row.buyer.name })}</p>
        <TextArea label={t("own.note")} maxlength={500} {...form.text("note")} required />
        <FormFailure form={form} />
        <Button type="submit" class="justify-self-start" busy={form.busy()}>
          {t("own.clear")}
        </Button>
      </form>
    </Dialog>
  );
};
