import { Button, ConfirmDialog, TextInput } from "@evx/ui";
import type { UseQueryResult } from "@tanstack/solid-query";
import { createSignal, For, type JSX, Show } from "solid-js";
import { Failure } from "../../../frame/failure.tsx";
import { Loaded } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import type { ApiError } from "../../../lib/errors.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
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
  const [back, setBack] = createSignal<number | null>(null);
  const [off, setOff] = createSignal<Version | null>(null);
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
                <VersionItem
                  version={version}
                  holds={version.version === data().rule.version}
                  currency={props.currency}
                  onUse={() => props.onUse(version)}
                  onBack={() => setBack(version.version)}
                  onOff={() => setOff(version)}
                />
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
      <Show when={off()}>
        {(version) => (
          <CallOff name={props.name} version={version()} onClose={() => setOff(null)} onDone={props.onDone} />
        )}
      </Show>
    </div>
  );
};

const VersionItem = (props: {
  version: Version;
  holds: boolean;
  currency: string;
  onUse: () => void;
  onBack: () => void;
  onOff: () => void;
}) => {
  const t = useText("rules");
  const f = useFormat();
  const label = useFieldName();
  const shown = useShown(() => props.currency);
  const values = () => Object.entries(isValue(props.version.value) ? flat(props.version.value) : {});
  const line = () => {
    const { version, callsOff: off, from } = props.version;
    return off === null
      ? t("versions.line", { version, date: f.dateTime(from) })
      : t("versions.callsOff", { version, off });
  };
  // What was called off never held, so there is no way back to it; its values can be used anew.
  const held = () => !props.version.scheduled && props.version.calledOffBy === null;
  return (
    <li class="grid gap-1 py-2.5">
      <p>
        {line()}{" "}
        <Show when={props.version.scheduled}>
          <span class="text-warning">({t("versions.scheduled")})</span>
        </Show>
        <Show when={props.version.calledOffBy}>
          {(version) => <span class="text-muted">({t("versions.calledOff", { version: version() })})</span>}
        </Show>
        <Show when={props.holds}>
          <span class="text-positive">({t("versions.holds")})</span>
        </Show>
      </p>
      <p class="text-sm break-words text-muted">
        {props.version.setByName
          ? t("versions.why", { who: props.version.setByName, reason: props.version.reason })
          : props.version.reason}
      </p>
      <Show when={props.version.callsOff === null}>
        <details class="text-sm">
          <summary class="tap cursor-pointer py-1 text-muted">{t("versions.values")}</summary>
          <dl class="mt-1 grid gap-y-1">
            <For each={values()}>
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
          <Button size="sm" variant="quiet" onClick={props.onUse}>
            {t("versions.again")}
          </Button>
          <Show when={props.version.scheduled}>
            <Button size="sm" variant="quiet" onClick={props.onOff}>
              {t("off.open")}
            </Button>
          </Show>
          <Show when={held() && !props.holds}>
            <Button size="sm" variant="quiet" onClick={props.onBack}>
              {t("back.open")}
            </Button>
          </Show>
        </div>
      </Show>
    </li>
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
  return (
    <WithReason
      title={props.version === 0 ? t("back.titleBuilt") : t("back.title", { version: props.version })}
      confirm={t("back.confirm")}
      cancel={t("back.cancel")}
      act={async (reason) => {
        const { name, version, seen } = props;
        await api.rules.rollBack.call({ name, version, reason, seen });
        void notify.success(t("back.done", { version }));
      }}
      onClose={props.onClose}
      onDone={props.onDone}
    >
      <p>{t("back.body")}</p>
      <Show when={isValue(props.value) ? props.value : null}>
        {(value) => <Consequences name={props.name} value={value()} />}
      </Show>
    </WithReason>
  );
};

/** Asks why, and calls off a change before its moment. */
const CallOff = (props: { name: string; version: Version; onClose: () => void; onDone: () => void }) => {
  const t = useText("rules");
  const f = useFormat();
  return (
    <WithReason
      title={t("off.title", { version: props.version.version })}
      confirm={t("off.confirm")}
      cancel={t("off.cancel")}
      act={async (reason) => {
        const { version } = props.version;
        await api.rules.callOff.call({ name: props.name, version, reason });
        void notify.success(t("off.done", { version }));
      }}
      onClose={props.onClose}
      onDone={props.onDone}
    >
      <p>{t("off.body", { date: f.dateTime(props.version.from) })}</p>
    </WithReason>
  );
};

/** A dialog that asks for a reason before it acts, and stays open with what was typed where that fails. */
const WithReason = (props: {
  title: string;
  confirm: string;
  cancel: string;
  act: (reason: string) => Promise<void>;
  onClose: () => void;
  onDone: () => void;
  children: JSX.Element;
}) => {
  const t = useText("rules");
  const [reason, setReason] = createSignal("");
  const [missing, setMissing] = createSignal(false);
  const [failed, setFailed] = createSignal<unknown>(null);
  const confirm = async () => {
    setFailed(null);
    setMissing(reason().trim() === "");
    if (missing()) throw new Error("a reason is missing");
    try {
      await props.act(reason());
    } catch (error) {
      setFailed(error);
      throw error;
    }
    props.onDone();
  };
  return (
    <ConfirmDialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={props.title}
      confirm={props.confirm}
      cancel={props.cancel}
      onConfirm={confirm}
    >
      <div class="grid gap-4">
        {props.children}
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
