import {
  Button,
  Card,
  type Column,
  EmptyState,
  LinkButton,
  Select,
  Stat,
  Stats,
  StatusDot,
  Table,
  TextInput,
  type Tone,
} from "@evx/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import Car from "lucide-solid/icons/car";
import { createSignal, Match, Show, Switch } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

export type FleetCar = Answer<typeof api.fleet.cars>["items"][number];

const AddCars = part(() => import("./add-cars.tsx"));
const RequestAll = part(() => import("./request-all.tsx"));
const Drivers = part(() => import("./drivers.tsx"));

const tones: Record<FleetCar["state"], Tone> = {
  empty: "neutral",
  requestable: "positive",
  requested: "info",
  handed_over: "neutral",
};

const orders = ["name", "distance", "requestable", "newest"] as const;
type Order = (typeof orders)[number];
const orderOf = (value: string): Order => orders.find((order) => order === value) ?? "name";

export const carName = (car: Pick<FleetCar, "plate" | "label" | "make" | "model">): string =>
  car.plate ?? car.label ?? `${car.make} ${car.model}`;

/** The whole fleet: its figures, and each car with what it waits for and who drives it. */
export default function Fleet() {
  const t = useText("fleet");
  const f = useFormat();
  const client = useQueryClient();
  const [open, setOpen] = createSignal<"cars" | "request" | null>(null);
  const [driven, setDriven] = createSignal<FleetCar | null>(null);
  const [typed, setTyped] = createSignal("");
  const [order, setOrder] = createSignal<Order>("name");
  const summary = useQuery(api.fleet.summary.queryOptions());
  const figures = () => (summary.isPending ? undefined : summary.data);
  const cars = useInfiniteQuery(
    api.fleet.cars.pageOptions(() => ({
      limit: 100,
      order: order(),
      ...(typed().trim() ? { q: typed().trim() } : {}),
    })),
  );
  const refresh = () => {
    for (const key of [api.fleet.cars, api.fleet.summary, api.vehicles.list])
      void client.invalidateQueries({ queryKey: key.key() });
  };
  const columns = (): Column<FleetCar>[] => [
    {
      key: "car",
      header: t("column.car"),
      lead: true,
      cell: (row) => (
        <span class="block min-w-0 rows:max-w-72">
          <a href={`/owner/vehicles/${row.id}`} class="font-medium break-words hover:underline">
            {carName(row)}
          </a>
          <span class="block text-xs text-muted wrap-anywhere">
            {row.plate && row.label ? `${row.label}, ` : ""}
            {row.make} {row.model}, {row.year}
          </span>
        </span>
      ),
    },
    {
      key: "drivers",
      header: t("column.drivers"),
      cell: (row) => (
        <button type="button" class="wrap-anywhere text-start hover:underline" onClick={() => setDriven(row)}>
          {row.drivers.length === 0
            ? t("drivers.none")
            : row.drivers.map(({ name, email }) => name ?? email).join(", ")}
        </button>
      ),
    },
    {
      key: "km",
      header: t("column.distance"),
      align: "end",
      cell: (row) => f.km(Math.round(row.distanceKm)),
    },
    { key: "saved", header: t("column.saved"), align: "end", cell: (row) => f.mass(row.co2SavedKg) },
    {
      key: "requestable",
      header: t("column.requestable"),
      align: "end",
      cell: (row) => f.creditsFigure(row.claimableCredits),
    },
    {
      key: "state",
      header: t("column.state"),
      cell: (row) => <StatusDot tone={tones[row.state]}>{t(`state.${row.state}`)}</StatusDot>,
    },
  ];
  return (
    <Page
      title={t("fleet.title")}
      lead={t("fleet.lead")}
      actions={
        <>
          <Button variant="secondary" onClick={() => setOpen("cars")}>
            {t("fleet.addCars")}
          </Button>
          <LinkButton variant="secondary" href="/owner/fleet/import">
            {t("fleet.importTrips")}
          </LinkButton>
          <Button onClick={() => setOpen("request")}>{t("fleet.request")}</Button>
        </>
      }
    >
      <div class="grid gap-4">
        <Stats>
          <Stat
            label={t("stat.cars")}
            value={f.number(figures()?.vehicles ?? 0)}
            note={t.n("stat.drivers", figures()?.drivers ?? 0)}
          />
          <Stat label={t("stat.distance")} value={f.km(Math.round(figures()?.distanceKm ?? 0))} />
          <Stat label={t("stat.saved")} value={f.mass(figures()?.co2SavedKg ?? 0)} />
          <Stat label={t("stat.requestable")} value={f.credits(figures()?.claimableCredits ?? "0.000000")} />
        </Stats>
        <FlatRate />
        <Card flush class="pt-4">
          <div class="grid gap-3 px-4 pb-2 sm:grid-cols-[minmax(0,1fr)_14rem] sm:px-5">
            <TextInput
              label={t("fleet.search")}
              type="search"
              value={typed()}
              onValue={setTyped}
              maxlength={60}
            />
            <Select
              label={t("fleet.order")}
              value={order()}
              options={orders.map((value) => ({ value, label: t(`order.${value}`) }))}
              onValue={(value) => setOrder(orderOf(value))}
            />
          </div>
          <LoadedPages query={cars}>
            {(rows) => (
              <Table
                caption={t("fleet.title")}
                columns={columns()}
                rows={rows()}
                empty={
                  <EmptyState icon={<Car size={18} />} title={t("fleet.empty")}>
                    {t("fleet.emptyBody")}
                  </EmptyState>
                }
              />
            )}
          </LoadedPages>
        </Card>
      </div>
      <Switch>
        <Match when={open() === "cars"}>
          <AddCars onClose={() => setOpen(null)} onDone={refresh} />
        </Match>
        <Match when={open() === "request"}>
          <RequestAll onClose={() => setOpen(null)} />
        </Match>
      </Switch>
      <Show when={driven()}>
        {(car) => <Drivers car={car()} onClose={() => setDriven(null)} onDone={refresh} />}
      </Show>
    </Page>
  );
}
