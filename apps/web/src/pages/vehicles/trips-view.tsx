import { Card, Checkbox, EmptyState, LinkButton, Select, Spinner, StatusDot, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createVirtualizer } from "@tanstack/solid-virtual";
import Flag from "lucide-solid/icons/flag";
import { createEffect, createMemo, For, Match, Show, Switch } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf, readAs } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { zoneName } from "../../lib/zones.ts";
import { type Trip, tripTones, useVehicleWords, type Vehicle } from "./words.ts";

const statuses = ["recorded", "claimed", "verified", "released"] as const;
const ROW = 60;

/** The days of a month "2026-03", the first and the last. */
const daysOf = (month: string): { from: string; to: string } => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
};

/** All trips of a car: filtered and paged by the server, and only the rows in sight are in the page. */
export default function TripsView(props: { vehicle: Vehicle }) {
  const t = useText("vehicles");
  const [search, setSearch] = useSearchParams<{ month?: string; status?: string; flagged?: string }>();
  const asked = readAs(search, "month", (text) =>
    /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : undefined,
  );
  const month = () => asked() ?? "";
  const status = oneOf(search, "status", statuses);
  const only = oneOf(search, "flagged", ["1"]);
  const flagged = () => only() === "1";
  const trips = useInfiniteQuery(
    api.vehicles.trips.pageOptions(() => ({
      id: props.vehicle.id,
      limit: 100,
      ...(month() ? daysOf(month()) : {}),
      ...(status() ? { status: status() as Trip["status"] } : {}),
      ...(flagged() ? { flagged: true } : {}),
    })),
  );
  const rows = createMemo(() =>
    trips.isPending ? [] : (trips.data?.pages.flatMap((page) => page.items) ?? []),
  );
  const filtered = () => month() !== "" || status() !== undefined || flagged();
  return (
    <Card
      title={t("trips.title")}
      subtitle={t("trips.zone", { zone: zoneName(props.vehicle.zone) })}
      flush
      actions={
        <LinkButton
          href={`/api/vehicles/${props.vehicle.id}/trips.csv`}
          variant="secondary"
          size="sm"
          rel="external"
          download=""
        >
          {t("trips.csv")}
        </LinkButton>
      }
    >
      <div class="grid gap-3 border-line border-b px-5 pb-4 sm:grid-cols-[12rem_12rem_auto] sm:items-end">
        <TextInput
          type="month"
          label={t("trips.month")}
          value={month()}
          onValue={(value) => setSearch({ month: value || undefined })}
        />
        <Select
          label={t("trips.status")}
          value={status() ?? ""}
          placeholder={t("trips.statusAll")}
          options={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          onValue={(value) => setSearch({ status: value || undefined })}
        />
        <Checkbox
          label={t("trips.flagged")}
          checked={flagged()}
          onChecked={(checked) => setSearch({ flagged: checked ? "1" : undefined })}
          class="sm:pb-2"
        />
      </div>
      <Switch fallback={<div class="h-60" />}>
        <Match when={trips.isError && rows().length === 0}>
          <div class="p-5">
            <Failure error={trips.error} retry={() => void trips.refetch()} />
          </div>
        </Match>
        <Match when={!trips.isPending && rows().length === 0}>
          <EmptyState
            title={t(filtered() ? "trips.none" : "trips.empty")}
            action={
              <Show when={!filtered()}>
                <LinkButton href={`/owner/vehicles/${props.vehicle.id}/import`} variant="secondary">
                  {t("list.import")}
                </LinkButton>
              </Show>
            }
          >
            {t(filtered() ? "trips.noneBody" : "trips.emptyBody")}
          </EmptyState>
        </Match>
        <Match when={rows().length > 0}>
          <Rows
            vehicle={props.vehicle}
            rows={rows()}
            more={trips.hasNextPage}
            busy={trips.isFetchingNextPage}
            onMore={() => void trips.fetchNextPage()}
          />
        </Match>
      </Switch>
    </Card>
  );
}

const Rows = (props: {
  vehicle: Vehicle;
  rows: readonly Trip[];
  more: boolean;
  busy: boolean;
  onMore: () => void;
}) => {
  const t = useText("vehicles");
  let box: HTMLElement | undefined;
  const virtual = createVirtualizer({
    get count() {
      return props.rows.length;
    },
    getScrollElement: () => box ?? null,
    estimateSize: () => ROW,
    overscan: 12,
  });
  // The next page is asked for a screen before its rows come into sight.
  createEffect(() => {
    const last = virtual.getVirtualItems().at(-1);
    if (last && last.index >= props.rows.length - 20 && props.more && !props.busy) props.onMore();
  });
  return (
    <div>
      <section
        ref={box}
        class="max-h-[70vh] overflow-auto"
        aria-label={t("trips.listLabel")}
        // A region that scrolls must be reachable by keyboard.
        tabindex={0}
      >
        <ul class="relative" style={{ height: `${virtual.getTotalSize()}px` }}>
          <For each={virtual.getVirtualItems()}>
            {(item) => (
              <Show when={props.rows[item.index]}>
                {(trip) => (
                  <li
                    class="absolute inset-x-0 border-line border-b"
                    style={{ height: `${ROW}px`, transform: `translateY(${item.start}px)` }}
                    aria-setsize={props.more ? -1 : props.rows.length}
                    aria-posinset={item.index + 1}
                  >
                    <Row vehicle={props.vehicle} trip={trip()} />
                  </li>
                )}
              </Show>
            )}
          </For>
        </ul>
      </section>
      <Show when={props.busy}>
        <p class="flex items-center gap-2 px-5 py-3 text-sm text-muted">
          <Spinner /> {t("trips.loading")}
        </p>
      </Show>
    </div>
  );
};

const Row = (props: { vehicle: Vehicle; trip: Trip }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  return (
    <a
      href={`/owner/vehicles/${props.vehicle.id}/trips/${props.trip.id}`}
      class="grid h-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-5 text-sm hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_6rem_6rem_6rem_9rem]"
    >
      <span class="min-w-0">
        <span class="block truncate font-medium">{words.when(props.trip, props.vehicle.zone)}</span>
        <span class="flex min-w-0 items-center gap-2 text-muted">
          <Show when={props.trip.flags.length > 0}>
            <span class="flex items-center gap-1 whitespace-nowrap text-warning">
              <Flag size={13} aria-hidden="true" />
              {t.n("trips.flags", props.trip.flags.length)}
            </span>
          </Show>
          <span class="truncate">
            {t(`quality.${props.trip.quality}`)}
            <Show when={props.trip.notes}>{(notes) => <>, {notes()}</>}</Show>
          </span>
        </span>
      </span>
      <span class="hidden text-end tabular-nums sm:block">{f.km(props.trip.distanceKm)}</span>
      <span class="hidden text-end text-muted tabular-nums sm:block">
        {props.trip.energyKwh === null ? "–" : f.kWh(props.trip.energyKwh)}
      </span>
      <span class="hidden text-end tabular-nums sm:block">{f.mass(props.trip.co2SavedKg)}</span>
      <span class="text-end sm:hidden">
        <span class="block font-medium tabular-nums">{f.km(props.trip.distanceKm)}</span>
        <span class="block text-muted tabular-nums">{f.mass(props.trip.co2SavedKg)}</span>
      </span>
      <span class="hidden sm:block">
        <StatusDot tone={tripTones[props.trip.status]}>{t(`status.${props.trip.status}`)}</StatusDot>
      </span>
    </a>
  );
};
