import { readTripReason, tripReasons } from "@evx/review/schema";
import { Card, DescriptionList, Notice, Skeleton, StatusDot, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { FlatRate } from "../../../frame/flat-rate.tsx";
import { Loaded } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { part } from "../../../frame/part.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { currentLocale } from "../../../lib/locale.ts";
import { type TripDetail, tripTones, useVehicleWords } from "../words.ts";

const Speed = part(() => import("./speed.tsx"), "min-h-64");
const RouteMap = part(() => import("./route-map.tsx"), "min-h-80");

/** Why a trip was returned, as a sentence: the closed list's in the reader's language, free words as written. */
const releaseSentence = (reason: string): string => {
  const { code, note } = readTripReason(reason);
  return note ?? tripReasons[code][currentLocale()];
};

/** One trip: when, how far, how much, what it saved by both methods, where it went and how fast. */
export default function TripPage() {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const params = useParams<{ id: string; tripId: string }>();
  const trip = useQuery(
    api.vehicles.trip.queryOptions(() => ({
      id: params.id as TripDetail["vehicleId"],
      tripId: params.tripId as TripDetail["id"],
    })),
  );
  const known = () => (trip.isPending ? undefined : trip.data);
  return (
    <Page
      title={
        known()
          ? t("trip.title", { date: words.when(known() as TripDetail, (known() as TripDetail).zone) })
          : t("trip.above")
      }
      above={<TextLink href={`/owner/vehicles/${params.id}?view=trips`}>{t("trips.title")}</TextLink>}
      lead={
        <Show when={known()} fallback={<Skeleton class="h-5 w-60 max-w-full" />}>
          {(data) => (
            <span class="flex flex-wrap items-center gap-x-4 gap-y-1">
              <StatusDot tone={tripTones[data().status]}>{t(`status.${data().status}`)}</StatusDot>
              <span>
                {f.km(data().distanceKm)}, {f.mass(data().co2SavedKg)} CO₂
              </span>
            </span>
          )}
        </Show>
      }
    >
      <Loaded query={trip} skeleton={<Skeleton lines={6} class="h-10 w-full" />}>
        {(data) => (
          <div class="grid items-start gap-6 lg:grid-cols-2">
            <Show when={data().flags.length > 0 || data().releaseReason}>
              <Notice tone="warning" title={t("trip.flags")} class="lg:col-span-2">
                <ul class="grid gap-1">
                  <Show when={data().releaseReason}>
                    {(reason) => <li>{t("trip.released", { reason: releaseSentence(reason()) })}</li>}
                  </Show>
                  <For each={data().flags}>{(flag) => <li>{flag.message}</li>}</For>
                </ul>
              </Notice>
            </Show>
            <Facts trip={data()} />
            <Methods trip={data()} />
            <Card title={t("trip.map")} class="min-w-0 lg:col-span-2">
              <Show
                when={data().track.length > 1 || (data().start && data().end)}
                fallback={<p class="text-sm text-muted">{t("trip.mapNone")}</p>}
              >
                <RouteMap trip={data()} />
              </Show>
            </Card>
            <Show when={data().track.some((point) => point.speedKmh !== null)}>
              <Card title={t("trip.speed")} class="min-w-0 lg:col-span-2">
                <Speed trip={data()} />
              </Card>
            </Show>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Facts = (props: { trip: TripDetail }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const minutes = () => (Date.parse(props.trip.endTime) - Date.parse(props.trip.startTime)) / 60_000;
  const timed = () => props.trip.precision === "exact";
  const items = () => [
    {
      label: t("trip.time"),
      value: timed()
        ? f.dateTimes(props.trip.startTime, props.trip.endTime, props.trip.zone)
        : words.when(props.trip, props.trip.zone),
    },
    { label: t("trip.distance"), value: f.km(props.trip.distanceKm), strong: true },
    ...(timed()
      ? [
          { label: t("trip.duration"), value: words.duration(minutes()) },
          { label: t("trip.average"), value: words.kmh((props.trip.distanceKm * 60) / minutes()) },
        ]
      : []),
    ...(props.trip.energyKwh === null
      ? []
      : [
          { label: t("trip.energy"), value: f.kWh(props.trip.energyKwh) },
          { label: t("trip.use"), value: words.use((props.trip.energyKwh * 100) / props.trip.distanceKm) },
        ]),
    ...(props.trip.odometerEndKm === null
      ? []
      : [
          {
            label: t("trip.odometer"),
            value:
              props.trip.odometerStartKm === null
                ? f.km(props.trip.odometerEndKm)
                : `${f.km(props.trip.odometerStartKm)} – ${f.km(props.trip.odometerEndKm)}`,
          },
        ]),
    { label: t("trip.quality"), value: t(`quality.${props.trip.quality}`) },
    { label: t("trip.source"), value: words.format(props.trip.source) },
    ...(props.trip.notes
      ? [{ label: t("trip.notes"), value: <span class="break-words">{props.trip.notes}</span> }]
      : []),
  ];
  return (
    <Card title={t("trip.above")}>
      <DescriptionList items={items()} />
    </Card>
  );
};

const Methods = (props: { trip: TripDetail }) => {
  const t = useText("vehicles");
  const f = useFormat();
  return (
    <Card title={t("trip.methods")}>
      <DescriptionList
        items={[
          { label: t("trip.counted"), value: f.mass(props.trip.co2SavedKg), strong: true },
          { label: t("trip.flat"), value: f.mass(props.trip.flatCo2Kg) },
          {
            label: t("trip.metered"),
            value: props.trip.meteredCo2Kg === null ? t("trip.notMetered") : f.mass(props.trip.meteredCo2Kg),
          },
        ]}
      />
      <p class="mt-4 text-sm text-muted">{t("trip.methodsNote", { set: props.trip.factorSet })}</p>
      <FlatRate class="mt-1" />
    </Card>
  );
};
