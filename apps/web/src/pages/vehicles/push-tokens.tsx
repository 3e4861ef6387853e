import { Button, Card, ConfirmDialog, CopyText, Notice, TextInput } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import type { Vehicle } from "./words.ts";

type Token = Answer<typeof api.vehicles.pushTokens>["items"][number];

/** Tokens with which a box or a home server sends this car's trips, and a line to try one. */
export const PushTokens = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const client = useQueryClient();
  const tokens = useQuery(api.vehicles.pushTokens.queryOptions(() => ({ id: props.vehicle.id })));
  const [made, setMade] = createSignal<string>();
  const refresh = () => client.invalidateQueries({ queryKey: api.vehicles.pushTokens.key() });
  const form = createForm({
    initial: { label: "" },
    submit: async ({ label }) => {
      const { token } = await api.vehicles.createPushToken.call({ id: props.vehicle.id, label });
      setMade(token);
      form.reset();
      await refresh();
    },
  });
  const example = (token: string) =>
    `curl -X POST ${location.origin}/api/push/trips -H 'X-Vehicle-Token: ${token}' -H 'Content-Type: application/json' -d '{"id":"42","startTime":"2026-03-01T08:00:00Z","endTime":"2026-03-01T08:30:00Z","distanceKm":12.4,"energyKwh":2.1}'`;
  return (
    <Card title={t("settings.push")} subtitle={t("settings.pushLead")} class="lg:col-span-2">
      <div class="grid min-w-0 gap-5">
        <Loaded query={tokens}>
          {(data) => (
            <ul class="grid gap-2 empty:hidden">
              <For each={data().items}>
                {(token) => <TokenRow vehicle={props.vehicle} token={token} onGone={refresh} />}
              </For>
            </ul>
          )}
        </Loaded>
        <Show when={made()}>
          {(token) => (
            <Notice tone="positive" title={t("settings.pushOnce")}>
              <div class="grid min-w-0 gap-3">
                <CopyText text={token()} label={t("settings.token")} />
              </div>
            </Notice>
          )}
        </Show>
        <div class="grid min-w-0 gap-2">
          <p class="text-sm font-medium">{t("settings.pushExample")}</p>
          <section
            class="overflow-x-auto rounded-control bg-sunken p-3 text-xs"
            // A region that scrolls must be reachable by keyboard.
            tabindex={0}
            aria-label={t("settings.pushExample")}
          >
            <pre>
              <code>{example(made() ?? "evxp_…")}</code>
            </pre>
          </section>
        </div>
        <form
          novalidate
          class="grid gap-4 sm:grid-cols-[minmax(0,20rem)_auto] sm:items-start"
          onSubmit={form.onSubmit}
        >
          <TextInput
            label={t("settings.pushLabel")}
            hint={t("settings.pushLabelHint")}
            {...form.text("label")}
            maxlength={60}
            required
          />
          <Button type="submit" variant="secondary" busy={form.busy()} class="sm:mt-6 sm:justify-self-start">
            {t("settings.pushMake")}
          </Button>
          <div class="sm:col-span-2">
            <FormFailure form={form} />
          </div>
        </form>
      </div>
    </Card>
  );
};

const TokenRow = (props: { vehicle: Vehicle; token: Token; onGone: () => Promise<unknown> }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const [asking, setAsking] = createSignal(false);
  return (
    <li class="flex min-w-0 items-center justify-between gap-3 rounded-control border border-line px-3 py-2 text-sm">
      <span class="min-w-0">
        <span class="block font-medium wrap-anywhere">{props.token.label}</span>
        <span class="block text-muted">
          <Show when={props.token.lastUsedAt} fallback={t("settings.pushNever")}>
            {(when) => <>{t("settings.pushUsed", { when: f.relative(when()) })}</>}
          </Show>
        </span>
      </span>
      <Button variant="secondary" size="sm" onClick={() => setAsking(true)}>
        {t("settings.pushRevoke")}
      </Button>
      <ConfirmDialog
        open={asking()}
        onOpen={setAsking}
        title={t("settings.pushRevokeTitle", { label: props.token.label })}
        confirm={t("settings.pushRevoke")}
        cancel={t("settings.pushKeep")}
        danger
        onConfirm={async () => {
          await api.vehicles.revokePushToken.call({ id: props.vehicle.id, tokenId: props.token.id });
          await props.onGone();
        }}
      >
        {t("settings.pushRevokeBody")}
      </ConfirmDialog>
    </li>
  );
};
