import { Button, Card, type Column, EmptyState, Segmented, Table } from "@evx/ui";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";
import { useFormat } from "../../lib/format.ts";
import { useShortcuts } from "../../lib/shortcuts.ts";
import { RefuseDialog } from "./refuse-dialog.tsx";
import { TripDialog } from "./trip-dialog.tsx";

type Trip = Answer<typeof api.verification.review.trips>["items"][number];

type Marks = {
  may: () => boolean;
  /** Where the vehicle is, by whose clocks times are told. */
  zone: () => string;
  chosen: () => ReadonlySet<string>;
  toggle: (id: string, on: boolean) => void;
};

const tripElementId = (id: string) => `trip-${id}`;

const useColumns = (marks: Marks, onOpen: (trip: Trip) => void) => {
  const t = useText("review");
  const f = useFormat();
  const orNot = (value: number | null, write: (value: number) => string) =>
    value === null ? t("trip.unknown") : write(value);

  return (): Column<Trip>[] => [
    ...(marks.may()
      ? [
          {
            key: "choose",
            header: t("trip.choose"),
            hideHeader: true,
            cell: (trip: Trip) => (
              <label class="inline-grid place-items-center cards:-m-3 cards:size-11">
                <input
                  type="checkbox"
                  class="size-4 accent-accent"
                  aria-label={t("review.choose", { when: f.dateTime(trip.startTime, marks.zone()) })}
                  checked={marks.chosen().has(trip.id)}
                  onChange={(event) => marks.toggle(trip.id, event.currentTarget.checked)}
                />
              </label>
            ),
          },
        ]
      : []),
    {
      key: "start",
      header: t("trip.start"),
      lead: true,
      cell: (trip) => (
        <button
          type="button"
          id={tripElementId(trip.id)}
          class="font-medium whitespace-nowrap text-ink underline decoration-line-strong underline-offset-2 hover:decoration-ink"
          onClick={() => onOpen(trip)}
        >
          {f.dateTime(trip.startTime, marks.zone())}
        </button>
      ),
    },
    {
      key: "distance",
      header: t("trip.distance"),
      align: "end",
      cell: (trip) => f.km(trip.distanceKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "energy",
      header: t("trip.energy"),
      align: "end",
      cell: (trip) => orNot(trip.energyKwh, (value) => f.kWh(value, { minimumFractionDigits: 1 })),
    },
    {
      key: "use",
      header: t("trip.use"),
      align: "end",
      cell: (trip) => orNot(trip.kwhPer100Km, (value) => f.number(value, { minimumFractionDigits: 1 })),
    },
    {
      key: "speed",
      header: t("trip.speed"),
      align: "end",
      cell: (trip) =>
        orNot(trip.averageKmh, (value) => `${f.number(value, { minimumFractionDigits: 1 })}\u00a0km/h`),
    },
    {
      key: "flat",
      header: t("trip.flat"),
      align: "end",
      cell: (trip) => f.kg(trip.flatCo2Kg, { minimumFractionDigits: 1 }),
    },
    {
      key: "metered",
      header: t("trip.metered"),
      align: "end",
      cell: (trip) => orNot(trip.meteredCo2Kg, f.mass),
    },
    { key: "notes", header: t("trip.notes"), cell: (trip) => <Findings trip={trip} /> },
  ];
};

type Walk = {
  rows: () => readonly Trip[];
  mayMark: () => boolean;
  chosen: () => ReadonlySet<string>;
  toggle: (id: string, on: boolean) => void;
  refuse: () => void;
  open: (trip: Trip | null) => void;
};

/** The keys that walk through the trips, choose them and open what is asked of them. Answers the trip one stands at. */
const useWalk = (walk: Walk): (() => string | undefined) => {
  const [at, setAt] = createSignal<string>();
  const here = () => walk.rows().find(({ id }) => id === at());
  const stand = (trip: Trip | undefined) => {
    if (!trip) return;
    setAt(trip.id);
    document.getElementById(tripElementId(trip.id))?.scrollIntoView({ block: "nearest" });
  };
  const step = (by: 1 | -1) => {
    const now = walk.rows().findIndex(({ id }) => id === at());
    stand(walk.rows()[now < 0 ? 0 : Math.min(walk.rows().length - 1, Math.max(0, now + by))]);
  };
  const nextFlag = () => {
    const now = walk.rows().findIndex(({ id }) => id === at());
    const after = [...walk.rows().slice(now + 1), ...walk.rows().slice(0, now + 1)];
    stand(after.find(({ flags, rejection }) => flags.length > 0 && !rejection));
  };
  const refuseHere = () => {
    if (!walk.mayMark()) return;
    const trip = here();
    if (walk.chosen().size === 0 && trip) walk.toggle(trip.id, true);
    if (walk.chosen().size > 0) walk.refuse();
  };
  const chooseHere = () => {
    const trip = here();
    if (trip && walk.mayMark()) walk.toggle(trip.id, !walk.chosen().has(trip.id));
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    f: nextFlag,
    x: chooseHere,
    r: refuseHere,
    o: () => walk.open(here() ?? null),
  });
  return at;
};

