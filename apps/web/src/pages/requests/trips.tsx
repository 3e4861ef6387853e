import { Button, Card, type Column, StatusDot, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";
import { useFormat } from "../../lib/format.ts";
import { dayIn } from "../../lib/zones.ts";
import { save } from "../certificates/save.ts";

type Trip = Answer<typeof api.verification.requests.trips>["items"][number];

/** The trips of one's own request; once it is approved, with a proof of each to hand out. */
export const OwnTrips = (props: { requestId: string; zone: string; approved: boolean }) => {
  const t = useText("review");
  const f = useFormat();
  const [busy, setBusy] = createSignal<string | null>(null);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const trips = useInfiniteQuery(
    api.verification.requests.trips.pageOptions(() => ({ id: props.requestId, limit: 10 })),
  );
  const download = async (trip: Trip) => {
    setBusy(trip.id);
    setFailure(null);
    try {
      const { proof } = await api.verification.requests.proof.fetch({ id: props.requestId, tripId: trip.id });
      save(`proof-${dayIn(props.zone, Date.parse(trip.startTime))}.json`, JSON.stringify(proof, null, 2));
    } catch (error) {
      setFailure(apiError(error));
    } finally {
      setBusy(null);
    }
  };
  const columns = (): Column<Trip>[] => [
    {
      key: "start",
      header: t("trip.start"),
      lead: true,
      cell: (trip) => (
        <span class="grid min-w-0 gap-1">
          {f.dateTime(trip.startTime, props.zone)}
          <For each={trip.flags}>
            {(flag) => (
              <span>
                <StatusDot tone="warning" class="font-normal whitespace-normal">
                  {flag.message}
                </StatusDot>
              </span>
            )}
          </For>
        </span>
      ),
    },
    {
      key: "distance",
      header: t("trip.distance"),
      align: "end",
      cell: (trip) => f.km(trip.distanceKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "co2",
      header: t("own.co2"),
      align: "end",
      cell: (trip) => f.kg(trip.co2SavedKg, { minimumFractionDigits: 1 }),
    },
    ...(props.approved
      ? [
          {
            key: "proof",
            header: t("own.proof"),
            hideHeader: true,
            align: "end" as const,
            cell: (trip: Trip) => (
              <Button
                variant="quiet"
                size="sm"
                busy={busy() === trip.id}
                onClick={() => void download(trip)}
                aria-label={`${t("own.proofDownload")}: ${f.dateTime(trip.startTime, props.zone)}`}
              >
                {t("own.proof")}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <LoadedPages query={trips}>
      {(rows) => (
        <Show when={rows().length > 0}>
          <Card
            flush
            title={t("review.tripsTitle")}
            subtitle={props.approved ? t("own.proofsLead") : undefined}
          >
            <Table caption={t("review.tripsTitle")} columns={columns()} rows={rows()} />
            <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
          </Card>
        </Show>
      )}
    </LoadedPages>
  );
};
