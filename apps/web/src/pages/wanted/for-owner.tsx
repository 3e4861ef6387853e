import { newId } from "@evx/kernel";
import { Button, Card, Checkbox, NumberInput } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

type Best = NonNullable<Answer<typeof api.marketplace.wanted.forMe>["best"]>;

/** What an owner sees of buyers who wait: the best offer with a press to take it, and selling by itself. */
export default function ForOwner() {
  const best = useQuery(api.marketplace.wanted.forMe.queryOptions());
  const auto = useQuery(api.marketplace.wanted.autoSale.queryOptions());
  return (
    <>
      <Show when={best.isSuccess ? best.data.best : null}>{(found) => <Sell best={found()} />}</Show>
      <Loaded query={auto}>{(setting) => <AutoSale setting={setting()} />}</Loaded>
    </>
  );
}

const Sell = (props: { best: Best }) => {
  const t = useText("wanted");
  const f = useFormat();
  const client = useQueryClient();
  const money = (text: string) => f.money(text, props.best.currency);
  // One name for one intention: pressing again after a lost answer is the same sale.
  let listingId = newId("listing");
  const form = createForm({
    initial: {},
    submit: async () => {
      const { wantedId, creditsAmount } = props.best;
      await api.marketplace.wanted.fill.call({ id: wantedId, creditsAmount, listingId });
      listingId = newId("listing");
      void notify.success(t(props.best.funded ? "sell.paid" : "sell.done"));
      await client.invalidateQueries();
    },
  });
  return (
    <Card title={t("sell.title", { price: money(props.best.price) })}>
      <form class="grid gap-4" onSubmit={form.onSubmit}>
        <p class="max-w-prose text-muted">
          {t(props.best.funded ? "sell.bodyFunded" : "sell.body", {
            credits: f.credits(props.best.creditsAmount),
            total: money(props.best.total),
            net: money(props.best.net),
          })}
        </p>
        <FormFailure form={form} />
        <Button type="submit" class="justify-self-start" busy={form.busy()}>
          {t("sell.action", { total: money(props.best.total) })}
        </Button>
      </form>
    </Card>
  );
};

const AutoSale = (props: { setting: Answer<typeof api.marketplace.wanted.autoSale> }) => {
  const t = useText("wanted");
  const form = createForm({
    initial: { on: props.setting.on, floor: props.setting.floor ?? "" },
    submit: async ({ on, floor }) => {
      await api.marketplace.wanted.setAutoSale.call({ on, ...(floor ? { floor } : {}) });
      void notify.success(t("auto.saved"));
    },
  });
  return (
    <Card title={t("auto.title")} subtitle={t("auto.lead")}>
      <form novalidate class="grid max-w-md gap-4" onSubmit={form.onSubmit}>
        <Checkbox label={t("auto.on")} {...form.flag("on")} />
        <Show when={form.values.on}>
          <NumberInput
            label={t("auto.floor")}
            hint={t("auto.floorHint")}
            unit={props.setting.currency}
            {...form.text("floor")}
            optional
          />
        </Show>
        <FormFailure form={form} />
        <Button type="submit" variant="secondary" class="justify-self-start" busy={form.busy()}>
          {t("auto.save")}
        </Button>
      </form>
    </Card>
  );
};
