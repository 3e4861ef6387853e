import { Button, Card, type Column, ErrorBox, Notice, Select, Table } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Preview } from "../vehicles/import/preview.tsx";
import type { FleetChoices } from "./import-trips.tsx";
import { Unmatched } from "./outcome.tsx";

export type FleetPreviewView = Awaited<ReturnType<typeof api.fleet.previewTrips.call>>;

type Props = {
  seen: FleetPreviewView;
  /** Only the file's beginning was looked at. */
  partial: boolean;
  choices: FleetChoices;
  busy: boolean;
  failure: string | undefined;
  onChange: (more: FleetChoices) => void;
  onImport: () => void;
  onOther: () => void;
};

/** The column that names the car: what was found in the file, or the one that the reader points at. */
const CarColumn = (props: Pick<Props, "seen" | "choices" | "onChange">) => {
  const t = useText("fleet");
  const found = () =>
    props.choices.vehicleColumn || props.seen.vehicleColumns.length === 0
      ? t("preview.chooseColumn")
      : props.seen.vehicleColumns.join(", ");
  return (
    <Select
      label={t("preview.column")}
      value={props.choices.vehicleColumn ?? ""}
      options={[
        { value: "", label: found() },
        ...props.seen.header.filter((name) => name !== "").map((value) => ({ value, label: value })),
      ]}
      onValue={(vehicleColumn) => props.onChange({ vehicleColumn })}
    />
  );
};

const Cars = (props: Props) => {
  const t = useText("fleet");
  const f = useFormat();
  const columns = (): Column<FleetPreviewView["cars"][number]>[] => [
    {
      key: "car",
      header: t("column.car"),
      lead: true,
      cell: (car) => <span class="wrap-anywhere">{car.name}</span>,
    },
    { key: "rows", header: t("preview.rows"), align: "end", cell: (car) => f.number(car.rows) },
  ];
  return (
    <Card
      title={
        props.seen.vehicleColumns.length === 0
          ? t("preview.whichColumn")
          : t.n("preview.cars", props.seen.cars.length)
      }
      subtitle={t.n(props.partial ? "preview.beginning" : "preview.whole", props.seen.rows)}
    >
      <div class="grid min-w-0 gap-5">
        <div class="max-w-md">
          <CarColumn {...props} />
        </div>
        <Show when={props.seen.vehicleColumns.length === 0}>
          <Notice tone="warning">{t("preview.noColumn")}</Notice>
        </Show>
        <Show when={props.seen.cars.length > 0}>
          <div class="max-h-72 overflow-y-auto">
            <Table caption={t("preview.carsCaption")} columns={columns()} rows={props.seen.cars} />
          </div>
        </Show>
        <Show when={props.seen.vehicleColumns.length > 0 && props.seen.unmatched.length > 0}>
          <Notice tone="warning" title={t("trips.unmatched")}>
            <Unmatched names={props.seen.unmatched} />
          </Notice>
        </Show>
        <Show when={!props.seen.trips}>
          <Show when={props.failure}>{(text) => <ErrorBox title={text()} />}</Show>
          <Button variant="secondary" class="justify-self-start" onClick={() => props.onOther()}>
            {t("preview.other")}
          </Button>
        </Show>
      </div>
    </Card>
  );
};

/** How a file of many cars would be taken apart, and how the rows of the car with the most would be read. */
export const FleetPreview = (props: Props) => {
  const t = useText("fleet");
  return (
    <div class="grid min-w-0 gap-6">
      <Cars {...props} />
      <Show when={props.seen.trips}>
        {(trips) => (
          <section class="grid min-w-0 gap-3">
            <p class="text-sm text-muted">{t("preview.example", { car: props.seen.cars[0]?.name ?? "" })}</p>
            <Preview
              preview={trips()}
              choices={props.choices}
              busy={props.busy}
              failure={props.failure}
              onChange={props.onChange}
              repeats={false}
              onImport={() => props.onImport()}
              onOther={() => props.onOther()}
            />
          </section>
        )}
      </Show>
    </div>
  );
};
