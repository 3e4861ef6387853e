import { Button, Card } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { createSignal, onMount, Show } from "solid-js";
import { FormFailure } from "../../frame/form-failure.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { loadText, useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { readAs } from "../../lib/asked.ts";
import { createForm } from "../../lib/form.ts";
import type { Quote } from "./sweep-quote.tsx";
import { askOf, canAsk, type Terms, termNames, termsIn } from "./sweep-terms.ts";

const TermFields = part(() => import("./sweep-fields.tsx"), "min-h-[31rem]");
/** Comes with the words of a retirement, once there is something to quote. */
const QuoteSheet = part(
  async () => ({
    default: (await Promise.all([import("./sweep-quote.tsx"), loadText("credits")]))[0].QuoteSheet,
  }),
  "min-h-96",
);

/** Buys an amount over as many listings as it takes: what is wanted, then a quote that holds for two minutes. */
export default function Sweep() {
  const t = useText("buying");
  const [asked, setAsked] = useSearchParams<Terms>();
  for (const name of termNames) readAs(asked, name, () => termsIn(asked)[name] || undefined);
  const [quote, setQuote] = createSignal<Quote | null>(null);
  const form = createForm({
    initial: termsIn(asked),
    check: (values) => ({ credits: !canAsk(values) && t("terms.creditsCheck") }),
    names: { creditsAmount: "credits" },
    submit: async (values) => {
      setQuote(null);
      setAsked(values, { replace: true });
      setQuote((await api.marketplace.orders.quote.call(askOf(values))).quote);
    },
  });

  // Somebody who comes back from signing in, or by a shared address, need not press again.
  onMount(() => {
    if (canAsk(form.values)) void form.submit();
  });

  return (
    <Page title={t("title")} heading={t("heading")} lead={t("lead")}>
      <div class="grid items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <Card title={t("terms.title")} class="lg:sticky lg:top-20">
          <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
            <TermFields form={form} />
            <FormFailure form={form} />
            <Button type="submit" variant={quote() ? "secondary" : "lit"} size="lg" wide busy={form.busy()}>
              {quote() ? t("terms.again") : t("terms.ask")}
            </Button>
          </form>
        </Card>
        <Show when={quote()} keyed fallback={<How />}>
          {(found) => <QuoteSheet quote={found} busy={form.busy()} onRenew={() => void form.submit()} />}
        </Show>
      </div>
    </Page>
  );
}

/** What will happen, until there is a quote. */
const How = () => {
  const t = useText("buying");
  return (
    <Card title={t("how.title")}>
      <ol class="grid gap-3 ps-5 [list-style:decimal]">
        <li>{t("how.quote")}</li>
        <li>{t("how.order")}</li>
        <li>{t("how.settle")}</li>
      </ol>
    </Card>
  );
};
