import { creditsFromGrams, newId } from "@evx/kernel";
import { Button, Card, Checkbox, type Column, Countdown, DescriptionList, Notice, Table } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { RetireFields } from "../credits/retire-fields.tsx";
import { emptyRetirement, retirementOf, wrongIn } from "../credits/retirement.ts";
import { SignInToBuy } from "./sign-in-to-buy.tsx";

export type Quote = Awaited<ReturnType<typeof api.marketplace.orders.quote.call>>["quote"];
type Line = Quote["lines"][number];

/** A quote: the total, how long it holds, its lines, in whose name it is retired, and the way to pay. */
export const QuoteSheet = (props: { quote: Quote; busy: boolean; onRenew: () => void }) => {
  const t = useText("buying");
  const f = useFormat();
  const [lapsed, setLapsed] = createSignal(false);
  const money = (text: string) => f.money(text, props.quote.currency);
  return (
    <div class="grid min-w-0 gap-6">
      <Card title={t("quote.title", { credits: f.credits(props.quote.creditsAmount) })}>
        <div class="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
          <p class="figure text-[3.25rem]/14" data-figure>
            {money(props.quote.totalPrice)}
          </p>
          <p aria-live="polite">
            <Show when={!lapsed()} fallback={<span class="text-warning">{t("quote.lapsed")}</span>}>
              <span class="text-muted">{t("quote.holds")} </span>
              <Countdown class="font-semibold" until={props.quote.expiresAt} onEnd={() => setLapsed(true)} />
            </Show>
          </p>
        </div>
        <DescriptionList
          class="mt-3"
          items={[
            { label: t("quote.average"), value: money(props.quote.averagePrice) },
            { label: t("quote.worst"), value: money(props.quote.worstPrice) },
            { label: t("quote.lots"), value: f.number(props.quote.lines.length) },
            { label: t("quote.left"), value: f.credits(left(props.quote)) },
            {
              label: t("quote.fees"),
              value: t("quote.feesValue", {
                platform: money(props.quote.fees.platformFee),
                cva: money(props.quote.fees.cvaFee),
              }),
            },
          ]}
        />
        <Show when={props.quote.skipped.length > 0}>
          <p class="mt-3 text-xs text-muted">{t.n("quote.skipped", props.quote.skipped.length)}</p>
        </Show>
      </Card>
      <Card title={t("lines.title")}>
        <Lines quote={props.quote} />
      </Card>
      <Show
        when={!lapsed()}
        fallback={
          <Notice
            title={t("quote.lapsed")}
            actions={
              <Button busy={props.busy} onClick={props.onRenew}>
                {t("terms.again")}
              </Button>
            }
          >
            {t("quote.lapsedBody")}
          </Notice>
        }
      >
        <SignInToBuy>
          <Checkout quote={props.quote} />
        </SignInToBuy>
      </Show>
    </div>
  );
};

/** What could be bought on these terms beyond the quote, as decimal text. */
const left = ({ available, creditsAmount }: Quote): string =>
  creditsFromGrams(gramsOf(available) - gramsOf(creditsAmount));

const Lines = (props: { quote: Quote }) => {
  const t = useText("buying");
  const f = useFormat();
  const columns = (): Column<Line>[] => [
    {
      key: "credits",
      header: t("lines.credits"),
      lead: true,
      cell: (line) => (
        <a href={`/marketplace/${line.listingId}`} class="font-semibold hover:text-accent" data-figure>
          {f.credits(line.creditsAmount)}
        </a>
      ),
    },
    {
      key: "price",
      header: t("lines.price"),
      align: "end",
      cell: (line) => f.money(line.pricePerCredit, props.quote.currency),
    },
    {
      key: "total",
      header: t("lines.total"),
      align: "end",
      cell: (line) => <span class="font-semibold">{f.money(line.total, props.quote.currency)}</span>,
    },
  ];
  return <Table caption={t("lines.title")} columns={columns()} rows={props.quote.lines} />;
};

/** Orders the quote, retired in somebody's name where that is wished, and goes to the gateway's page. */
const Checkout = (props: { quote: Quote }) => {
  const t = useText("buying");
  const retireWords = useText("credits");
  const f = useFormat();
  const session = useSession();
  const navigate = useNavigate();
  const [retires, setRetires] = createSignal(false);
  // The order is named here, so pressing twice orders once.
  const id = newId("order");
  const form = createForm({
    initial: { ...emptyRetirement, beneficiaryName: session.user()?.fullName ?? "" },
    check: (values) => (retires() ? wrongIn(values, retireWords) : {}),
    submit: async (values) => {
      const retire = retires() ? retirementOf(values) : null;
      await api.marketplace.orders.place.call({ id, quoteId: props.quote.id, ...(retire ? { retire } : {}) });
      try {
        const { redirectUrl } = await api.payments.checkout.call({ orderId: id, method: "stripe" });
        location.assign(redirectUrl);
      } catch {
        // The order stands; its payment page says what is wrong and lets the buyer try again.
        navigate(`/pay/${id}`);
      }
    },
  });
  return (
    <Card title={t("checkout.title")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <Checkbox
          label={t("checkout.retire")}
          hint={t("checkout.retireHint")}
          checked={retires()}
          onChecked={setRetires}
        />
        <Show when={retires()}>
          <RetireFields form={form} />
        </Show>
        <FormFailure form={form} />
        <Button type="submit" variant="lit" size="lg" wide busy={form.busy()}>
          {t(retires() ? "checkout.payRetire" : "checkout.pay", {
            total: f.money(props.quote.totalPrice, props.quote.currency),
          })}
        </Button>
        <p class="text-xs text-muted">{t("checkout.note")}</p>
      </form>
    </Card>
  );
};
