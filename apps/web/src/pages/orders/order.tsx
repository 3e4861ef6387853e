import {
  Button,
  Card,
  ConfirmDialog,
  CopyText,
  Countdown,
  DescriptionList,
  LinkButton,
  StatusDot,
  TextLink,
} from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { OrderInvoices } from "../payments/invoices.tsx";
import { PaymentTimeline } from "../payments/timeline.tsx";
import { ObjectTo } from "./object.tsx";
import { type Order, orderTones } from "./words.ts";

/** An order on its way is asked for again this often; a finished one never. */
const UNSETTLED_MS = 3_000;

/** One order: where it stands and what to do next. */
export default function OrderPage() {
  const t = useText("orders");
  const f = useFormat();
  const params = useParams<{ id: string }>();
  const [waits, setWaits] = createSignal(true);
  const query = useQuery(
    api.marketplace.orders.byId
      .with(() => ({ refetchInterval: waits() ? UNSETTLED_MS : false }))
      .queryOptions(() => ({ id: params.id as Order["id"] })),
  );
  const title = () =>
    query.isSuccess
      ? t("detail.title", { credits: f.credits(query.data.order.creditsAmount) })
      : t("list.title");

  return (
    <Page title={title()} narrow above={<TextLink href="/buyer/purchases">{t("detail.back")}</TextLink>}>
      <Loaded query={query}>
        {(data) => {
          const order = () => {
            const { status } = data().order;
            setWaits(status === "pending_payment" || status === "paid");
            return data().order;
          };
          return (
            <>
              <Standing order={order()} onChange={() => void query.refetch()} />
              <OrderInvoices orderId={order().id} />
              <PaymentTimeline orderId={order().id} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

const Standing = (props: { order: Order; onChange: () => void }) => {
  const t = useText("orders");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.order.currency);
  const origin = () => [
    {
      label: t("detail.origin"),
      value: (
        <>
          {f.country(props.order.country)}, {props.order.vintage}
        </>
      ),
    },
    {
      label: t("detail.listing"),
      value: <TextLink href={`/marketplace/${props.order.listingId}`}>{t("detail.seeListing")}</TextLink>,
    },
  ];
  // A sweep's credits come from several listings: no one origin holds for all of them.
  const lines = () =>
    props.order.lines.map((line) => ({
      label: t("detail.line", {
        credits: f.credits(line.creditsAmount),
        price: money(line.pricePerCredit),
      }),
      value: (
        <>
          {money(line.total)}{" "}
          <TextLink href={`/marketplace/${line.listingId}`}>{t("detail.seeListing")}</TextLink>
        </>
      ),
    }));
  const lead = () => {
    const { status, kind } = props.order;
    if (status === "pending_payment" && kind !== "purchase" && kind !== "sweep")
      return t(`lead.pending_payment.${kind}`);
    return t(`lead.${status}`);
  };
  return (
    <Card>
      <div aria-live="polite">
        <StatusDot tone={orderTones[props.order.status]} pulse={props.order.status === "paid"}>
          <span class="text-lg font-semibold">{t(`status.${props.order.status}`)}</span>
        </StatusDot>
        <p class="mt-2 max-w-prose text-muted">{lead()}</p>
      </div>
      <DescriptionList
        class="mt-4"
        items={[
          { label: t("detail.total"), value: <>{money(props.order.totalPrice)}</>, strong: true },
          { label: t("detail.perCredit"), value: <>{money(props.order.pricePerCredit)}</> },
          {
            label: t("detail.credits"),
            value: (
              <>
                {f.creditsFigure(props.order.creditsAmount)}{" "}
                <span class="text-muted">({f.creditsMass(props.order.creditsAmount)} CO₂)</span>
              </>
            ),
          },
          ...(props.order.lines.length > 1 ? lines() : origin()),
          { label: t("detail.ordered"), value: <>{f.dateTime(props.order.createdAt)}</> },
          {
            label: t("detail.number"),
            value: <CopyText text={props.order.id} label={t("detail.number")} />,
          },
        ]}
      />
      <Show when={props.order.status === "pending_payment"}>
        <p class="flex justify-between gap-4 border-t border-line py-2.5">
          <span class="text-muted">{t("detail.left")}</span>
          <Countdown class="font-semibold" until={props.order.expiresAt} onEnd={props.onChange} />
        </p>
      </Show>
      <div class="mt-5 flex flex-wrap gap-3">
        <Switch fallback={<LinkButton href="/marketplace">{t("detail.again")}</LinkButton>}>
          <Match when={props.order.status === "pending_payment"}>
            <LinkButton href={`/pay/${props.order.id}`}>
              {t("detail.pay", { total: money(props.order.totalPrice) })}
            </LinkButton>
            {/* A won auction is binding; a second chance was not asked for. */}
            <Show when={props.order.kind !== "auction_win"}>
              <Cancel order={props.order} onDone={props.onChange} />
            </Show>
          </Match>
          <Match when={props.order.status === "completed"}>
            <LinkButton href="/buyer/certificates">{t("detail.certificates")}</LinkButton>
            <LinkButton variant="secondary" href="/buyer/wallet">
              {t("detail.wallet")}
            </LinkButton>
            <ObjectTo order={props.order} />
          </Match>
          <Match when={props.order.status === "paid" || props.order.status === "disputed"}>
            <LinkButton variant="secondary" href={`/pay/${props.order.id}`}>
              {t("detail.payment")}
            </LinkButton>
          </Match>
        </Switch>
      </div>
    </Card>
  );
};

const Cancel = (props: { order: Order; onDone: () => void }) => {
  const t = useText("orders");
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>(null);
  const cancel = async () => {
    setFailure(null);
    try {
      await api.marketplace.orders.cancel.call({ id: props.order.id });
    } catch (error) {
      setFailure(error);
      throw error;
    }
    void notify.success(t("detail.cancelled"));
    void client.invalidateQueries({ queryKey: api.marketplace.orders.mine.key() });
    props.onDone();
  };
  return (
    <>
      <Button variant="secondary" onClick={() => setAsking(true)}>
        {t("detail.cancel")}
      </Button>
      <ConfirmDialog
        open={asking()}
        onOpen={setAsking}
        title={t("cancel.title")}
        confirm={t("cancel.confirm")}
        cancel={t("cancel.keep")}
        danger
        onConfirm={cancel}
      >
        {t("cancel.body")}
        <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
      </ConfirmDialog>
    </>
  );
};
