import { Badge, Button, Card, type Column, EmptyState, NumberInput, Select, Table, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { FormFailure } from "../../../frame/failure.tsx";
import { Loaded } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { readAs } from "../../../lib/asked.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { countryOptions } from "../../credits/countries.ts";

type Factors = Answer<typeof api.vehicles.gridFactors>;
type Factor = Factors["factors"][number];
type Entry = Answer<typeof api.vehicles.gridFactorHistory>["items"][number];

/** With what a country's saved CO2 is computed, where each figure comes from, and a place to enter a better one. */
export default function FactorsPage() {
  const t = useText("factors");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ country?: string }>();
  const asked = readAs(search, "country", (text) => (/^[A-Z]{2}$/.test(text) ? text : undefined));
  const country = () => asked() ?? "VN";
  const factors = useQuery(api.vehicles.gridFactors.queryOptions(() => ({ countryCode: country() })));
  const history = useQuery(api.vehicles.gridFactorHistory.queryOptions(() => ({ countryCode: country() })));
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="grid gap-6">
        <Loaded query={factors}>{(data) => <Constants factors={data()} />}</Loaded>
        <div class="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <Card title={t("grid.title")} subtitle={t("grid.lead")}>
            <div class="grid min-w-0 gap-4">
              <Select
                label={t("country")}
                class="sm:max-w-72"
                value={country()}
                options={countryOptions(f.country, f.locale())}
                onValue={(value) => setSearch({ country: value === "VN" ? undefined : value })}
              />
              <Loaded query={factors}>{(data) => <InForce factors={data().factors} />}</Loaded>
            </div>
          </Card>
          <Enter country={country()} />
        </div>
        <Card title={t("history.title")} subtitle={t("history.lead")}>
          <Loaded query={history}>{(data) => <History entries={data().items} />}</Loaded>
        </Card>
      </div>
    </Page>
  );
}

const Constants = (props: { factors: Factors }) => {
  const t = useText("factors");
  const f = useFormat();
  const perKm = (grams: number) => t("perKm", { grams: f.number(grams, { maximumFractionDigits: 3 }) });
  const figures = () => [
    [t("flat.petrol"), perKm(props.factors.flat.petrolGramsPerKm)],
    [t("flat.electric"), perKm(props.factors.flat.electricGramsPerKm)],
    [t("metered.petrol"), perKm(props.factors.metered.petrolGramsPerKm)],
    [t("metered.loss"), f.percent(props.factors.metered.chargingLossPercent / 100)],
  ];
  return (
    <Card title={t("method.title")} subtitle={t("method.lead", { set: props.factors.factorSet })}>
      <dl class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <For each={figures()}>
          {([label, value]) => (
            <div class="min-w-0">
              <dt class="text-sm text-muted">{label}</dt>
              <dd class="text-lg font-semibold tabular-nums">{value}</dd>
            </div>
          )}
        </For>
      </dl>
    </Card>
  );
};

const InForce = (props: { factors: readonly Factor[] }) => {
  const t = useText("factors");
  const f = useFormat();
  const columns = (): Column<Factor>[] => [
    { key: "year", header: t("year"), lead: true, cell: (row) => String(row.year) },
    {
      key: "grams",
      header: t("grams"),
      align: "end",
      cell: (row) => f.number(row.gramsPerKwh, { maximumFractionDigits: 3 }),
    },
    {
      key: "source",
      header: t("source"),
      cell: (row) => (
        <span class="flex min-w-0 flex-wrap cards:justify-end items-center gap-x-2 break-words">
          {row.source}
          <Badge tone={row.version === null ? "neutral" : "accent"}>
            {row.version === null ? t("bundled") : t("entered", { version: f.number(row.version) })}
          </Badge>
        </span>
      ),
    },
  ];
  return (
    <Table
      caption={t("grid.title")}
      columns={columns()}
      rows={[...props.factors].reverse()}
      empty={<EmptyState title={t("grid.none")}>{t("grid.noneBody")}</EmptyState>}
    />
  );
};

const Enter = (props: { country: string }) => {
  const t = useText("factors");
  const f = useFormat();
  const client = useQueryClient();
  const form = createForm({
    initial: { year: "", gramsPerKwh: "", source: "" },
    check: ({ year, gramsPerKwh, source }) => ({
      year: !/^\d{4}$/.test(year.trim()) && t("check.year"),
      gramsPerKwh: !gramsPerKwh && t("check.grams"),
      source: source.trim().length < 3 && t("check.source"),
    }),
    submit: async ({ year, gramsPerKwh, source }) => {
      await api.vehicles.setGridFactor.call({
        countryCode: props.country,
        year: Number(year),
        gramsPerKwh,
        source: source.trim(),
      });
      await Promise.all([
        client.invalidateQueries({ queryKey: api.vehicles.gridFactors.key() }),
        client.invalidateQueries({ queryKey: api.vehicles.gridFactorHistory.key() }),
      ]);
      form.reset();
      void notify.success(t("done", { country: f.country(props.country), year }));
    },
  });
  return (
    <Card title={t("enter.title", { country: f.country(props.country) })} subtitle={t("enter.lead")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextInput label={t("year")} {...form.text("year")} inputmode="numeric" maxlength={4} required />
        <NumberInput label={t("grams")} unit="g" {...form.text("gramsPerKwh")} required />
        <TextInput
          label={t("source")}
          hint={t("sourceHint")}
          {...form.text("source")}
          maxlength={300}
          required
        />
        <FormFailure form={form} />
        <Button type="submit" busy={form.busy()}>
          {t("enter.submit")}
        </Button>
      </form>
    </Card>
  );
};

const History = (props: { entries: readonly Entry[] }) => {
  const t = useText("factors");
  const f = useFormat();
  const columns = (): Column<Entry>[] => [
    {
      key: "year",
      header: t("year"),
      lead: true,
      cell: (row) => t("history.version", { year: String(row.year), version: f.number(row.version) }),
    },
    {
      key: "grams",
      header: t("grams"),
      align: "end",
      cell: (row) => f.number(row.gramsPerKwh, { maximumFractionDigits: 3 }),
    },
    { key: "source", header: t("source"), cell: (row) => <span class="break-words">{row.source}</span> },
    { key: "who", header: t("history.who"), cell: (row) => <span class="break-words">{row.setBy}</span> },
    { key: "when", header: t("history.when"), cell: (row) => f.dateTime(row.setAt) },
  ];
  return (
    <Show when={props.entries.length > 0} fallback={<p class="text-muted">{t("history.none")}</p>}>
      <Table caption={t("history.title")} columns={columns()} rows={props.entries} />
    </Show>
  );
};
