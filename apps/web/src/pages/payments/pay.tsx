import { Card, Countdown, cx, DescriptionList, LinkButton, Notice, Spinner, type Tone } from "@evx/ui";
import { useParams, useSearchParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { readAs } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { ChooseMethod } from "./choose-method.tsx";
import { backOf, type Face, faceOf, faceTones, isBack } from "./face.ts";
import type { Payment } from "./words.ts";

/** A gateway usually speaks within seconds; after this the page says that it takes longer and asks it again. */
const SLOW_MS = 12_000;

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
  const [search] = useSearchParams<{ back?: string; vnp_ResponseCode?: string }>();
  const [slow, setSlow] = createSignal(false);

  const order = () => ({ orderId: params.orderId as Payment["orderId"] });
  const options = api.payments.ofOrder.queryOptions(order);
  const query = useQuery(options);
  const live = api.payments.watch.subscribe(order, {
    onData: (answer) => client.setQueryData(options().queryKey, answer),
  });
  readAs(search, "back", (text) => (isBack(text) ? text : undefined));
  const back = () => backOf(search);

  const ask = () => void api.payments.check.call(order()).catch(() => undefined);
  onMount(() => {
    if (back() === "") return;
    ask();
    const timer = setInterval(() => {
      setSlow(true);
      if (!query.isPending && query.data?.payment.captured) clearInterval(timer);
      else ask();
    }, SLOW_MS);
    onCleanup(() => clearInterval(timer));
  });

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
                    class={cx("mt-2.5 size-2 shrink-0 rounded-full", dots[faceTones[face()]])}
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
              <Show when={["open", "cancelled", "declined"].includes(face())}>
                <div class="mt-5">
                  <ChooseMethod payment={payment()} again={face() === "declined"} />
                </div>
              </Show>
              <div class="mt-5 flex flex-wrap items-center gap-3">
                <Actions face={face()} buyer={session.role() === "buyer"} orderId={payment().orderId} />
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

/** A quiet way on. */
const Actions = (props: { face: Face; buyer: boolean; orderId: string }) => {
  const t = useText("payments");
  return (
    <>
      <Show when={props.buyer}>
        <Show when={props.face === "done"}>
          <LinkButton variant="lit" href="/buyer/retire">
            {t("pay.retire")}
          </LinkButton>
        </Show>
        <LinkButton variant="secondary" href={`/buyer/orders/${props.orderId}`}>
          {t("pay.see")}
        </LinkButton>
      </Show>
      <Show when={props.face === "over"}>
        <LinkButton href="/marketplace">{t("pay.market")}</LinkButton>
      </Show>
    </>
  );
};
