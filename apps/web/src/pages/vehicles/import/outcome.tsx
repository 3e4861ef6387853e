import {
  Button,
  Card,
  type Column,
  ConfirmDialog,
  ErrorBox,
  LinkButton,
  Notice,
  ProgressBar,
  Stat,
  Stats,
  Table,
} from "@evx/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createEffect, createSignal, For, Match, on, Show, Switch } from "solid-js";
import { Failure } from "../../../frame/failure.tsx";
import { Loaded } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { type Import, isOpen, useVehicleWords } from "../words.ts";

type Rejected = Import["rejected"][number];

/** An import while it goes on, and what came of it. Everything is the server's, so a reload shows the same. */
export const Outcome = (props: {
  vehicleId: string;
  importId: Import["importId"];
  onEnd: () => void;
  onAnother: () => void;
}) => {
  const [open, setOpen] = createSignal(true);
  const query = useQuery(
    api.imports.byId
      .with(() => ({ refetchInterval: open() ? 1_000 : false, staleTime: 0 }))
      .queryOptions(() => ({ id: props.importId })),
  );
  const status = () => (query.isPending ? undefined : query.data?.status);
  createEffect(
    on(status, (now) => {
      if (now === undefined) return;
      setOpen(isOpen(now));
      if (!isOpen(now)) props.onEnd();
    }),
  );
  return (
    <Loaded query={query}>
      {(data) => (
        <Show when={isOpen(data().status)} fallback={<Ended {...props} import={data()} />}>
          <Running import={data()} />
        </Show>
      )}
    </Loaded>
  );
};

const Running = (props: { import: Import }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const client = useQueryClient();
  const cancel = useMutation(
    api.imports.cancel.mutationOptions({
      onSuccess: () => void client.invalidateQueries({ queryKey: api.imports.byId.key() }),
    }),
  );
  const left = () => {
    const seconds = props.import.secondsLeft;
    if (seconds === null) return "";
    const time =
      seconds < 90 ? t.n("import.seconds", seconds) : t.n("import.minutes", Math.round(seconds / 60));
    return `, ${t("import.left", { time })}`;
  };
  const note = () =>
    t("import.progressNote", {
      read: f.number(props.import.rowsRead),
      total: f.number(props.import.rowsTotal ?? props.import.rowsRead),
      rejected: f.number(props.import.rejectedCount),
    }) + left();
  return (
    <Card>
      <ProgressBar
        label={t("import.progress", { file: props.import.fileName ?? "" })}
        value={props.import.rowsRead}
        max={Math.max(1, props.import.rowsTotal ?? 1)}
        note={note()}
      />
      <p class="mt-3 text-sm text-muted">{t("import.leave")}</p>
      <Show when={cancel.error}>{(error) => <Failure error={error()} />}</Show>
      <div class="mt-4">
        <Button
          variant="secondary"
          size="sm"
          busy={cancel.isPending}
          onClick={() => cancel.mutate({ id: props.import.importId })}
        >
          {t("import.cancel")}
        </Button>
      </div>
    </Card>
  );
};

