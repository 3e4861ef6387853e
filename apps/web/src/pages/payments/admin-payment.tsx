import { Button, Card, CopyText, DescriptionList, StatusDot, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { paymentActions, toneOfPayment } from "./admin-actions.ts";
import { DecideDialog, type Decision } from "./decide.tsx";
import { useDecisions } from "./decisions.ts";
import { NoteDialog } from "./note-dialog.tsx";
import { Happenings } from "./timeline.tsx";
import type { OperatorPayment } from "./words.ts";

type Detail = Answer<typeof api.payments.byId>;

/** The currency in which the page that was paid was charged. */
const paidIn = ({ pages, payment }: Detail): string =>
  pages.find(({ status }) => status === "paid")?.currency ?? payment.currency;

/** One payment for an operator: where its money is, what became of it, and what can be done. */
export default function AdminPayment() {
  const t = useText("payments");
  const m = useText("money");
  const params = useParams<{ paymentId: string }>();
  const [decision, setDecision] = createSignal<Decision | null>(null);
  const [noting, setNoting] = createSignal(false);
  const query = useQuery(
    api.payments.byId.queryOptions(() => ({ paymentId: params.paymentId as OperatorPayment["id"] })),
  );
  return (
    <Page title={m("detail.title")} above={<TextLink href="/admin/payments">{t("admin.title")}</TextLink>}>
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-6 lg:grid-cols-2">
            <Facts detail={data()} decide={setDecision} note={() => setNoting(true)} />
            <Card title={m("timeline.title")}>
              <Happenings items={data().timeline} />
            </Card>
            <DisputesOf orderId={data().payment.orderId} />
            <Pages detail={data()} />
            <Refunds detail={data()} />
          </div>
        )}
      </Loaded>
      <Show when={noting() && query.data}>
        {(detail) => (
          <NoteDialog
            paymentId={detail().payment.id}
            method={t(`pay.method.${detail().payment.method ?? "none"}`)}
            currency={paidIn(detail())}
            onClose={() => {
              setNoting(false);
              void query.refetch();
            }}
          />
        )}
      </Show>
      <Show when={decision()}>
        {(asked) => (
          <DecideDialog
            decision={asked()}
            onClose={() => {
              setDecision(null);
              void query.refetch();
            }}
          />
        )}
      </Show>
    </Page>
  );
}

const Facts = (props: { detail: Detail; decide: (decision: Decision) => void; note: () => void }) => {
  const t = useText("payments");
  const m = useText("money");
  const f = useFormat();
  const decisions = useDecisions();
  const payment = () => props.detail.payment;
  const money = (text: string) => f.money(text, payment().currency);
  return (
    <Card>
      <StatusDot tone={toneOfPayment(payment())}>
        <span class="text-lg font-semibold">
          {t(`state.${payment().state === "captured" && payment().settledAt ? "settled" : payment().state}`)}
        </span>
      </StatusDot>
      <Show when={payment().flag}>
        {(flag) => <p class="mt-2 text-sm text-warning">{t(`flag.${flag()}`)}</p>}
      </Show>
      <DescriptionList
        class="mt-4"
        items={[
          { label: t("pay.amount"), value: <>{money(payment().amount)}</>, strong: true },
          { label: m("detail.refunded"), value: <>{money(payment().refunded)}</> },
          ...(paymentActions(payment()).includes("refund")
            ? [{ label: m("detail.refundable"), value: <>{money(payment().refundable)}</> }]
            : []),
          { label: t("column.buyer"), value: <>{payment().buyerName}</> },
          { label: t("column.seller"), value: <>{payment().sellerName || t("sellers.many")}</> },
          { label: t("pay.method"), value: <>{t(`pay.method.${payment().method ?? "none"}`)}</> },
          { label: t("pay.order"), value: <CopyText text={payment().orderId} label={t("pay.order")} /> },
          { label: m("detail.id"), value: <CopyText text={payment().id} label={m("detail.id")} /> },
        ]}
      />
      <div class="mt-5 flex flex-wrap gap-3">
        <For each={paymentActions(payment())}>
          {(action) => (
            <Button
              variant={action === "refund" ? "danger" : "secondary"}
              onClick={() => props.decide(decisions[action](payment()))}
            >
              {action === "release" ? m("release.action") : t(`admin.${action}`)}
            </Button>
          )}
        </For>
        <Show when={props.detail.dispute?.status === "open" && !props.detail.byLetter}>
          <Button variant="secondary" onClick={() => props.decide(decisions.answer(payment()))}>
            {m("dispute.answer")}
          </Button>
        </Show>
        <Show when={props.detail.byLetter}>
          <Button variant="secondary" onClick={() => props.note()}>
            {m("note.action", { method: t(`pay.method.${payment().method ?? "none"}`) })}
          </Button>
        </Show>
      </div>
    </Card>
  );
};

/** What the buyer objects to in the order that this payment is for; nothing where they do not. */
const DisputesOf = (props: { orderId: OperatorPayment["orderId"] }) => {
  const t = useText("disputes");
  const f = useFormat();
  const list = useQuery(api.marketplace.disputes.list.queryOptions(() => ({ orderId: props.orderId })));
  return (
    <Show when={list.data?.items.length}>
      <Card title={t("title")}>
        <ul class="divide-y divide-line">
          <For each={list.data?.items}>
            {(dispute) => (
              <li class="grid gap-1 py-2.5">
                <TextLink href={`/disputes/${dispute.id}`}>
                  <span class="line-clamp-2">{dispute.reason}</span>
                </TextLink>
                <p class="flex flex-wrap gap-x-3 text-sm text-muted">
                  <StatusDot tone={dispute.status === "open" ? "warning" : "neutral"}>
                    {dispute.outcome ? t(`outcome.${dispute.outcome}`) : t("status.open")}
                  </StatusDot>
                  {f.relative(dispute.openedAt)}
                </p>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
};

const Pages = (props: { detail: Detail }) => {
  const t = useText("payments");
  const m = useText("money");
  return (
    <Card title={m("detail.pages")}>
      <ul class="divide-y divide-line">
        <For each={props.detail.pages} fallback={<li class="py-2.5 text-muted">{m("detail.noPages")}</li>}>
          {(item) => (
            <li class="grid gap-0.5 py-2.5">
              <span>
                {t(`pay.method.${item.method}`)}: {m(`page.${item.status}`)}
              </span>
              <span class="text-xs break-all text-muted">{item.chargeRef ?? item.ref}</span>
            </li>
          )}
        </For>
      </ul>
    </Card>
  );
};

const reasons = [
  "order_expired",
  "order_cancelled",
  "sold_out",
  "operator",
  "surplus",
  "outside",
  "amount_mismatch",
] as const;
const isReason = (text: string): text is (typeof reasons)[number] =>
  reasons.some((reason) => reason === text);

const Refunds = (props: { detail: Detail }) => {
  const m = useText("money");
  const f = useFormat();
  return (
    <Card title={m("detail.refunds")}>
      <ul class="divide-y divide-line">
        <For
          each={props.detail.refunds}
          fallback={<li class="py-2.5 text-muted">{m("detail.noRefunds")}</li>}
        >
          {(item) => (
            <li class="flex justify-between gap-x-6 py-2.5">
              <div class="min-w-0">
                <p>{m(`refund.${item.status}`)}</p>
                <p class="text-xs break-words text-muted">
                  {item.failure ?? (isReason(item.reason) ? m(`reason.${item.reason}`) : item.reason)}
                </p>
              </div>
              <span data-figure class="whitespace-nowrap">
                {f.money(item.amount, props.detail.payment.currency)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Card>
  );
};
