import { Notice } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { FileDialog } from "./file-dialog.tsx";

type FleetImport = Answer<typeof api.fleet.import>;

/** Brings one file of trips for many cars, and tells what became of each. */
export default function ImportTrips(props: { onClose: () => void; onDone: () => void }) {
  const t = useText("fleet");
  const [started, setStarted] = createSignal<FleetImport | null>(null);
  const watched = useQuery(
    api.fleet.import.with({ refetchInterval: 2_000 }).queryOptions(() => {
      const file = started();
      return file?.status === "running" ? { id: file.id } : skipToken;
    }),
  );
  createEffect(() => {
    const now = watched.isPending ? undefined : watched.data;
    if (now && now.status === "done" && started()?.status === "running") {
      take(now);
    }
  });
  const take = (file: FleetImport) => {
    setStarted(file);
    props.onDone();
  };
  return (
    <FileDialog<FleetImport>
      title={t("trips.title")}
      lead={t("trips.lead")}
      drop={t("trips.drop")}
      hint={t("trips.hint")}
      accept=".csv,.xlsx,.json,.txt,.zip"
      path={(file) => `/api/fleet/trips?name=${encodeURIComponent(file.name)}`}
      onAnswer={take}
      onClose={props.onClose}
    >
      <Show when={started()}>{(file) => <Outcome file={file()} />}</Show>
    </FileDialog>
  );
}

const Outcome = (props: { file: FleetImport }) => {
  const t = useText("fleet");
  const f = useFormat();
  const refused = () => props.file.cars.filter((car) => car.refusal ?? car.import?.failure);
  return (
    <div class="grid gap-3 text-sm">
      <Notice tone={props.file.status === "done" ? "positive" : "info"}>
        {props.file.status === "running"
          ? t("trips.running")
          : t("trips.done", {
              imported: f.number(props.file.imported),
              cars: f.number(props.file.cars.length),
              duplicates: f.number(props.file.duplicates),
              rejected: f.number(props.file.rejectedCount),
            })}
      </Notice>
      <Show when={refused().length > 0}>
        <p class="font-medium">{t("trips.refused")}</p>
        <ul class="max-h-48 overflow-y-auto text-muted">
          <For each={refused()}>
            {(car) => (
              <li>
                {car.name}: {car.refusal?.message ?? car.import?.failure?.message}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.file.unmatched.length > 0}>
        <p class="font-medium">{t("trips.unmatched")}</p>
        <ul class="max-h-48 overflow-y-auto text-muted">
          <For each={props.file.unmatched}>
            {(each) => (
              <li>{t.n("trips.unmatchedRow", each.rows, { name: each.name || t("trips.noName") })}</li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
};