const Ended = (props: { vehicleId: string; import: Import; onEnd: () => void; onAnother: () => void }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const trips = () => words.trips(props.import.imported);
  const vehicle = useQuery(
    api.vehicles.byId.with({ staleTime: 0 }).queryOptions(() => ({ id: props.vehicleId })),
  );
  const ready = () => vehicle.data?.claimableCo2Kg ?? 0;
  return (
    <div class="grid min-w-0 gap-6">
      <Switch>
        <Match when={props.import.status === "failed"}>
          <ErrorBox title={t("import.failed")}>{props.import.failure?.message}</ErrorBox>
        </Match>
        <Match when={props.import.status === "undone"}>
          <Notice>{t("import.undone")}</Notice>
        </Match>
        <Match when={props.import.status === "cancelled"}>
          <Notice>{t("import.stopped", { trips: trips() })}</Notice>
        </Match>
        <Match when={props.import.imported === 0}>
          <Notice title={t("import.doneNone")}>
            <Show
              when={props.import.duplicates > 0}
              fallback={
                <Show when={props.import.rejectedCount === 0}>
                  {t("import.doneNoneDriven", { rows: f.number(props.import.rowsRead) })}
                </Show>
              }
            >
              <Show when={props.import.rejectedCount === 0}>{t("import.doneNoneLead")}</Show>
            </Show>
          </Notice>
        </Match>
        <Match when={props.import.imported > 0}>
          <Notice tone="positive" title={t("import.done", { trips: trips() })}>
            {t("import.doneLead")}
          </Notice>
        </Match>
      </Switch>
      <Show when={props.import.notes.length > 0}>
        <Notice title={t("import.wholeFile")}>
          <For each={props.import.notes}>{(note) => <p>{note.message}</p>}</For>
        </Notice>
      </Show>
      <Stats>
        <Stat label={t("import.new")} value={f.number(props.import.imported)} />
        <Stat label={t("import.known")} value={f.number(props.import.duplicates)} />
        <Stat label={t("import.flagged")} value={f.number(props.import.flagged)} />
        <Stat label={t("import.unused")} value={f.number(props.import.rejectedCount)} />
      </Stats>
      <div class="flex flex-wrap gap-3">
        <Show
          when={ready() > 0}
          fallback={<LinkButton href={`/owner/vehicles/${props.vehicleId}`}>{t("import.seeCar")}</LinkButton>}
        >
          <LinkButton variant="lit" href={`/owner/requests?new=${props.vehicleId}`}>
            {t("import.claim", { mass: f.mass(ready()) })}
          </LinkButton>
        </Show>
        <LinkButton href={`/owner/vehicles/${props.vehicleId}?view=trips`} variant="secondary">
          {t("import.seeTrips")}
        </LinkButton>
        <Button variant="secondary" onClick={() => props.onAnother()}>
          {t("import.another")}
        </Button>
        <Show when={props.import.imported > 0 && props.import.status !== "undone"}>
          <Undo import={props.import} trips={trips()} onEnd={props.onEnd} />
        </Show>
      </div>
      <Show when={props.import.rejectedCount > 0}>
        <Quarantine import={props.import} />
      </Show>
    </div>
  );
};

const Undo = (props: { import: Import; trips: string; onEnd: () => void }) => {
  const t = useText("vehicles");
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  return (
    <>
      <Button variant="quiet" onClick={() => setAsking(true)}>
        {t("import.undo")}
      </Button>
      <ConfirmDialog
        open={asking()}
        onOpen={setAsking}
        title={t("import.undoTitle")}
        confirm={t("import.undoConfirm")}
        cancel={t("import.keep")}
        danger
        onConfirm={async () => {
          await api.imports.undo.call({ id: props.import.importId });
          await client.invalidateQueries({ queryKey: api.imports.byId.key() });
          props.onEnd();
          void notify.info(t("import.undone"));
        }}
      >
        {t("import.undoBody", { trips: props.trips })}
      </ConfirmDialog>
    </>
  );
};

/** Rows that could not be used: number, field, reason. The whole report can be downloaded. */
const Quarantine = (props: { import: Import }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const columns = (): Column<Rejected>[] => [
    { key: "row", header: t("import.row"), cell: (row) => f.number(row.row) },
    { key: "field", header: t("import.field"), cell: (row) => row.field },
    {
      key: "reason",
      header: t("import.reason"),
      cell: (row) => <span class="break-words">{row.reason}</span>,
    },
  ];
  return (
    <Card
      title={t("import.unusedTitle")}
      subtitle={t("import.unusedLead")}
      flush
      actions={
        <LinkButton
          href={`/api/imports/${props.import.importId}/rejections.csv`}
          variant="secondary"
          size="sm"
          rel="external"
          download=""
        >
          {t("import.report")}
        </LinkButton>
      }
    >
      <Table
        caption={t("import.unusedTitle")}
        columns={columns()}
        rows={props.import.rejected.slice(0, 100)}
      />
    </Card>
  );
};
