import { formatTitles } from "@evx/formats/titles";
import { Button, Card, FileDrop, Select } from "@evx/ui";
import { createSignal, For, Match, Switch } from "solid-js";
import { useSentence } from "../../../frame/failure.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { apiError } from "../../../lib/errors.ts";
import { useFormat } from "../../../lib/format.ts";
import type { Import, Vehicle } from "../words.ts";
import type { Choices, PreviewView } from "./choices.ts";
import { addressOf, useChosenFile, useSending } from "./chosen-file.ts";
import { LogDay } from "./log-day.tsx";
import { Preview } from "./preview.tsx";
import { Reading, Sending } from "./sending.tsx";

const LARGEST = 500 * 1024 * 1024;

/** A file of several cars: which of them is this one. Its other rows are left out by name. */
const WhichVehicle = (props: {
  names: readonly string[];
  onName: (name: string) => void;
  onOther: () => void;
}) => {
  const t = useText("vehicles");
  const [name, setName] = createSignal("");
  return (
    <Card title={t("import.several")} subtitle={t("import.severalLead")}>
      <div class="grid max-w-md gap-4">
        <Select
          label={t("import.whichVehicle")}
          value={name()}
          options={[
            { value: "", label: t("import.chooseVehicle") },
            ...props.names.map((value) => ({ value, label: value })),
          ]}
          onValue={setName}
        />
        <div class="flex flex-wrap gap-3">
          <Button disabled={name() === ""} onClick={() => props.onName(name())}>
            {t("import.readVehicle")}
          </Button>
          <Button variant="secondary" onClick={() => props.onOther()}>
            {t("import.other")}
          </Button>
        </div>
      </div>
    </Card>
  );
};

/** The programs whose files are known; folded, since nobody reads thirty names who has a file at hand. */
const KnownFormats = () => {
  const t = useText("vehicles");
  const f = useFormat();
  const titles = () => formatTitles(f.locale());
  return (
    <details>
      <summary class="tap w-fit cursor-pointer text-sm font-semibold text-accent">
        {t("import.formats", { count: f.number(titles().length) })}
      </summary>
      <ul class="mt-2 grid gap-x-6 gap-y-1 text-sm text-muted sm:grid-cols-2 lg:grid-cols-3">
        <For each={titles()}>{(title) => <li>{title}</li>}</For>
      </ul>
      <p class="mt-2 text-sm text-muted">{t("import.formatsMore")}</p>
    </details>
  );
};

/** A file on its way: chosen, looked at, sent. */
export const ChooseFile = (props: { vehicle: Vehicle; onStarted: (started: Import) => void }) => {
  const t = useText("vehicles");
  const sentence = useSentence();
  const [failure, setFailure] = createSignal<string>();
  const [repeats, setRepeats] = createSignal<File>();
  const path = () => `/api/vehicles/${props.vehicle.id}/trips`;
  const { file, choices, preview, looking, vehicles, undated, choose, change, forget } = useChosenFile<
    PreviewView,
    Choices
  >({ path, largest: LARGEST, onFailure: setFailure, asksDay: true });
  const { sending, send, stop } = useSending<Import>((error) => {
    if (apiError(error).code === "import_repeats") setRepeats(file());
    setFailure(sentence(error));
  });
  const start = async (repeat: boolean) => {
    const chosen = file();
    const seen = preview();
    if (!chosen || !seen) return;
    setFailure(undefined);
    setRepeats(undefined);
    try {
      const { logBegan: _, ...lasting } = choices();
      if (Object.keys(lasting).length > 0)
        await api.vehicles.rememberChoices.call({ id: props.vehicle.id, header: seen.header, ...lasting });
    } catch (error) {
      return setFailure(sentence(error));
    }
    const address = addressOf(path(), { ...choices(), ...(repeat ? { repeat } : {}) }, chosen.name);
    const started = await send(address, chosen);
    if (started) props.onStarted(started);
  };

  return (
    <Switch
      fallback={
        <div class="grid gap-4">
          <FileDrop
            label={t("import.drop")}
            hint={t("import.dropHint")}
            accept=".csv,.json,.txt,.tsv,.xlsx,.gpx,.zip,text/csv,application/json"
            error={failure()}
            onFile={choose}
          />
          <KnownFormats />
        </div>
      }
    >
      <Match when={sending()}>
        {(progress) => <Sending file={file()?.name ?? ""} progress={progress()} onStop={stop} />}
      </Match>
      <Match when={file() && vehicles().length > 0}>
        <WhichVehicle names={vehicles()} onName={(vehicle) => change({ vehicle })} onOther={forget} />
      </Match>
      <Match when={file() && undated()}>
        {(asks) => <LogDay asks={asks()} onBegan={(logBegan) => change({ logBegan })} onOther={forget} />}
      </Match>
      <Match when={file() && preview()}>
        {(seen) => (
          <Preview
            preview={seen()}
            choices={choices()}
            busy={looking()}
            failure={failure()}
            onChange={change}
            repeats={repeats() !== undefined && repeats() === file() && failure() !== undefined}
            onImport={(repeat) => void start(repeat)}
            onOther={forget}
          />
        )}
      </Match>
      <Match when={file() && looking()}>
        <Reading file={file()?.name ?? ""} />
      </Match>
    </Switch>
  );
};
