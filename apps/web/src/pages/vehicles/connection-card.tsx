import { Button, Card, ConfirmDialog, Notice, StatusDot, type Tone } from "@evx/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Vehicle } from "./words.ts";

export type Connection = NonNullable<Answer<typeof api.connections.byVehicle>["connection"]>;

const tones = {
  active: "positive",
  waiting: "warning",
  lost: "negative",
  ended: "neutral",
} as const satisfies Record<Connection["state"], Tone>;

const askingAgainMs = 60_000;

const useConnection = (id: () => Vehicle["id"]) =>
  useQuery(
    api.connections.byVehicle
      .with({ refetchInterval: askingAgainMs, staleTime: askingAgainMs / 2 })
      .queryOptions(() => ({ id: id() })),
  );

/** Leads to where the owner allows the car to be read; the answer comes to `/owner/vehicles/connected`. */
const useConsent = (id: () => Vehicle["id"]) =>
  useMutation(() => ({
    mutationFn: async () => {
      const { url } = await api.connections.start.call({ id: id() });
      location.assign(url);
    },
  }));

/** Whether the car tells its odometer by itself: its state, the last reading, and the next one. */
export const ConnectionCard = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const connection = useConnection(() => props.vehicle.id);
  const consent = useConsent(() => props.vehicle.id);
  return (
    <Card title={t("connection.title")} subtitle={t("connection.lead")} class="lg:col-span-2">
      <Loaded query={connection}>
        {(data) => (
          <div class="grid min-w-0 gap-4">
            <Show when={data().connection}>
              {(known) => <State vehicle={props.vehicle} connection={known()} />}
            </Show>
            <Show when={!data().configured}>
              <Notice>{t("connection.notConfigured")}</Notice>
            </Show>
            <Show when={consent.error}>{(error) => <Failure error={error()} />}</Show>
            <div class="flex flex-wrap gap-2 empty:hidden">
              <Show when={data().configured && data().connection?.state !== "active"}>
                <Show when={data().connection?.state !== "waiting"}>
                  <Button variant="secondary" busy={consent.isPending} onClick={() => consent.mutate()}>
                    {t(data().connection ? "connection.again" : "connection.start")}
                  </Button>
                </Show>
              </Show>
              <Show when={data().connection}>
                <End vehicle={props.vehicle} />
              </Show>
            </div>
          </div>
        )}
      </Loaded>
    </Card>
  );
};

const State = (props: { vehicle: Vehicle; connection: Connection }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const rows = () =>
    [
      [
        t("connection.read"),
        props.connection.readAt ? f.dateTime(props.connection.readAt) : t("connection.never"),
      ],
      [
        t("connection.odometer"),
        props.connection.odometerKm === null
          ? t("connection.never")
          : f.km(Math.round(props.connection.odometerKm)),
      ],
      [
        t("connection.next"),
        props.connection.state === "lost"
          ? t("connection.nextNever")
          : f.relative(props.connection.nextPollAt),
      ],
    ] as const;
  return (
    <div class="grid min-w-0 gap-4">
      <div>
        <StatusDot tone={tones[props.connection.state]}>
          {t(`connection.state.${props.connection.state}`)}
        </StatusDot>
      </div>
      <Show when={props.connection.state === "waiting"}>
        <p class="text-muted">
          {t("connection.waitingBody", { times: t.n("connection.times", props.connection.failures) })}
        </p>
      </Show>
      <Show when={props.connection.state === "lost"}>
        <p class="text-muted">{t("connection.lostBody")}</p>
      </Show>
      <dl class="grid gap-3 sm:grid-cols-3">
        {rows().map(([label, value]) => (
          <div class="min-w-0">
            <dt class="text-sm text-muted">{label}</dt>
            <dd class="font-medium tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
};

const End = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  return (
    <>
      <Button variant="secondary" onClick={() => setAsking(true)}>
        {t("connection.end")}
      </Button>
      <ConfirmDialog
        open={asking()}
        onOpen={setAsking}
        title={t("connection.endTitle")}
        confirm={t("connection.end")}
        cancel={t("connection.keep")}
        danger
        onConfirm={async () => {
          await api.connections.end.call({ id: props.vehicle.id });
          await client.invalidateQueries({ queryKey: api.connections.byVehicle.key() });
        }}
      >
        {t("connection.endBody")}
      </ConfirmDialog>
    </>
  );
};

/** Says on every view of the vehicle that its connection needs its owner. */
export const ConnectionLost = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const connection = useConnection(() => props.vehicle.id);
  const consent = useConsent(() => props.vehicle.id);
  const lost = () => !connection.isPending && connection.data?.connection?.state === "lost";
  return (
    <Show when={lost()}>
      <Notice
        tone="warning"
        title={t("connection.state.lost")}
        actions={
          <Button variant="secondary" size="sm" busy={consent.isPending} onClick={() => consent.mutate()}>
            {t("connection.again")}
          </Button>
        }
      >
        {t("connection.lostBody")}
      </Notice>
    </Show>
  );
};
