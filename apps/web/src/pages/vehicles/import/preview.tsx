import { Button, Card, type Column, ErrorBox, Notice, Select, Table } from "@evx/ui";
import { createSignal, For, Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { calendar, useFormat } from "../../../lib/format.ts";
import { formatLocale } from "../../../lib/locale.ts";
import { useVehicleWords } from "../words.ts";
import { zoneOptions } from "../zones.ts";
import { type Choices, mappedRoles, type PreviewView, readingRoles } from "./choices.ts";

type PreviewTrip = PreviewView["rows"][number];
type Broken = PreviewView["rejected"][number];

type Props = {
  preview: PreviewView;
  choices: Choices;
  busy: boolean;
  failure: string | undefined;
  onChange: (choices: Choices) => void;
  /** The server took its trips for recorded ones; the reader may say that they are others. */
  repeats: boolean;
  onImport: (repeat: boolean) => void;
  onOther: () => void;
};

/** As the file writes it: a time of the zone that is chosen, not of the reader's own. */
const whenInFile = ({ zone }: Props["preview"], trip: PreviewTrip, end: "startTime" | "endTime") =>
  new Intl.DateTimeFormat(formatLocale(), {
    ...calendar(),
    ...(trip.precision === "day" ? {} : { hour: "2-digit", minute: "2-digit" }),
    timeZone: zone,
  }).format(new Date(trip[end]));

const useBrokenColumns = (): (() => Column<Broken>[]) => {
  const t = useText("vehicles");
  const f = useFormat();
  return () => [
    { key: "row", header: t("import.row"), cell: (row) => f.number(row.row) },
    {
      key: "reason",
      header: t("import.reason"),
      cell: (row) => <span class="break-words">{row.reason}</span>,
    },
  ];
};

/** How the file would be read: what it leaves open, which column is what, its first trips and broken rows. */
export const Preview = (props: Props) => {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const known = () => props.preview.format !== null;
  const asks = () =>
    known() &&
    (props.preview.zoneSilent ||
      props.preview.unitSilent ||
      props.preview.dateOrderUncertain ||
      props.preview.decimalUncertain);
  const brokenColumns = useBrokenColumns();
  const [columnsOpen, setColumnsOpen] = createSignal(!known());
  // Columns that were changed and not yet read by: what is shown is not what would be imported.
  const [changed, setChanged] = createSignal(false);
  const tripColumns = (): Column<PreviewTrip>[] => [
    { key: "row", header: t("import.row"), align: "end", cell: (trip) => f.number(trip.row) },
    {
      key: "start",
      header: t("import.start"),
      lead: true,
      cell: (trip) => (
        <span>
          {whenInFile(props.preview, trip, "startTime")}
          <Show when={trip.precision === "day"}>
            <span class="text-muted">, {t("trips.wholeDay")}</span>
          </Show>
        </span>
      ),
    },
    {
      key: "end",
      header: t("import.end"),
      cell: (trip) => (trip.precision === "day" ? "–" : whenInFile(props.preview, trip, "endTime")),
    },
    {
      key: "distance",
      header: t("import.distance"),
      align: "end",
      cell: (trip) => f.km(trip.distanceKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "speed",
      header: t("import.speed"),
      align: "end",
      cell: (trip) => (trip.speedKmh === null ? "–" : words.kmh(trip.speedKmh)),
    },
    {
      key: "energy",
      header: t("import.energy"),
      align: "end",
      cell: (trip) => {
        if (trip.energyKwh === null) return "–";
        const amount = f.kWh(trip.energyKwh, { minimumFractionDigits: 1 });
        return trip.energyEstimated ? t("import.estimated", { amount }) : amount;
      },
    },
    {
      key: "notes",
      header: t("import.notes"),
      cell: (trip) => (
        <span class="block min-w-0 max-w-72 break-words">
          <For each={trip.flags}>{(flag) => <span class="block text-warning">{flag.message}</span>}</For>
          <Show when={trip.flags.length === 0}>{trip.notes ?? ""}</Show>
        </span>
      ),
    },
  ];
  return (
    <div class="grid min-w-0 gap-6">
      <Card
        title={t(known() ? "import.preview" : "import.unknown")}
        subtitle={
          known()
            ? t("import.previewLead", {
                format: props.preview.formatTitle ?? "",
                columns: f.number(props.preview.header.length),
              })
            : t("import.unknownLead")
        }
      >
        <div class="grid min-w-0 gap-6">
          <Show when={asks()}>
            <Open {...props} />
          </Show>
          <Show when={known()}>
            <Table
              caption={t("import.preview")}
              columns={tripColumns()}
              rows={props.preview.rows.slice(0, 8)}
            />
          </Show>
          <Show when={known()}>
            <p class="text-sm text-muted">
              {t("import.readIn", {
                zone: props.preview.zone.replaceAll("_", " "),
                mark: t(props.preview.decimal === "," ? "import.comma" : "import.point"),
              })}
            </p>
          </Show>
          <Show when={props.preview.notes.length > 0}>
            <Notice title={t("import.wholeFile")}>
              <For each={props.preview.notes}>{(note) => <p>{note.message}</p>}</For>
            </Notice>
          </Show>
          <Show when={props.preview.rejected.length > 0}>
            <Notice tone="warning" title={t.n("import.brokenRows", props.preview.rejected.length)}>
              <Table
                caption={t("import.unusedTitle")}
                columns={brokenColumns()}
                rows={props.preview.rejected.slice(0, 5)}
              />
            </Notice>
          </Show>
          <Show
            when={columnsOpen()}
            fallback={
              <Button
                variant="quiet"
                size="sm"
                class="justify-self-start"
                onClick={() => setColumnsOpen(true)}
              >
                {t("import.showColumns")}
              </Button>
            }
          >
            <Mapping {...props} onChanged={setChanged} />
          </Show>
          <Show when={props.failure}>{(text) => <ErrorBox title={text()} />}</Show>
          <Show when={known() && changed()}>
            <p class="text-sm text-warning" role="status">
              {t("import.columnsChanged")}
            </p>
          </Show>
          <div class="flex flex-wrap gap-3">
            <Show when={known()}>
              <Button busy={props.busy} disabled={changed()} onClick={() => props.onImport(props.repeats)}>
                {t(props.repeats ? "import.anyway" : "import.go")}
              </Button>
            </Show>
            <Button variant="secondary" onClick={() => props.onOther()}>
              {t("import.other")}
            </Button>
          </div>
        </div>
      </Card>
    </div>
  );
};

const Zone = (props: Pick<Props, "preview" | "onChange">) => {
  const t = useText("vehicles");
  return (
    <Select
      label={t("import.zone")}
      {...(props.preview.zoneSilent ? { hint: t("import.zoneHint") } : {})}
      value={props.preview.zone}
      options={zoneOptions(props.preview.zone)}
      onValue={(zone) => props.onChange({ zone })}
    />
  );
};

const DecimalMark = (props: Pick<Props, "preview" | "onChange">) => {
  const t = useText("vehicles");
  return (
    <Select
      label={t("import.decimal")}
      {...(props.preview.decimalUncertain ? { hint: t("import.decimalHint") } : {})}
      value={props.preview.decimal}
      options={[
        { value: ".", label: t("import.point") },
        { value: ",", label: t("import.comma") },
      ]}
      onValue={(decimal) => props.onChange({ decimal })}
    />
  );
};

const DistanceUnit = (props: Pick<Props, "preview" | "onChange">) => {
  const t = useText("vehicles");
  return (
    <Select
      label={t("import.unit")}
      value={props.preview.distanceUnit}
      options={[
        { value: "km", label: t("import.km") },
        { value: "mi", label: t("import.mi") },
      ]}
      onValue={(distanceUnit) => props.onChange({ distanceUnit })}
    />
  );
};

/** What the file does not say: asked, with our guess chosen. */
const Open = (props: Props) => {
  const t = useText("vehicles");
  return (
    <Notice title={t("import.question")}>
      <div class="mt-2 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Show when={props.preview.zoneSilent}>
          <Zone preview={props.preview} onChange={props.onChange} />
        </Show>
        <Show when={props.preview.decimalUncertain}>
          <DecimalMark preview={props.preview} onChange={props.onChange} />
        </Show>
        <Show when={props.preview.unitSilent}>
          <DistanceUnit preview={props.preview} onChange={props.onChange} />
        </Show>
        <Show when={props.preview.dateOrderUncertain}>
          <Select
            label={t("import.order")}
            hint={t("import.orderHint")}
            value={props.preview.dateOrder}
            options={[
              { value: "dmy", label: t("import.dmy") },
              { value: "mdy", label: t("import.mdy") },
              { value: "ymd", label: t("import.ymd") },
            ]}
            onValue={(dateOrder) => props.onChange({ dateOrder })}
          />
        </Show>
      </div>
    </Notice>
  );
};

/** Which column is what. Applied together, since half a mapping reads nothing. */
const Mapping = (props: Props & { onChanged: (changed: boolean) => void }) => {
  const t = useText("vehicles");
  const [mapping, setMapping] = createSignal<Record<string, string>>({ ...props.choices.mapping });
  const chosen = (role: string) => mapping()[role] ?? props.preview.columns[role] ?? "";
  // A header alone may say nothing ("Col 3"): what stands below it does.
  const labelled = (name: string, place: number) => {
    const cell = props.preview.sample.map((cells) => (cells[place] ?? "").trim()).find((text) => text !== "");
    return cell === undefined ? name : `${name} · ${cell.length > 28 ? `${cell.slice(0, 27)}…` : cell}`;
  };
  const options = () => [
    { value: "", label: t("import.columnNone") },
    ...props.preview.header.flatMap((name, place) =>
      name === "" ? [] : [{ value: name, label: labelled(name, place) }],
    ),
  ];
  const column = (role: (typeof mappedRoles)[number] | (typeof readingRoles)[number]) => (
    <Select
      label={t(`role.${role}`)}
      value={chosen(role)}
      options={options()}
      onValue={(name) => {
        setMapping((before) => ({ ...before, [role]: name }));
        props.onChanged(true);
      }}
    />
  );
  return (
    <fieldset class="grid min-w-0 gap-4 rounded-card border border-line p-4">
      <legend class="px-1 font-medium">{t("import.columns")}</legend>
      <p class="text-sm text-muted">{t("import.columnsLead")}</p>
      <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <For each={mappedRoles}>{column}</For>
        <Show when={!props.preview.decimalUncertain}>
          <DecimalMark preview={props.preview} onChange={props.onChange} />
        </Show>
        <DistanceUnit preview={props.preview} onChange={props.onChange} />
        <Show when={!props.preview.zoneSilent}>
          <Zone preview={props.preview} onChange={props.onChange} />
        </Show>
      </div>
      <p class="text-sm text-muted">{t("import.readingsLead")}</p>
      <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <For each={readingRoles}>{column}</For>
      </div>
      <Button
        variant="secondary"
        class="justify-self-start"
        busy={props.busy}
        onClick={() => {
          props.onChanged(false);
          props.onChange({ mapping: mapping() });
        }}
      >
        {t("import.tryColumns")}
      </Button>
    </fieldset>
  );
};
