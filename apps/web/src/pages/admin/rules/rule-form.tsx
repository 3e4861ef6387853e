import { Button, TextInput } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createMemo, For, Show } from "solid-js";
import { FormFailure } from "../../../frame/failure.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { Consequences } from "./consequences.tsx";
import { type Effect, effectOf } from "./effects.ts";
import { RuleField } from "./field.tsx";
import { changes, deep, flat, isValue, kindOf, listFields, readField, textOf, type Value } from "./fields.ts";
import { errorForForm } from "./issues.ts";
import { useFieldName, useShown } from "./shown.ts";
import { unitOf } from "./units.ts";
import { type Version, Versions } from "./versions.tsx";

type Words = ReturnType<typeof useText<"rules">>;

/** Another value for a rule: its fields, what would change, from when and why; and the versions to go back to. */
export const RuleForm = (props: { name: string; value: Value; currency: string; onDone: () => void }) => {
  const t = useText("rules");
  const label = useFieldName();
  const shown = useShown(() => props.currency);
  const inRow = (row: number, field: string, message: string) =>
    t("form.inRow", { row, field: label(field), message });
  const detail = useQuery(api.rules.byName.queryOptions(() => ({ name: props.name })));
  const fields = Object.keys(props.value);
  const initial: Record<string, string> = { reason: "", from: "" };
  for (const field of fields) initial[`value.${field}`] = textOf(props.value[field], field, props.currency);
  const read = (values: Record<string, string>): Value =>
    Object.fromEntries(
      fields.map((field) => [
        field,
        readField(values[`value.${field}`] ?? "", field, props.value[field], props.currency),
      ]),
    );
  const form = createForm({
    initial,
    check: (values) => {
      const wrong: Record<string, string | false> = {
        reason: !values.reason?.trim() && t("form.reasonCheck"),
      };
      for (const [field, value] of Object.entries(read(values)))
        if (value === undefined)
          wrong[`value.${field}`] = wrongOf(t, field, props.value[field], props.currency);
      return wrong;
    },
    submit: async (values) => {
      const { from, reason = "" } = values;
      const change = {
        name: props.name,
        value: deep(read(values)),
        reason,
        ...(detail.data ? { seen: detail.data.history[0]?.version ?? 0 } : {}),
        ...(from ? { from: new Date(from).toISOString() } : {}),
      };
      await api.rules.set.call(change).catch((thrown: unknown) => {
        throw errorForForm(thrown, { currency: props.currency, shown, inRow });
      });
      void notify.success(t("saved"));
      props.onDone();
    },
  });
  const different = () => changes(props.value, read(form.values));
  const asked = createMemo(() => {
    const typed = read(form.values);
    if (different().length === 0 || Object.values(typed).includes(undefined)) return null;
    const at = form.values.from ? new Date(form.values.from) : null;
    return { value: deep(typed), ...(at && !Number.isNaN(at.getTime()) ? { from: at.toISOString() } : {}) };
  });
  const use = (version: Version) => {
    if (!isValue(version.value)) return;
    const held = flat(version.value);
    for (const field of fields)
      if (field in held) form.set(`value.${field}`, textOf(held[field], field, props.currency));
  };

  return (
    <div class="grid items-start gap-8 lg:grid-cols-2">
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <For each={fields}>
          {(field) => (
            <RuleField
              field={field}
              value={props.value[field]}
              currency={props.currency}
              control={form.text(`value.${field}`)}
            />
          )}
        </For>
        <TextInput
          type="datetime-local"
          label={t("form.from")}
          hint={t("form.fromHint")}
          {...form.text("from")}
          optional
        />
        <TextInput label={t("form.reason")} maxlength={500} {...form.text("reason")} required />
        <div aria-live="polite">
          <p class="font-semibold">{t("form.preview")}</p>
          <ul class="mt-1">
            <For each={different()} fallback={<li class="text-muted">{t("form.same")}</li>}>
              {(change) => (
                <li class="break-words" data-figure>
                  {t("form.was", {
                    field: label(change.field),
                    before: shown(change.field, change.before),
                    after: shown(change.field, change.after),
                  })}
                </li>
              )}
            </For>
          </ul>
          <Effects name={props.name} before={props.value} after={read(form.values)} />
          <Show when={asked()}>{(change) => <Consequences name={props.name} {...change()} />}</Show>
        </div>
        <FormFailure form={form} />
        <Button type="submit" variant="lit" class="justify-self-start" busy={form.busy()}>
          {t(form.values.from ? "form.schedule" : "form.save")}
        </Button>
      </form>
      <Versions
        name={props.name}
        currency={props.currency}
        query={detail}
        onUse={use}
        onDone={props.onDone}
      />
    </div>
  );
};

/** What to say of a field that cannot be read as it was typed. */
const wrongOf = (t: Words, field: string, value: unknown, currency: string): string => {
  if (listFields(field)) return t("form.rows");
  const unit = unitOf(field, currency);
  if (unit.kind === "span") return t("form.span");
  if (unit.kind === "scaled")
    return unit.places > 0 ? t("form.places", { places: unit.places }) : t("form.number");
  return t(kindOf(field, value) === "number" ? "form.number" : "form.json");
};

/** What the rule comes to in an example, now and with the values that are typed. */
const Effects = (props: { name: string; before: Value; after: Value }) => {
  const t = useText("rules");
  const f = useFormat();
  const said = (value: Value) => {
    // Of what cannot be read yet nothing is said.
    if (Object.values(value).includes(undefined)) return null;
    const effect = effectOf(props.name, value, f.number);
    // The words of each sentence have the places that its effect fills.
    return effect ? sayEffect(t, effect) : null;
  };
  return (
    <Show when={said(props.before)}>
      {(now) => (
        <>
          <p class="mt-3 font-semibold">{t("form.effect")}</p>
          <p class="mt-1">{t("effect.now", { said: now() })}</p>
          <Show when={said(props.after) !== now() && said(props.after)}>
            {(then) => <p class="mt-1">{t("effect.then", { said: then() })}</p>}
          </Show>
        </>
      )}
    </Show>
  );
};

const sayEffect = (t: Words, effect: Effect): string => {
  switch (effect.key) {
    case "effect.fees":
      return t(effect.key, effect);
    case "effect.auctions":
      return t(effect.key, effect);
    case "effect.orders":
      return t(effect.key, effect);
    case "effect.wanted":
      return t(effect.key, effect);
    case "effect.fourEyes":
      return t(effect.key, effect);
    case "effect.buffer":
      return t(effect.key, effect);
  }
};
