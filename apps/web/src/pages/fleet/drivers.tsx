import { Button, Dialog, StatusDot, TextInput } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { carName, type FleetCar } from "./fleet.tsx";

type Driver = Answer<typeof api.fleet.drivers>["items"][number];

const tones = { active: "positive", invited: "info", lapsed: "neutral" } as const;

/** Who drives a car: invited, at the wheel, and the way to end it. */
export default function Drivers(props: { car: FleetCar; onClose: () => void; onDone: () => void }) {
  const t = useText("fleet");
  const client = useQueryClient();
  const [link, setLink] = createSignal<string | null>(null);
  const drivers = useQuery(api.fleet.drivers.queryOptions(() => ({ id: props.car.id })));
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: api.fleet.drivers.key() });
    props.onDone();
  };
  const form = createForm({
    initial: { email: "" },
    submit: async ({ email }) => {
      const { driver, secret } = await api.fleet.inviteDriver.call({ id: props.car.id, email });
      setLink(`${location.origin}/driving/join/${driver.id}#${secret}`);
      await refresh();
      form.reset();
      void notify.success(t("drivers.invited"));
    },
  });
  const remove = async (driver: Driver) => {
    await api.driving.end.call({ driverId: driver.id });
    await refresh();
    void notify.success(t("drivers.removed"));
  };
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("drivers.title", { car: carName(props.car) })}
      description={t("drivers.lead")}
    >
      <div class="grid gap-4">
        <Loaded query={drivers}>
          {(data) => (
            <ul class="divide-y divide-line text-sm">
              <For each={data().items}>
                {(driver) => (
                  <li class="flex flex-wrap items-center justify-between gap-2 py-2">
                    <span class="min-w-0">
                      <span class="block break-all">{driver.name ?? driver.email}</span>
                      <StatusDot tone={tones[driver.state]}>{t(`drivers.state.${driver.state}`)}</StatusDot>
                    </span>
                    <Button variant="secondary" size="sm" onClick={() => void remove(driver)}>
                      {t("drivers.remove")}
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Loaded>
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <TextInput label={t("drivers.email")} type="email" {...form.text("email")} required />
          <FormFailure form={form} />
          <Button type="submit" busy={form.busy()}>
            {t("drivers.invite")}
          </Button>
        </form>
        <Show when={link()}>
          {(address) => (
            <p class="text-xs text-muted">
              {t("drivers.link")} <span class="break-all select-all">{address()}</span>
            </p>
          )}
        </Show>
      </div>
    </Dialog>
  );
}
