import { zonesOfCountry } from "@evx/garage/zones";
import { Button, Dialog, NumberInput, Select, TextInput } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, createUniqueId, For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { ownZone, zoneName } from "../../lib/zones.ts";
import { countryOptions } from "../credits/countries.ts";

type Model = Answer<typeof api.vehicles.models>["items"][number];

export const classes = ["car", "van", "quadricycle", "motorcycle"] as const;

/** Registers a vehicle: make and model are offered as one types, the VIN is checked before it is sent. */
export default function AddVehicle(props: { onClose: () => void }) {
  const t = useText("vehicles");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = createForm({
    draft: "vehicle",
    initial: {
      make: "",
      model: "",
      year: "",
      vin: "",
      countryCode: "VN",
      zone: "",
      batteryKwh: "",
      class: "car",
    },
    check: ({ make, model, year, vin }) => {
      const typed = vin.replace(/[\s\-.]/g, "");
      return {
        make: !make.trim() && t("add.check.make"),
        model: !model.trim() && t("add.check.model"),
        year: !/^\d{4}$/.test(year.trim()) && t("add.check.year"),
        vin: typed.length !== 17 && t("add.check.vin", { count: typed.length }),
      };
    },
    submit: async (values) => {
      const { vehicle, warnings } = await api.vehicles.create.call({
        make: values.make,
        model: values.model,
        year: Number(values.year),
        vin: values.vin,
        countryCode: values.countryCode,
        class: classes.find((name) => name === values.class) ?? "car",
        ...(zones().length > 1 ? { zone: zone() } : {}),
        ...(values.batteryKwh ? { batteryKwh: values.batteryKwh } : {}),
      });
      await client.invalidateQueries({ queryKey: api.vehicles.list.key() }); // A page that asks cannot be left.
      void notify.success(t("add.done", { name: `${vehicle.make} ${vehicle.model}` }), {
        ...(warnings[0] ? { description: warnings[0].message } : {}),
      });
      navigate(`/owner/vehicles/${vehicle.id}/import`);
    },
  });
  const vin = useQuery(
    api.vehicles.vin.with({ staleTime: 60_000 }).queryOptions(() => {
      const typed = form.values.vin.replace(/[\s\-.]/g, "");
      return typed.length === 17 ? { vin: typed } : skipToken;
    }),
  );
  const zones = () => zonesOfCountry(form.values.countryCode);
  /** The reader's own zone where the country has it, else the one of most of its cars. */
  const zone = () => {
    const own = ownZone();
    const known = zones();
    const chosen = [form.values.zone, own].find((name) => known.includes(name));
    return chosen ?? known[0] ?? "UTC";
  };
  const report = () => (vin.isPending ? undefined : vin.data);
  const choose = (model: Model) => {
    form.set("make", model.make);
    form.set("model", model.model);
    form.set("batteryKwh", String(model.batteryKwh));
    form.set("class", model.class);
  };
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("add.title")}
      description={t("add.lead")}
      size="lg"
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <ModelSearch onChoose={choose} />
        <div class="grid gap-4 sm:grid-cols-2">
          <TextInput label={t("add.make")} {...form.text("make")} maxlength={60} required />
          <TextInput label={t("add.model")} {...form.text("model")} maxlength={80} required />
        </div>
        <TextInput
          label={t("add.vin")}
          {...form.text("vin")}
          hint={
            <Show when={report()} fallback={t("add.vinHint")}>
              {(found) => (
                <span class={found().acceptable ? undefined : "text-negative"}>
                  {found().finding?.message ??
                    (found().maker
                      ? t("add.vinMaker", { maker: found().maker as string })
                      : t("add.vinHint"))}
                </span>
              )}
            </Show>
          }
          autocapitalize="characters"
          autocomplete="off"
          spellcheck={false}
          maxlength={24}
          required
        />
        <div class="grid gap-4 sm:grid-cols-2">
          <TextInput
            label={t("add.year")}
            {...form.text("year")}
            inputmode="numeric"
            maxlength={4}
            required
          />
          <Select
            label={t("add.country")}
            {...form.text("countryCode")}
            options={countryOptions(f.country, f.locale())}
            required
          />
          <Show when={zones().length > 1}>
            <Select
              label={t("settings.zone")}
              hint={t("add.zoneHint")}
              value={zone()}
              options={zones().map((value) => ({ value, label: zoneName(value) }))}
              onValue={(value) => form.set("zone", value)}
            />
          </Show>
          <NumberInput
            label={t("add.battery")}
            unit="kWh"
            hint={t("add.batteryHint")}
            {...form.text("batteryKwh")}
            optional
          />
          <Select
            label={t("add.class")}
            {...form.text("class")}
            options={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
          />
        </div>
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("add.submit")}
        </Button>
      </form>
    </Dialog>
  );
}

/** A combobox over the catalogue: arrows move, Enter takes, and what is missing is simply typed below. */
const ModelSearch = (props: { onChoose: (model: Model) => void }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const list = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [open, setOpen] = createSignal(false);
  const [active, setActive] = createSignal(0);
  const found = useQuery(
    api.vehicles.models
      .with({ staleTime: 3_600_000 })
      .queryOptions(() => (typed().trim().length > 0 ? { q: typed().trim() } : skipToken)),
  );
  const items = () => (found.isPending ? [] : (found.data?.items.slice(0, 8) ?? []));
  const shown = () => open() && typed().trim().length > 0;
  const take = (model: Model | undefined) => {
    if (!model) return;
    props.onChoose(model);
    setTyped(`${model.make} ${model.model}`);
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && shown()) {
      event.stopPropagation();
      return setOpen(false);
    }
    if (event.key === "ArrowDown") setActive((at) => Math.min(at + 1, items().length - 1));
    else if (event.key === "ArrowUp") setActive((at) => Math.max(at - 1, 0));
    else if (event.key === "Enter" && shown()) take(items()[active()]);
    else return;
    event.preventDefault();
  };
  return (
    <div class="relative">
      <TextInput
        label={t("add.search")}
        hint={t("add.searchHint")}
        value={typed()}
        onValue={(value) => {
          setTyped(value);
          setActive(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
        role="combobox"
        aria-expanded={shown()}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown() && items().length > 0 ? `${list}-${active()}` : undefined}
        autocomplete="off"
      />
      <Show when={shown() && !found.isPending}>
        <div
          id={list}
          role="listbox"
          aria-label={t("add.search")}
          class="absolute inset-x-0 top-full z-10 mt-1 max-h-72 overflow-auto rounded-control border border-line bg-surface py-1 shadow-lg"
        >
          <For each={items()} fallback={<div class="px-3 py-2 text-sm text-muted">{t("add.none")}</div>}>
            {(model, index) => (
              <div
                id={`${list}-${index()}`}
                role="option"
                tabIndex={-1}
                aria-selected={index() === active()}
                class="flex cursor-pointer items-baseline justify-between gap-3 px-3 py-2 text-sm aria-selected:bg-accent-soft aria-selected:text-on-accent-soft"
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(model);
                }}
              >
                <span class="min-w-0 truncate">
                  {model.make} <strong class="font-medium">{model.model}</strong>
                </span>
                <span class="whitespace-nowrap text-muted tabular-nums">{f.kWh(model.batteryKwh)}</span>
              </div>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
};