/** A request's trips with both methods, flags and marks. Whoever holds it chooses trips and refuses or keeps them. */
export const ReviewTrips = (props: {
  requestId: string;
  vehicleId: string;
  zone: string;
  mayMark: boolean;
}) => {
  const [opened, setOpened] = createSignal<Trip | null>(null);
  const t = useText("review");
  const client = useQueryClient();
  const [flagged, setFlagged] = createSignal<"all" | "flagged">("all");
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [refusing, setRefusing] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const trips = useInfiniteQuery(
    api.verification.review.trips.pageOptions(() => ({
      id: props.requestId,
      limit: 25,
      ...(flagged() === "flagged" ? { flagged: true } : {}),
    })),
  );

  const toggle = (id: string, on: boolean) =>
    setChosen((before) => {
      const next = new Set(before);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  const chosenFlags = () =>
    rows()
      .filter((trip) => chosen().has(trip.id))
      .flatMap((trip) => trip.flags.map((flag) => flag.code));
  const changed = async () => {
    setChosen(new Set<string>());
    await Promise.all([
      client.invalidateQueries({ queryKey: api.verification.review.trips.key() }),
      client.invalidateQueries({ queryKey: api.verification.review.byId.key() }),
    ]);
  };
  const keep = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await api.verification.review.keepTrips.call({ id: props.requestId, tripIds: [...chosen()] });
      await changed();
    } catch (error) {
      setFailure(apiError(error));
    } finally {
      setBusy(false);
    }
  };
  const rows = () => (trips.data?.pages ?? []).flatMap((page) => page.items);
  const at = useWalk({
    rows,
    mayMark: () => props.mayMark,
    chosen,
    toggle,
    refuse: () => setRefusing(true),
    open: setOpened,
  });
  const columns = useColumns({ may: () => props.mayMark, zone: () => props.zone, chosen, toggle }, setOpened);

  return (
    <Card
      flush
      title={t("review.tripsTitle")}
      actions={
        <Segmented
          label={t("review.tripsShow")}
          value={flagged()}
          options={[
            { value: "all", label: t("review.tripsAll") },
            { value: "flagged", label: t("review.tripsFlagged") },
          ]}
          onValue={setFlagged}
        />
      }
    >
      <Show when={chosen().size > 0}>
        <div class="flex flex-wrap items-center gap-3 border-y border-line bg-sunken px-4 py-2 sm:px-5">
          <span aria-live="polite" class="me-auto">
            {t.n("review.selected", chosen().size)}
          </span>
          <Button size="sm" variant="secondary" busy={busy()} onClick={() => void keep()}>
            {t("review.keep")}
          </Button>
          <Button size="sm" variant="danger" onClick={() => setRefusing(true)}>
            {t("review.refuse")}
          </Button>
        </div>
      </Show>
      <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
      <LoadedPages query={trips}>
        {(rows) => (
          <Table
            caption={t("review.tripsTable")}
            columns={columns()}
            rows={rows()}
            marked={(row) => row.id === at()}
            narrow="scroll"
            class="text-[0.8125rem] [&_:is(td,th)]:px-2"
            empty={<EmptyState title={t("review.tripsEmpty")}>{t("review.tripsEmptyBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
      <Show when={opened()}>
        {(trip) => (
          <TripDialog
            vehicleId={props.vehicleId}
            trip={trip()}
            zone={props.zone}
            said={<Findings trip={trip()} />}
            onClose={() => setOpened(null)}
          />
        )}
      </Show>
      <RefuseDialog
        requestId={props.requestId}
        tripIds={[...chosen()]}
        flags={chosenFlags()}
        open={refusing()}
        onOpen={setRefusing}
        onDone={changed}
      />
    </Card>
  );
};

/** A trip's flags, and what reviewers said of it now and before. */
const Findings = (props: { trip: Trip }) => {
  const t = useText("review");
  const said = (mark: NonNullable<Trip["rejection"]>) =>
    mark.reason === "other" && mark.note ? mark.note : mark.message;
  return (
    <span class="grid min-w-44 gap-1 text-xs break-words whitespace-normal">
      <Show when={props.trip.rejection}>
        {(mark) => <span class="font-medium text-negative">{said(mark())}</span>}
      </Show>
      <For each={props.trip.flags}>
        {(flag) => (
          <span class="flex gap-1.5">
            <span aria-hidden="true" class="mt-1.5 size-1.5 shrink-0 rounded-full bg-warning" />
            {flag.message}
          </span>
        )}
      </For>
      <Show when={props.trip.refusedBefore}>
        {(mark) => <span class="text-muted">{t("review.refusedBefore", { reason: said(mark()) })}</span>}
      </Show>
    </span>
  );
};
