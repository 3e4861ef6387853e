import { Button, Card, EmptyState, Notice } from "@evx/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import Car from "lucide-solid/icons/car";
import { For, Show } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

type Driving = Answer<typeof api.driving.mine>;
type DrivenCar = Driving["cars"][number];

const nameOf = (car: Pick<DrivenCar, "plate" | "make" | "model">): string =>
  car.plate ?? `${car.make} ${car.model}`;

/** The cars that somebody drives for others, and who asks them to. */
export default function DrivingPage() {
  const t = useText("fleet");
  const client = useQueryClient();
  const driving = useQuery(api.driving.mine.queryOptions());
  const after = async (work: Promise<unknown>, said: string) => {
    await work;
    await client.invalidateQueries({ queryKey: api.driving.mine.key() });
    void notify.success(said);
  };
  const join = (driverId: DrivenCar["driverId"]) =>
    void after(api.driving.join.call({ driverId }), t("driving.joined"));
  const end = (driverId: DrivenCar["driverId"]) =>
    void after(api.driving.end.call({ driverId }), t("driving.left"));
  return (
    <Page title={t("driving.title")} lead={t("driving.lead")}>
      <Loaded query={driving}>
        {(data) => (
          <div class="grid gap-4">
            <For each={data().invitations}>
              {(invitation) => (
                <Notice>
                  <span class="flex flex-wrap items-center justify-between gap-3">
                    {t("driving.asks", { fleet: invitation.fleet, car: nameOf(invitation) })}
                    <span class="flex gap-2">
                      <Button size="sm" onClick={() => join(invitation.driverId)}>
                        {t("driving.accept")}
                      </Button>
                      <Button size="sm" variant="secondary" onClick={() => end(invitation.driverId)}>
                        {t("driving.decline")}
                      </Button>
                    </span>
                  </span>
                </Notice>
              )}
            </For>
            <Show when={data().cars.length === 0 && data().invitations.length === 0}>
              <Card>
                <EmptyState icon={<Car size={18} />} title={t("driving.empty")}>
                  {t("driving.emptyBody")}
                </EmptyState>
              </Card>
            </Show>
            <For each={data().cars}>{(car) => <Driven car={car} onLeave={() => end(car.driverId)} />}</For>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Driven = (props: { car: DrivenCar; onLeave: () => void }) => {
  const t = useText("fleet");
  const f = useFormat();
  const trips = useInfiniteQuery(
    api.driving.trips.pageOptions(() => ({ driverId: props.car.driverId, limit: 25 })),
  );
  return (
    <Card
      title={nameOf(props.car)}
      subtitle={t("driving.since", { fleet: props.car.fleet, date: f.date(props.car.since) })}
      actions={
        <Button variant="secondary" size="sm" onClick={props.onLeave}>
          {t("driving.leave")}
        </Button>
      }
    >
      <p class="text-sm text-muted">
        {f.km(Math.round(props.car.distanceKm))}, {f.mass(props.car.co2SavedKg)}
      </p>
      <FlatRate />
      <LoadedPages query={trips}>
        {(rows) => (
          <Show when={rows().length > 0} fallback={<p class="mt-2 text-sm">{t("driving.noTrips")}</p>}>
            <ul class="mt-2 divide-y divide-line text-sm">
              <For each={rows()}>
                {(trip) => (
                  <li class="flex justify-between gap-4 py-2">
                    <span>{f.dateTime(trip.startTime)}</span>
                    <span data-figure>{f.km(trip.distanceKm)}</span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </LoadedPages>
    </Card>
  );
};
