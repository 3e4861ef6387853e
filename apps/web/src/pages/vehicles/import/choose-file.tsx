import { formatTitles } from "@evx/formats/titles";
import { Button, Card, FileDrop, ProgressBar, Select } from "@evx/ui";
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { useSentence } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { apiError } from "../../../lib/errors.ts";
import { useFormat } from "../../../lib/format.ts";
import { type UploadProgress, upload } from "../../../lib/upload.ts";
import type { Import, Vehicle } from "../words.ts";
import { addressOf, beginningOf, type Choices, type PreviewView } from "./choices.ts";
import { Preview } from "./preview.tsx";

/** More than this the server does not take; better said before it is sent than after. */
const LARGEST = 500 * 1024 * 1024;

const useMegabytes = () => {
  const f = useFormat();
  return (bytes: number) =>
    `${f.number(bytes / 1024 / 1024, { maximumFractionDigits: bytes < 10_000_000 ? 1 : 0 })}\u00a0MB`;
};

/** The file that was chosen, and what its beginning shows under the reader's choices. */
const useChosenFile = (vehicle: () => Vehicle, onFailure: (sentence: string | undefined) => void) => {
  const t = useText("vehicles");
  const sentence = useSentence();
  const megabytes = useMegabytes();
  const [file, setFile] = createSignal<File>();
  const [choices, setChoices] = createSignal<Choices>({});
  const [preview, setPreview] = createSignal<PreviewView>();
  const [looking, setLooking] = createSignal(false);
  const [vehicles, setVehicles] = createSignal<readonly string[]>([]);

  const look = async (chosen: File, with_: Choices) => {
    setLooking(true);
    onFailure(undefined);
    try {
      const beginning = await beginningOf(chosen);
      const found = await upload<PreviewView>(
        addressOf(vehicle().id, "/preview", with_, chosen.name),
        beginning,
      );
      if (chosen === file()) setPreview(found);
      setVehicles([]);
    } catch (error) {
      const several = apiError(error);
      if (several.code === "import_several_vehicles") return setVehicles(several.vehicles);
      onFailure(sentence(error));
      if (preview() === undefined) setFile(undefined);
    } finally {
      setLooking(false);
    }
  };

  const choose = (chosen: File) => {
    setFile(chosen);
    setChoices({});
    setPreview(undefined);
    setVehicles([]);
    if (chosen.size > LARGEST) {
      setFile(undefined);
      return onFailure(t("import.tooLarge", { size: megabytes(chosen.size) }));
    }
    void look(chosen, {});
  };

  const change = (more: Choices) => {
    const next = { ...choices(), ...more };
    setChoices(next);
    const chosen = file();
    if (chosen) void look(chosen, next);
  };

  const forget = () => {
    setFile(undefined);
    setPreview(undefined);
    setVehicles([]);
    onFailure(undefined);
  };

  return { file, choices, preview, looking, vehicles, choose, change, forget };
};

type Chosen = ReturnType<typeof useChosenFile>;

/** The chosen file's way to the server, which may be stopped. */
const useSending = (
  vehicle: () => Vehicle,
  { file, choices, preview }: Chosen,
  onFailure: (sentence: string | undefined) => void,
  onStarted: (started: Import) => void,
) => {
  const sentence = useSentence();
  const [sending, setSending] = createSignal<UploadProgress>();
  const [repeats, setRepeats] = createSignal<File>();
  let abort: AbortController | undefined;

  const send = async (repeat = false) => {
    const chosen = file();
    const seen = preview();
    if (!chosen || !seen) return;
    abort = new AbortController();
    onFailure(undefined);
    setRepeats(undefined);
    setSending({ sent: 0, total: chosen.size });
    try {
      if (Object.keys(choices()).length > 0) {
        await api.vehicles.rememberChoices.call({ id: vehicle().id, header: seen.header, ...choices() });
      }
      const address = addressOf(vehicle().id, "", choices(), chosen.name);
      const started = await upload<Import>(address + (repeat ? "&repeat=true" : ""), chosen, {
        onProgress: setSending,
        signal: abort.signal,
      });
      onStarted(started);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (apiError(error).code === "import_repeats") setRepeats(chosen);
      onFailure(sentence(error));
    } finally {
      setSending(undefined);
    }
  };

  return {
    sending,
    send,
    repeats: () => repeats() !== undefined && repeats() === file(),
    stop: () => abort?.abort(),
  };
};

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
  const megabytes = useMegabytes();
  const [failure, setFailure] = createSignal<string>();
  const vehicle = () => props.vehicle;
  const chosenFile = useChosenFile(vehicle, setFailure);
  const { file, choices, preview, looking, vehicles, choose, change, forget } = chosenFile;
  const { sending, send, repeats, stop } = useSending(vehicle, chosenFile, setFailure, (started) =>
    props.onStarted(started),
  );

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
        {(progress) => (
          <Card>
            <ProgressBar
              label={t("import.sending", { file: file()?.name ?? "" })}
              value={progress().sent}
              max={Math.max(1, progress().total)}
              note={t("import.sent", {
                sent: megabytes(progress().sent),
                total: megabytes(progress().total),
              })}
            />
            <div class="mt-4">
              <Button variant="secondary" size="sm" onClick={stop}>
                {t("import.cancel")}
              </Button>
            </div>
          </Card>
        )}
      </Match>
      <Match when={file() && vehicles().length > 0}>
        <WhichVehicle names={vehicles()} onName={(vehicle) => change({ vehicle })} onOther={forget} />
      </Match>
      <Match when={file() && preview()}>
        {(seen) => (
          <Preview
            preview={seen()}
            choices={choices()}
            busy={looking()}
            failure={failure()}
            onChange={change}
            repeats={repeats() && failure() !== undefined}
            onImport={(repeat) => void send(repeat)}
            onOther={forget}
          />
        )}
      </Match>
      <Match when={file() && looking()}>
        <Card>
          <ProgressBar
            label={t("import.reading")}
            note={<Show when={file()}>{(chosen) => chosen().name}</Show>}
          />
        </Card>
      </Match>
    </Switch>
  );
};
