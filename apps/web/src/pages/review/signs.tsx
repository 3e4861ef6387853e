import { Card, type Column, EmptyState, Table, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Sign = Answer<typeof api.verification.review.alerts>["items"][number];

const wordsOf = ({ kind, trade }: Sign) => {
  if (kind === "gift") return "signs.gift";
  if (kind === "pair") return "signs.pair";
  return trade?.bought ? "signs.bought" : "signs.sold";
};

/** What shows it: the request that was approved, and the sale. */
const Evidence = (props: { of: Sign }) => {
  const t = useText("review");
  return (
    <div class="flex flex-wrap gap-x-3 gap-y-1">
      <Show when={props.of.requestId}>
        {(id) => <TextLink href={`/cva/requests/${id()}`}>{t("signs.request")}</TextLink>}
      </Show>
      <Show when={props.of.trade}>
        {(trade) => <TextLink href={`/admin/search?q=${trade().orderId}`}>{t("signs.order")}</TextLink>}
      </Show>
    </div>
  );
};

/** Signs that auditors were bought by owners whose requests they decide, newest first, with what shows it. */
export default function Signs() {
  const t = useText("review");
  const f = useFormat();
  const list = useQuery(api.verification.review.alerts.queryOptions());
  const columns = (): Column<Sign>[] => [
    {
      key: "who",
      header: t("signs.who"),
      lead: true,
      cell: (sign) => (
        <div class="min-w-0 break-words">
          <TextLink href={`/admin/users/${sign.reviewerId}`}>{sign.reviewerName}</TextLink>
          <span class="block">
            <TextLink href={`/admin/users/${sign.ownerId}`}>{sign.ownerName}</TextLink>
          </span>
        </div>
      ),
    },
    {
      key: "what",
      header: t("signs.what"),
      cell: (sign) =>
        t(wordsOf(sign), {
          price: sign.trade ? f.money(sign.trade.price, sign.trade.currency) : "",
          market: sign.trade?.marketPrice
            ? f.money(sign.trade.marketPrice, sign.trade.currency)
            : t("review.marketUnknown"),
        }),
    },
    {
      key: "amount",
      header: t("signs.amount"),
      align: "end",
      cell: (sign) => f.credits(String(sign.grams / 1_000)),
    },
    { key: "evidence", header: t("signs.evidence"), cell: (sign) => <Evidence of={sign} /> },
    {
      key: "when",
      header: t("signs.when"),
      cell: (sign) => <span class="text-muted">{f.relative(sign.raisedAt)}</span>,
    },
  ];
  return (
    <Page title={t("review.alertsTitle")} lead={t("signs.lead")}>
      <Card>
        <Loaded query={list}>
          {(data) => (
            <Table
              caption={t("review.alertsTitle")}
              columns={columns()}
              rows={data().items}
              empty={<EmptyState title={t("signs.none")}>{t("signs.noneBody")}</EmptyState>}
            />
          )}
        </Loaded>
      </Card>
    </Page>
  );
}
