import { LinkButton, Notice, Segmented, Skeleton, TextLink } from "@evx/ui";
import { useParams, useSearchParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, Match, on, Show, Switch } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { ConnectionLost } from "./connection-card.tsx";
import { SavingsView } from "./savings-view.tsx";
import { nameOf, useVehicleWords, type Vehicle } from "./words.ts";

const TripsView = part(() => import("./trips-view.tsx"), "min-h-[40rem]");
const ImportsView = part(() => import("./imports-view.tsx"), "min-h-96");
const OdometerView = part(() => import("./odometer-view.tsx"), "min-h-96");
const SettingsView = part(() => import("./settings-view.tsx"), "min-h-[40rem]");

const views = ["savings", "trips", "imports", "odometer", "settings"] as const;

/** One car: what it saved, and behind that its trips, imports, odometer and settings. */
export default function VehiclePage() {
  const t = useText("vehicles");
  const params = useParams<{ id: string }>();
  const id = () => params.id as Vehicle["id"];
  const [search, setSearch] = useSearchParams<{ view?: string }>();
  const asked = oneOf(search, "view", views);
  const view = () => asked() ?? "savings";
  const vehicle = useQuery(api.vehicles.byId.queryOptions(() => ({ id: id() })));
  const known = () => (vehicle.isPending ? undefined : vehicle.data);
  const [strip, setStrip] = createSignal<HTMLElement>();
  // On a phone the views are wider than the screen: the chosen one is brought into sight.
  createEffect(
    on([strip, view], ([box]) =>
      box?.querySelector(":checked")?.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" }),
    ),
  );
  return (
    <Page
      title={known() ? nameOf(known() as Vehicle) : t("vehicle.above")}
      heading={
        <Show when={known()} fallback={t("vehicle.above")}>
          {(data) => <Heading vehicle={data()} />}
        </Show>
      }
      above={<TextLink href="/owner/vehicles">{t("vehicle.back")}</TextLink>}
      lead={
        <Show when={known()} fallback={<Skeleton class="h-5 w-72 max-w-full" />}>
          {(data) => <Lead vehicle={data()} />}
        </Show>
      }
      actions={<Show when={known()}>{(data) => <Actions vehicle={data()} />}</Show>}
    >
      <Loaded query={vehicle} skeleton={<Skeleton lines={4} class="h-16 w-full" />}>
        {(data) => (
          <div class="grid gap-6">
            <Show when={!data().ownedTo && view() !== "settings"}>
              <ConnectionLost vehicle={data()} />
            </Show>
            <div ref={setStrip} class="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
              <Segmented
                label={t("view.label")}
                value={view()}
                options={views.map((value) => ({ value, label: t(`view.${value}`) }))}
                onValue={(value) => setSearch({ view: value === "savings" ? undefined : value })}
              />
            </div>
            <Switch fallback={<SavingsView vehicle={data()} />}>
              <Match when={view() === "trips"}>
                <TripsView vehicle={data()} />
              </Match>
              <Match when={view() === "imports"}>
                <ImportsView vehicle={data()} />
              </Match>
              <Match when={view() === "odometer"}>
                <OdometerView vehicle={data()} />
              </Match>
              <Match when={view() === "settings"}>
                <SettingsView vehicle={data()} />
              </Match>
            </Switch>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Heading = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const f = useFormat();
  return (
    <Show when={props.vehicle.tripCount > 0} fallback={nameOf(props.vehicle)}>
      {t("vehicle.savedTitle", { name: nameOf(props.vehicle), mass: f.mass(props.vehicle.co2SavedKg) })}
    </Show>
  );
};

const Lead = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const places = () => ({
    trips: words.trips(props.vehicle.tripCount),
    distance: f.km(Math.round(props.vehicle.distanceKm)),
  });
  return (
    <Show when={props.vehicle.tripCount > 0} fallback={t("vehicle.leadNone")}>
      <Show when={props.vehicle.claimableTrips > 0} fallback={t("vehicle.leadAll", places())}>
        {t("vehicle.lead", { ...places(), credits: f.credits(props.vehicle.claimableCredits) })}
      </Show>
    </Show>
  );
};

/** The one main action: claim what can be claimed, else bring trips. */
const Actions = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const claimable = () => gramsOf(props.vehicle.claimableCredits) > 0n;
  const importing = `/owner/vehicles/${props.vehicle.id}/import`;
  return (
    <Show
      when={!props.vehicle.ownedTo}
      fallback={
        <Notice>
          {t("settings.handedOver", { date: f.date(props.vehicle.ownedTo ?? "", props.vehicle.zone) })}
        </Notice>
      }
    >
      <Show when={claimable()} fallback={<LinkButton href={importing}>{t("list.import")}</LinkButton>}>
        <LinkButton href={importing} variant="secondary">
          {t("list.import")}
        </LinkButton>
        <LinkButton href={`/owner/requests?new=${props.vehicle.id}`}>{t("vehicle.request")}</LinkButton>
      </Show>
    </Show>
  );
};
