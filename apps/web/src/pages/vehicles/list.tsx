import { Button, Card, EmptyState, LinkButton } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import Car from "lucide-solid/icons/car";
import { createSignal, For, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { nameOf, useVehicleWords, type Vehicle } from "./words.ts";

const AddVehicle = part(() => import("./add-vehicle.tsx"));

/** The garage: each car with what it drove, what it avoided and what of that is not claimed yet; `?add=1` opens the form. */
export default function Garage() {
  const t = useText("vehicles");
  const [search] = useSearchParams<{ add?: string }>();
  // Only begun by the address: a dialog that closes while its page is left must not lead back to this one.
  const [adding, setAdding] = createSignal(search.add !== undefined);
  const vehicles = useInfiniteQuery(api.vehicles.list.pageOptions(() => ({ limit: 25 })));
  const add = () => <Button onClick={() => setAdding(true)}>{t("list.add")}</Button>;
  return (
    <Page title={t("list.title")} lead={t("list.lead")} actions={add()}>
      <LoadedPages query={vehicles}>
        {(rows) => (
          <Show
            when={rows().length > 0}
            fallback={
              <Card>
                <EmptyState title={t("list.empty")} icon={<Car size={28} aria-hidden="true" />}>
                  {t("list.emptyBody")}
                </EmptyState>
              </Card>
            }
          >
            <ul class="grid gap-4 lg:grid-cols-2">
              <For each={rows()}>{(vehicle) => <VehicleCard vehicle={vehicle} />}</For>
            </ul>
          </Show>
        )}
      </LoadedPages>
      <Show when={adding()}>
        <AddVehicle onClose={() => setAdding(false)} />
      </Show>
    </Page>
  );
}

const VehicleCard = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const address = () => `/owner/vehicles/${props.vehicle.id}`;
  return (
    <li class="flex min-w-0 flex-col gap-4 border-t-2 border-t-ink bg-surface p-5">
      <div class="min-w-0">
        <h2 class="text-lg font-semibold wrap-anywhere">
          <a href={address()} class="hover:underline">
            {nameOf(props.vehicle)}
          </a>
        </h2>
        <p class="text-sm text-muted wrap-anywhere">
          {[props.vehicle.label, props.vehicle.plate, props.vehicle.year].filter(Boolean).join(", ")},{" "}
          {f.country(props.vehicle.countryCode)}, <span class="tabular-nums">{props.vehicle.vin}</span>
        </p>
        <Show when={props.vehicle.ownedTo}>
          {(date) => (
            <p class="mt-1 text-sm text-muted">
              {t("list.handedOver", { date: f.date(date(), props.vehicle.zone) })}
            </p>
          )}
        </Show>
      </div>
      <Show
        when={props.vehicle.tripCount > 0}
        fallback={<p class="grow text-sm text-muted">{t("list.noTrips")}</p>}
      >
        <dl class="grid grow grid-cols-3 grid-rows-[auto_auto_1fr] gap-x-3 text-sm">
          <div class="row-span-3 grid min-w-0 grid-rows-subgrid">
            <dt class="text-muted">{t("list.saved")}</dt>
            <dd class="text-lg font-semibold tabular-nums">{f.mass(props.vehicle.co2SavedKg)}</dd>
          </div>
          <div class="row-span-3 grid min-w-0 grid-rows-subgrid">
            <dt class="text-muted">{t("list.claimable")}</dt>
            <dd class="text-lg font-semibold tabular-nums">{f.mass(props.vehicle.claimableCo2Kg)}</dd>
          </div>
          <div class="row-span-3 grid min-w-0 grid-rows-subgrid">
            <dt class="text-muted">{t("list.distance")}</dt>
            <dd class="text-lg font-semibold tabular-nums">{f.km(Math.round(props.vehicle.distanceKm))}</dd>
            <dd class="text-muted">{words.trips(props.vehicle.tripCount)}</dd>
          </div>
        </dl>
      </Show>
      <div class="flex flex-wrap gap-2">
        <LinkButton href={address()} variant="secondary" size="sm">
          {t("list.open")}
        </LinkButton>
        <Show when={!props.vehicle.ownedTo}>
          <LinkButton href={`${address()}/import`} variant="secondary" size="sm">
            {t("list.import")}
          </LinkButton>
        </Show>
      </div>
    </li>
  );
};
