import { Button, ConfirmDialog, TextInput } from "@evx/ui";
import type { UseQueryResult } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure, Loaded } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import type { ApiError } from "../../../lib/errors.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { serverNow } from "../../../lib/time.ts";
import { Consequences } from "./consequences.tsx";
import { flat, isValue } from "./fields.ts";
import { useFieldName, useShown } from "./shown.ts";

type Detail = Answer<typeof api.rules.byName>;
export type Version = Detail["history"][number];

/** What a rule was and will be, the newest first: who set it and why, its values to use again, and the way back to it. */
export const Versions = (props: {
  name: string;
  currency: string;
  query: UseQueryResult<Detail, ApiError>;
  onUse: (version: Version) => void;
  onDone: () => void;
}) => {
  const t = useText("rules");
  const f = useFormat();
  const [back, setBack] = createSignal<number | null>(null);
  const ahead = (version: Version) => new Date(version.from).getTime() > serverNow();
  const label = useFieldName();
  const shown = useShown(() => props.currency);
  return (
    <div class="min-w-0">
      <h3 class="font-semibold">{t("versions")}</h3>
      <Loaded query={props.query}>
        {(data) => (
          <ul class="mt-2 divide-y divide-line">
            <Show when={data().history.length === 0}>
              <li class="py-2.5 text-muted">{t("versions.none")}</li>
            </Show>
            <For each={data().history}>
              {(version) => (
                <li class="grid gap-1 py-2.5">
                  <p>
                    {t("versions.line", { version: version.version, date: f.dateTime(version.from) })}{" "}
                    <Show when={ahead(version)}>
                      <span class="text-warning">({t("versions.scheduled")})</span>
                    </Show>
                    <Show when={version.version === data().rule.version}>
                      <span class="text-positive">({t("versions.holds")})</span>
                    </Show>
                  </p>
                  <p class="text-sm break-words text-muted">
                    {version.setByName
                      ? t("versions.why", { who: version.setByName, reason: version.reason })
                      : version.reason}
                  </p>
                  <details class="text-sm">
                    <summary class="tap cursor-pointer py-1 text-muted">{t("versions.values")}</summary>
                    <dl class="mt-1 grid gap-y-1">
                      <For each={Object.entries(isValue(version.value) ? flat(version.value) : {})}>
                        {([field, value]) => (
                          <div class="flex flex-wrap justify-between gap-x-4">
                            <dt class="text-muted">{label(field)}</dt>
                            <dd class="min-w-0 text-end wrap-anywhere" data-figure>
                              {shown(field, value)}
                            </dd>
                          </div>
                        )}
                      </For>
                    </dl>
                  </details>
                  <div class="flex flex-wrap gap-2">
                    <Button size="sm" variant="quiet" onClick={() => props.onUse(version)}>
                      {t("versions.again")}
                    </Button>
                    <Show when={!ahead(version) && version.version !== data().rule.version}>
                      <Button size="sm" variant="quiet" onClick={() => setBack(version.version)}>
                        {t("back.open")}
                      </Button>
                    </Show>
                  </div>
                </li>
              )}
            </For>
            <Show when={data().rule.version > 0}>
              <li class="grid gap-1 py-2.5">
                <p>{t("initial")}</p>
                <Button size="sm" variant="quiet" class="justify-self-start" onClick={() => setBack(0)}>
                  {t("back.open")}
                </Button>
              </li>
            </Show>
          </ul>
        )}
      </Loaded>
      <Show when={back() !== null}>
        <RollBack
          name={props.name}
          version={back() ?? 0}
          value={props.query.data?.history.find(({ version }) => version === back())?.value}
          seen={props.query.data?.history[0]?.version ?? 0}
          onClose={() => setBack(null)}
          onDone={props.onDone}
        />
      </Show>
    </div>
  );
};

/** Asks why, says what keeps its rule, and lets an earlier version hold again. */
const RollBack = (props: {
  name: string;
  version: number;
  /** Its values; of the rule as built only the server knows them. */
  value: unknown;
  seen: number;
  onClose: () => void;
  onDone: () => void;
}) => {
  const t = useText("rules");
  const [reason, setReason] = createSignal("");
  const [missing, setMissing] = createSignal(false);
  const [failed, setFailed] = createSignal<unknown>(null);
  const confirm = async () => {
    setFailed(null);
    setMissing(reason().trim() === "");
    if (missing()) throw new Error("a reason is missing");
    const { name, seen } = props;
    try {
      await api.rules.rollBack.call({ name, version: props.version, reason: reason(), seen });
    } catch (error) {
      setFailed(error);
      throw error;
    }
    void notify.success(t("back.done", { version: props.version }));
    props.onDone();
  };
  return (
    <ConfirmDialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={props.version === 0 ? t("back.titleBuilt") : t("back.title", { version: props.version })}
      confirm={t("back.confirm")}
      cancel={t("back.cancel")}
      onConfirm={confirm}
    >
      <div class="grid gap-4">
        <p>{t("back.body")}</p>
        <Show when={isValue(props.value) ? props.value : null}>
          {(value) => <Consequences name={props.name} value={value()} />}
        </Show>
        <TextInput
          label={t("form.reason")}
          value={reason()}
          onValue={setReason}
          error={missing() ? t("form.reasonCheck") : undefined}
          maxlength={500}
          required
        />
        <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
      </div>
    </ConfirmDialog>
  );
};
