import { Dialog, Notice } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { lazy, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

const RouteMap = lazy(() => import("../vehicles/trip/route-map.tsx"));

/** Where a trip went, for whoever judges it. Positions are erased after retention; then it says so. */
export const TripDialog = (props: {
  vehicleId: string;
  trip: { id: string; startTime: string };
  zone: string;
  onClose: () => void;
}) => {
  const t = useText("review");
  const f = useFormat();
  const trip = useQuery(
    api.vehicles.trip.queryOptions(() => ({ id: props.vehicleId, tripId: props.trip.id })),
  );
  return (
    <Dialog
      open
      size="lg"
      onOpen={(open) => !open && props.onClose()}
      title={t("trip.of", { when: f.dateTime(props.trip.startTime, props.zone) })}
    >
      <Loaded query={trip}>
        {(data) => (
          <Show
            when={data().track.length > 1 || (data().start && data().end)}
            fallback={<Notice>{t("trip.noPlaces")}</Notice>}
          >
            <RouteMap trip={data()} />
          </Show>
        )}
      </Loaded>
    </Dialog>
  );
};
