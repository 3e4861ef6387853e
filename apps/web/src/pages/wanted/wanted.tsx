import { newId } from "@evx/kernel";
import {
  Button,
  Card,
  Checkbox,
  type Column,
  EmptyState,
  NumberInput,
  Select,
  StatusDot,
  Table,
  TextInput,
  TextLink,
} from "@evx/ui";
import { skipToken, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { apiError } from "../../lib/errors.ts";
import { createForm } from "../../lib/form.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { useSession } from "../../lib/session.ts";
import { amountOf, totalText } from "../marketplace/amounts.ts";
import { isNamedMethod } from "../marketplace/words.ts";

type Wanted = Answer<typeof api.marketplace.wanted.list>["items"][number];

/** What a buyer wants and what was found of it. */
export default function WantedPage() {
  const t = useText("wanted");
  const list = useInfiniteQuery(api.marketplace.wanted.list.pageOptions(() => ({})));
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="grid items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <Card title={t("new.title")}>
          <NewWanted />
        </Card>
        <Card title={t("title")}>
          <LoadedPages query={list}>{(rows) => <Rows rows={rows()} />}</LoadedPages>
        </Card>
      </div>
    </Page>
  );
}

const NewWanted = () => {
  const t = useText("wanted");
  const f = useFormat();
  const client = useQueryClient();
  const facets = useQuery(api.marketplace.listings.facets.with({ staleTime: 60_000 }).queryOptions());
  const market = useQuery(api.marketplace.listings.terms.with({ staleTime: 60_000 }).queryOptions());
  const session = useSession();
  const balance = useQuery(
    api.payments.balance.queryOptions(() => {
      const userId = session.user()?.id;
      return userId ? { userId } : skipToken;
    }),
  );
  const currency = () => (market.isSuccess ? market.data.currency : "");
  const money = (text: string) => f.money(text, currency());
  const known = () => (facets.isSuccess ? facets.data : { countries: [], vintages: [], methods: [] });
  // One name for one intention: pressing again after a lost answer is the same wanted order.
  let id = newId("wanted");
  const form = createForm({
    initial: {
      creditsAmount: "",
      maxPrice: "",
      vintageFrom: "",
      method: "",
      country: "",
      expiresAt: "",
      funded: false,
    },
    check: (values) => ({
      creditsAmount: amountOf(values.creditsAmount) === null && t("new.creditsCheck"),
      maxPrice: !/^\d{1,12}(\.\d+)?$/.test(values.maxPrice) && t("new.maxPriceCheck"),
    }),
    submit: async ({ creditsAmount, maxPrice, vintageFrom, method, country, expiresAt, funded }) => {
      const input = {
        id,
        creditsAmount,
        maxPrice,
        ...(vintageFrom ? { vintageFrom } : {}),
        ...(method ? { method } : {}),
        ...(country ? { country } : {}),
        ...(funded ? { funded } : {}),
        ...(expiresAt ? { expiresAt: new Date(`${expiresAt}T23:59:59`).toISOString() } : {}),
      };
      const { wanted } = await api.marketplace.wanted.place.call(input).catch((error: unknown) => {
        if (apiError(error).code !== "network") id = newId("wanted");
        throw error;
      });
      id = newId("wanted");
      form.reset();
      const found = wanted.funded ? "placed.bought" : "placed.found";
      void notify.success(t(wanted.orders.length > 0 ? found : "placed.waits"));
      await Promise.all(
        [api.marketplace.wanted.list.key(), api.payments.balance.key()].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  /** The most that it can cost; nothing while the form does not say. */
  const most = () =>
    amountOf(form.values.creditsAmount) === null || !/^\d{1,12}(\.\d+)?$/.test(form.values.maxPrice)
      ? ""
      : totalText(form.values.creditsAmount, form.values.maxPrice, currency());
  return (
    <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
      <NumberInput label={t("new.credits")} {...form.text("creditsAmount")} required />
      <NumberInput label={t("new.maxPrice")} unit={currency()} {...form.text("maxPrice")} required />
      <Select
        label={t("new.vintageFrom")}
        placeholder={t("new.any")}
        options={known().vintages.map((year) => ({ value: String(year), label: t("new.from", { year }) }))}
        {...form.text("vintageFrom")}
        optional
      />
      <Select
        label={t("new.method")}
        placeholder={t("new.any")}
        options={known().methods.map((value) => ({
          value,
          label: isNamedMethod(value) ? t(`method.${value}`) : value,
        }))}
        {...form.text("method")}
        optional
      />
      <Select
        label={t("new.country")}
        placeholder={t("new.any")}
        options={known().countries.map((value) => ({ value, label: f.country(value) }))}
        {...form.text("country")}
        optional
      />
      <TextInput label={t("new.until")} type="date" {...form.text("expiresAt")} optional />
      <Show when={balance.isSuccess && !/^[0.]*$/.test(balance.data.available) ? balance.data : null}>
        {(now) => (
          <Checkbox
            label={t("new.funded")}
            hint={
              form.values.funded && most()
                ? t("new.fundedHint", { available: money(now().available), most: money(most()) })
                : t("new.fundedFree", { available: money(now().available) })
            }
            {...form.flag("funded")}
          />
        )}
      </Show>
      <FormFailure form={form} />
      <Button type="submit" variant="lit" wide busy={form.busy()}>
        {most() ? t("new.placeSum", { total: money(most()) }) : t("new.place")}
      </Button>
      <p class="text-xs text-muted">{t("new.note")}</p>
    </form>
  );
};

const tones = { open: "info", filled: "positive", cancelled: "neutral", expired: "neutral" } as const;

const Rows = (props: { rows: readonly Wanted[] }) => {
  const t = useText("wanted");
  const f = useFormat();
  const found = (row: Wanted) =>
    f.number(Number(gramsOf(row.creditsAmount) - gramsOf(row.creditsRemaining)) / 1e6);
  const columns = (): Column<Wanted>[] => [
    {
      key: "wanted",
      header: t("column.wanted"),
      lead: true,
      cell: (row) => (
        <div>
          <span class="font-semibold" data-figure>
            {f.credits(row.creditsAmount)}
          </span>
          <span class="block text-xs text-muted">
            {[
              row.vintageFrom ? t("new.from", { year: row.vintageFrom }) : "",
              row.method ? (isNamedMethod(row.method) ? t(`method.${row.method}`) : row.method) : "",
              row.country ? f.country(row.country) : "",
              t("until", { date: f.date(row.expiresAt) }),
              row.setAside && row.status === "open"
                ? t("setAside", { money: f.money(row.setAside, row.currency) })
                : "",
            ]
              .filter(Boolean)
              .join(", ")}
          </span>
        </div>
      ),
    },
    {
      key: "price",
      header: t("column.price"),
      align: "end",
      cell: (row) => f.money(row.maxPrice, row.currency),
    },
    {
      key: "found",
      header: t("column.found"),
      cell: (row) => (
        <div>
          <span class="block" data-figure>
            {t("found", { found: found(row), all: f.number(row.creditsAmount) })}
          </span>
          <For each={row.orders}>
            {(order) => <TextLink href={`/buyer/orders/${order.id}`}>{t("order")}</TextLink>}
          </For>
        </div>
      ),
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => <StatusDot tone={tones[row.status]}>{t(`status.${row.status}`)}</StatusDot>,
    },
    {
      key: "action",
      header: t("column.action"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <Show when={row.status === "open"}>
          <TakeBack row={row} />
        </Show>
      ),
    },
  ];
  return (
    <Table
      caption={t("title")}
      columns={columns()}
      rows={props.rows}
      empty={<EmptyState title={t("list.empty")}>{t("list.emptyBody")}</EmptyState>}
    />
  );
};

const TakeBack = (props: { row: Wanted }) => {
  const t = useText("wanted");
  const client = useQueryClient();
  const form = createForm({
    initial: {},
    submit: async () => {
      await api.marketplace.wanted.cancel.call({ id: props.row.id });
      void notify.success(t("cancelled"));
      await client.invalidateQueries({ queryKey: api.marketplace.wanted.list.key() });
      await client.invalidateQueries({ queryKey: api.payments.balance.key() });
    },
  });
  return (
    <form onSubmit={form.onSubmit}>
      <FormFailure form={form} />
      <Button type="submit" size="sm" variant="secondary" busy={form.busy()}>
        {t("cancel")}
      </Button>
    </form>
  );
};
