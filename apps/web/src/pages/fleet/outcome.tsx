import { Button, Card, ErrorBox, LinkButton, Notice, Stat, Stats } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, For, on, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

export type FleetImport = Answer<typeof api.fleet.import>;

/** Names in a file that are none of the fleet's cars, with their rows. */
export const Unmatched = (props: { names: FleetImport["unmatched"] }) => {
  const t = useText("fleet");
  return (
    <ul class="max-h-48 overflow-y-auto text-sm">
      <For each={props.names}>
        {(each) => (
          <li class="wrap-anywhere">
            {t.n("trips.unmatchedRow", each.rows, { name: each.name || t("trips.noName") })}
          </li>
        )}
      </For>
    </ul>
  );
};

type Props = {
  id: FleetImport["id"];
  onEnd: () => void;
  onAnother: () => void;
  /** Sends the file once more, its trips being others than those they look like; not without the file. */
  onRepeat?: () => void;
  failure: string | undefined;
};

/** A fleet's file while it is imported, and what came of each car's part. Everything is the server's. */
export const ImportOutcome = (props: Props) => {
  const query = useQuery(
    api.fleet.import
      .with(() => ({
        refetchInterval: (seen: { state: { data: FleetImport | undefined } }) =>
          seen.state.data?.status === "done" ? false : 2_000,
      }))
      .queryOptions(() => ({ id: props.id })),
  );
  const status = () => (query.isPending ? undefined : query.data?.status);
  createEffect(on(status, (now) => now === "done" && props.onEnd()));
  return <Loaded query={query}>{(data) => <Outcome {...props} file={data()} />}</Loaded>;
};

const Outcome = (props: Props & { file: FleetImport }) => {
  const t = useText("fleet");
  const f = useFormat();
  const refused = () => props.file.cars.filter((car) => car.refusal ?? car.import?.failure);
  const repeats = () =>
    refused().some((car) => (car.refusal ?? car.import?.failure)?.code === "import_repeats");
  const running = () => props.file.status === "running";
  return (
    <div class="grid min-w-0 gap-6">
      <Notice
        tone={running() || props.file.imported === 0 ? "info" : "positive"}
        title={
          running()
            ? t("trips.running")
            : props.file.imported === 0
              ? t("trips.doneNone")
              : t.n("trips.done", props.file.imported, { cars: t.n("trips.ofCars", props.file.cars.length) })
        }
      />
      <Stats>
        <Stat label={t("trips.imported")} value={f.number(props.file.imported)} />
        <Stat label={t("trips.known")} value={f.number(props.file.duplicates)} />
        <Stat label={t("trips.rejected")} value={f.number(props.file.rejectedCount)} />
        <Stat label={t("preview.rows")} value={f.number(props.file.rowsRead)} />
      </Stats>
      <Show when={refused().length > 0}>
        <Card title={t("trips.refused")}>
          <ul class="grid max-h-72 gap-2 overflow-y-auto text-sm">
            <For each={refused()}>
              {(car) => (
                <li class="wrap-anywhere">
                  <span class="font-medium">{car.name}</span>:{" "}
                  {car.refusal?.message ?? car.import?.failure?.message}
                </li>
              )}
            </For>
          </ul>
          <Show when={repeats() && !running() && props.onRepeat}>
            {(repeat) => (
              <Button variant="secondary" class="mt-4" onClick={() => repeat()()}>
                {t("trips.anyway")}
              </Button>
            )}
          </Show>
        </Card>
      </Show>
      <Show when={props.file.unmatched.length > 0}>
        <Card title={t("trips.unmatched")}>
          <Unmatched names={props.file.unmatched} />
        </Card>
      </Show>
      <Show when={props.failure}>{(text) => <ErrorBox title={text()} />}</Show>
      <div class="flex flex-wrap gap-3">
        <LinkButton href="/owner/fleet">{t("trips.seeFleet")}</LinkButton>
        <Button variant="secondary" onClick={() => props.onAnother()}>
          {t("trips.another")}
        </Button>
      </div>
    </div>
  );
};
