import { Button, Dialog, EmptyState, LinkButton, Notice, Segmented, Select, TextInput } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { zoneTime } from "../../lib/zones.ts";
import { useRequestWords } from "./words.ts";

type Vehicle = Answer<typeof api.vehicles.list>["items"][number];

/** Asks which vehicle and which period, shows what that is worth, and sends the request. */
export const NewRequest = (props: {
  open: boolean;
  vehicleId?: string | undefined;
  onOpen: (open: boolean) => void;
}) => {
  const t = useText("review");
  const vehicles = useQuery(api.vehicles.list.queryOptions(() => (props.open ? { limit: 100 } : skipToken)));
  return (
    <Dialog open={props.open} onOpen={props.onOpen} title={t("new.title")} description={t("new.lead")}>
      <Loaded query={vehicles}>
        {(data) => (
          <Show
            when={data().items.length > 0}
            fallback={
              <EmptyState
                title={t("new.noVehicles")}
                action={<LinkButton href="/owner/vehicles">{t("new.addVehicle")}</LinkButton>}
              />
            }
          >
            <RequestForm vehicles={data().items} vehicleId={props.vehicleId} />
          </Show>
        )}
      </Loaded>
    </Dialog>
  );
};

const RequestForm = (props: { vehicles: readonly Vehicle[]; vehicleId?: string | undefined }) => {
  const t = useText("review");
  const f = useFormat();
  const words = useRequestWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const first =
    props.vehicles.find(({ id }) => id === props.vehicleId) ??
    props.vehicles.find(({ claimableTrips }) => claimableTrips > 0);

  const form = createForm({
    initial: { vehicleId: (first?.id ?? "") as string, which: "whole", from: "", to: "" },
    check: ({ vehicleId, which, from, to }) => ({
      vehicleId: !vehicleId && t("new.vehicleMissing"),
      to: which === "part" && !!from && !!to && from > to && t("new.backwards"),
    }),
    submit: async ({ vehicleId, which, from, to }) => {
      // Days of the vehicle's zone, the last one included.
      const period = which === "part" ? { ...(from ? { from } : {}), ...(to ? { to } : {}) } : {};
      const { request, submission } = await api.verification.requests.submit.call({ vehicleId, ...period });
      await Promise.all([
        client.invalidateQueries({ queryKey: api.verification.requests.list.key() }),
        client.invalidateQueries({ queryKey: api.vehicles.list.key() }),
      ]);
      void notify.success(t("new.sent"));
      navigate(request ? `/owner/requests/${request.id}` : `/owner/submissions/${submission?.id}`);
    },
  });
  const chosen = () => props.vehicles.find(({ id }) => id === form.values.vehicleId);

  return (
    <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
      <Select
        label={t("new.vehicle")}
        placeholder={t("new.vehiclePlaceholder")}
        options={props.vehicles.map((vehicle) => ({
          value: vehicle.id as string,
          label: `${vehicle.make} ${vehicle.model} (${vehicle.year})`,
        }))}
        {...form.text("vehicleId")}
      />
      <Segmented
        label={t("new.which")}
        showLabel
        value={form.values.which}
        options={[
          { value: "whole", label: t("new.whole") },
          { value: "part", label: t("new.part") },
        ]}
        onValue={(value) => form.set("which", value)}
      />
      <Show when={form.values.which === "part"}>
        <div class="grid gap-4 sm:grid-cols-2">
          <TextInput label={t("new.from")} type="date" optional {...form.text("from")} />
          <TextInput label={t("new.to")} type="date" optional {...form.text("to")} />
        </div>
        <Show when={chosen()}>
          {(vehicle) => <p class="text-sm text-muted">{t("new.zone", { zone: zoneTime(vehicle().zone) })}</p>}
        </Show>
      </Show>
      <Show when={chosen()}>
        {(vehicle) => (
          <Notice tone={vehicle().claimableTrips > 0 ? "positive" : "warning"}>
            {vehicle().claimableTrips > 0
              ? t("new.free", {
                  trips: words.trips(vehicle().claimableTrips),
                  credits: f.credits(vehicle().claimableCredits),
                })
              : t("new.none")}
          </Notice>
        )}
      </Show>
      <FormFailure form={form} />
      <Button type="submit" wide busy={form.busy()} disabled={chosen()?.claimableTrips === 0}>
        {t("new.send")}
      </Button>
    </form>
  );
};
