import { DescriptionList, Dialog, Notice } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { type JSX, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { part } from "../../frame/part.tsx";
import { loadText, useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

const Speed = part(
  async () => (await Promise.all([import("../vehicles/trip/speed.tsx"), loadText("vehicles")]))[0],
);
const RouteMap = part(() => import("../vehicles/trip/route-map.tsx"), "min-h-80");

/** Where a trip went, for whoever judges it. Positions are erased after retention; then it says so. */
export const TripDialog = (props: {
  vehicleId: string;
  trip: {
    id: string;
    startTime: string;
    distanceKm: number;
    energyKwh: number | null;
    averageKmh: number | null;
    kwhPer100Km: number | null;
  };
  zone: string;
  /** Its flags, and what auditors said of it. */
  said: JSX.Element;
  onClose: () => void;
}) => {
  const t = useText("review");
  const f = useFormat();
  const trip = useQuery(
    api.vehicles.trip.queryOptions(() => ({ id: props.vehicleId, tripId: props.trip.id })),
  );
  const orNot = (value: number | null, write: (value: number) => string) =>
    value === null ? t("trip.unknown") : write(value);
  const facts = () => {
    const { distanceKm, energyKwh, averageKmh, kwhPer100Km } = props.trip;
    const found = trip.isSuccess ? trip.data : undefined;
    return [
      { label: t("trip.distance"), value: f.km(distanceKm) },
      { label: t("trip.speed"), value: orNot(averageKmh, (value) => `${f.number(value)}\u00a0km/h`) },
      { label: t("trip.energy"), value: orNot(energyKwh, f.kWh) },
      { label: t("trip.use"), value: orNot(kwhPer100Km, f.number) },
      {
        label: t("trip.odometer"),
        value:
          found?.odometerStartKm != null && found.odometerEndKm != null
            ? `${f.km(found.odometerStartKm)} – ${f.km(found.odometerEndKm)}`
            : t("trip.unknown"),
      },
    ];
  };
  return (
    <Dialog
      open
      size="lg"
      onOpen={(open) => !open && props.onClose()}
      title={t("trip.of", { when: f.dateTime(props.trip.startTime, props.zone) })}
    >
      <DescriptionList items={facts()} class="mb-3 grid-cols-2 gap-x-7 sm:grid" />
      <div class="mb-4">{props.said}</div>
      <Loaded query={trip}>
        {(data) => (
          <Show
            when={data().track.length > 1 || (data().start && data().end)}
            fallback={<Notice>{t("trip.noPlaces")}</Notice>}
          >
            <RouteMap trip={data()} />
            <Show when={data().track.some((point) => point.speedKmh !== null)}>
              <div class="mt-4">
                <Speed trip={data()} />
              </div>
            </Show>
          </Show>
        )}
      </Loaded>
    </Dialog>
  );
};
