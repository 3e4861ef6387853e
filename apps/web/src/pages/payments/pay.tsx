import {
  Button,
  Card,
  Countdown,
  cx,
  DescriptionList,
  LinkButton,
  Notice,
  Spinner,
  type Tone,
} from "@evx/ui";
import { useParams, useSearchParams } from "@solidjs/router";
import { useMutation, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import { Failure, Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import type { Payment } from "./words.ts";

/** A gateway usually speaks within seconds; after this the page says that it takes longer and asks it again. */
const SLOW_MS = 12_000;

type Face =
  | "waiting"
  | "slow"
  | "handing"
  | "done"
  | "open"
  | "cancelled"
  | "declined"
  | "over"
  | "mismatch"
  | "refunded"
  | "disputed";

const faceOf = (payment: Payment, back: string, slow: boolean): Face => {
  if (payment.status === "refunded") return "refunded";
  if (payment.disputed) return "disputed";
  if (payment.status === "completed") return "done";
  if (payment.captured) return "handing";
  if (payment.failure === "amount_mismatch") return "mismatch";
  if (!payment.payable) return "over";
  // The gateway sends buyers back as paid only when they paid, so an earlier decline is not the last word.
  if (back === "paid" && !slow) return "waiting";
  if (payment.status === "failed") return "declined";
  if (back === "paid") return "slow";
  return back === "cancelled" ? "cancelled" : "open";
};

const tones: Record<Face, Tone> = {
  waiting: "info",
  slow: "warning",
  handing: "positive",
  done: "positive",
  open: "neutral",
  cancelled: "neutral",
  declined: "negative",
  over: "neutral",
  mismatch: "warning",
  refunded: "info",
  disputed: "warning",
};

const dots: Record<Tone, string> = {
  positive: "bg-positive",
  warning: "bg-warning",
  negative: "bg-negative",
  info: "bg-info",
  neutral: "bg-line-strong",
};

const reasons = ["insufficient_funds", "expired_card", "incorrect_cvc"] as const;

/** Where a buyer comes back from the gateway's page. It waits for the gateway's word and says plainly what happened. */
export default function Pay() {
  const t = useText("payments");
  const f = useFormat();
  const session = useSession();
  const client = useQueryClient();
  const params = useParams<{ orderId: string }>();
  const [search] = useSearchParams<{ back?: string }>();
  const [slow, setSlow] = createSignal(false);

  const order = () => ({ orderId: params.orderId as Payment["orderId"] });
  const options = api.payments.ofOrder.queryOptions(order);
  const query = useQuery(options);
  const live = api.payments.watch.subscribe(order, {
    onData: (answer) => client.setQueryData(options().queryKey, answer),
  });
  const back = () => search.back ?? "";

  const ask = () => void api.payments.check.call(order()).catch(() => undefined);
  onMount(() => {
    if (back() !== "paid") return;
    ask();
    const timer = setInterval(() => {
      setSlow(true);
      if (!query.isPending && query.data?.payment.captured) clearInterval(timer);
      else ask();
    }, SLOW_MS);
    onCleanup(() => clearInterval(timer));
  });

  const pay = useMutation(
    api.payments.checkout.mutationOptions({ onSuccess: ({ redirectUrl }) => location.assign(redirectUrl) }),
  );

  return (
    <Page title={t("pay.title")} narrow>
      <Loaded query={query}>
        {(data) => {
          const payment = () => data().payment;
          const face = () => faceOf(payment(), back(), slow());
          const amount = () => f.money(payment().amount, payment().currency);
          const reason = () => reasons.find((code) => code === payment().failure);
          return (
            <Card>
              <div aria-live="polite">
                <h2 class="flex gap-2.5 text-lg/7 font-semibold">
                  <span
                    class={cx("mt-2.5 size-2 shrink-0 rounded-full", dots[tones[face()]])}
                    aria-hidden="true"
                  />
                  <span class="min-w-0 break-words">{titleOf(face(), t)}</span>
                </h2>
                <p class="mt-2 max-w-prose text-muted">
                  <Show when={face() === "declined" && reason()}>
                    {(code) => <>{t(`pay.reason.${code()}`)} </>}
                  </Show>
                  {bodyOf(face(), t, amount())}
                </p>
              </div>
              <DescriptionList
                class="mt-5"
                items={[
                  { label: t("pay.amount"), value: amount(), strong: true },
                  { label: t("pay.method"), value: t(`pay.method.${payment().method ?? "none"}`) },
                  ...(payment().paidAt
                    ? [{ label: t("pay.at"), value: f.dateTime(payment().paidAt ?? "") }]
                    : []),
                  ...(payment().payable
                    ? [
                        {
                          label: t("pay.until"),
                          value: <Countdown until={payment().expiresAt} onEnd={() => void query.refetch()} />,
                        },
                      ]
                    : []),
                ]}
              />
              <Show when={pay.error}>{(error) => <Failure error={error()} />}</Show>
              <div class="mt-5 flex flex-wrap items-center gap-3">
                <Actions
                  face={face()}
                  buyer={session.role() === "buyer"}
                  orderId={payment().orderId}
                  pay={
                    <Button
                      busy={pay.isPending || pay.isSuccess}
                      onClick={() => pay.mutate({ ...order(), method: "stripe" })}
                    >
                      {face() === "declined" ? t("pay.again") : t("pay.now", { amount: amount() })}
                    </Button>
                  }
                />
              </div>
              <Show when={face() === "waiting" || face() === "slow" || face() === "handing"}>
                <p class="mt-5 flex items-center gap-2 text-sm text-muted">
                  <Spinner /> {live() === "off" ? t("pay.offline") : t("pay.watching")}
                </p>
              </Show>
              <Show when={face() === "mismatch"}>
                <Notice tone="warning" class="mt-5">
                  {t("pay.mismatch.body")}
                </Notice>
              </Show>
            </Card>
          );
        }}
      </Loaded>
    </Page>
  );
}

type Say = ReturnType<typeof useText<"payments">>;

const titleOf = (face: Face, t: Say): string => t(`pay.${face === "slow" ? "waiting" : face}.title`);

const bodyOf = (face: Face, t: Say, amount: string): string => {
  if (face === "refunded") return t("pay.refunded.body", { amount });
  if (face === "mismatch") return "";
  return t(`pay.${face}.body`);
};

/** One thing to do next, and a quiet way on. */
const Actions = (props: { face: Face; buyer: boolean; orderId: string; pay: JSX.Element }) => {
  const t = useText("payments");
  const payable = () => ["open", "cancelled", "declined"].includes(props.face);
  return (
    <>
      <Show when={payable()}>{props.pay}</Show>
      <Show when={props.buyer}>
        <LinkButton
          variant={props.face === "done" ? "primary" : "secondary"}
          href={`/buyer/orders/${props.orderId}`}
        >
          {t("pay.see")}
        </LinkButton>
      </Show>
      <Show when={props.face === "over"}>
        <LinkButton href="/marketplace">{t("pay.market")}</LinkButton>
      </Show>
    </>
  );
};
