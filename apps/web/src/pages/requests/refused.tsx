import { Card, type Column, Table } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Detail = Answer<typeof api.verification.requests.byId>;
type Trip = Detail["refused"][number];

/** Trips that a reviewer refused, each with its reason. */
export const Refused = (props: { detail: Detail }) => {
  const t = useText("review");
  const f = useFormat();
  const columns = (): Column<Trip>[] => [
    {
      key: "start",
      header: t("trip.start"),
      lead: true,
      cell: (trip) => f.dateTime(trip.startTime, props.detail.request.zone),
    },
    {
      key: "distance",
      header: t("trip.distance"),
      align: "end",
      cell: (trip) => f.km(trip.distanceKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "reason",
      header: t("refuse.reason"),
      cell: (trip) => (
        <span class="block min-w-0 break-words">
          {trip.reason === "other" && trip.note ? trip.note : trip.message}
          <Show when={trip.reason !== "other" && trip.note}>
            <span class="block text-xs text-muted">{trip.note}</span>
          </Show>
        </span>
      ),
    },
  ];
  return (
    <Card
      flush
      title={t("own.refusedTitle")}
      subtitle={t(props.detail.request.status === "approved" ? "own.refusedLead" : "own.refusedLeadRejected")}
    >
      <Table caption={t("own.refusedTitle")} columns={columns()} rows={props.detail.refused} />
    </Card>
  );
};
