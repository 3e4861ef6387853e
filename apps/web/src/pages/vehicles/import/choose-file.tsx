import { Button, Card, FileDrop, ProgressBar } from "@evx/ui";
import { createSignal, Match, Show, Switch } from "solid-js";
import { useSentence } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { type UploadProgress, upload } from "../../../lib/upload.ts";
import type { Import, Vehicle } from "../words.ts";
import { addressOf, beginningOf, type Choices, type PreviewView } from "./choices.ts";
import { Preview } from "./preview.tsx";

/** More than this the server does not take; better said before it is sent than after. */
const LARGEST = 500 * 1024 * 1024;

/** A file on its way: chosen, looked at, sent. */
export const ChooseFile = (props: { vehicle: Vehicle; onStarted: (started: Import) => void }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const sentence = useSentence();
  const [file, setFile] = createSignal<File>();
  const [choices, setChoices] = createSignal<Choices>({});
  const [preview, setPreview] = createSignal<PreviewView>();
  const [looking, setLooking] = createSignal(false);
  const [sending, setSending] = createSignal<UploadProgress>();
  const [failure, setFailure] = createSignal<string>();
  let abort: AbortController | undefined;

  const look = async (chosen: File, with_: Choices) => {
    setLooking(true);
    setFailure(undefined);
    try {
      const beginning = await beginningOf(chosen);
      const found = await upload<PreviewView>(
        addressOf(props.vehicle.id, "/preview", with_, chosen.name),
        beginning,
      );
      if (chosen === file()) setPreview(found);
    } catch (error) {
      setFailure(sentence(error));
      if (preview() === undefined) setFile(undefined);
    } finally {
      setLooking(false);
    }
  };

  const choose = (chosen: File) => {
    setFile(chosen);
    setChoices({});
    setPreview(undefined);
    if (chosen.size > LARGEST) {
      setFile(undefined);
      return setFailure(t("import.tooLarge", { size: megabytes(chosen.size) }));
    }
    void look(chosen, {});
  };

  const change = (more: Choices) => {
    const next = { ...choices(), ...more };
    setChoices(next);
    const chosen = file();
    if (chosen) void look(chosen, next);
  };

  const send = async () => {
    const chosen = file();
    const seen = preview();
    if (!chosen || !seen) return;
    abort = new AbortController();
    setFailure(undefined);
    setSending({ sent: 0, total: chosen.size });
    try {
      if (Object.keys(choices()).length > 0) {
        await api.vehicles.rememberChoices.call({ id: props.vehicle.id, header: seen.header, ...choices() });
      }
      const started = await upload<Import>(addressOf(props.vehicle.id, "", choices(), chosen.name), chosen, {
        onProgress: setSending,
        signal: abort.signal,
      });
      props.onStarted(started);
    } catch (error) {
      if (!abort.signal.aborted) setFailure(sentence(error));
    } finally {
      setSending(undefined);
    }
  };

  const megabytes = (bytes: number) =>
    `${f.number(bytes / 1024 / 1024, { maximumFractionDigits: bytes < 10_000_000 ? 1 : 0 })}\u00a0MB`;

  return (
    <Switch
      fallback={
        <FileDrop
          label={t("import.drop")}
          hint={t("import.dropHint")}
          accept=".csv,.json,.txt,.tsv,text/csv,application/json"
          error={failure()}
          onFile={choose}
        />
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
              <Button variant="secondary" size="sm" onClick={() => abort?.abort()}>
                {t("import.cancel")}
              </Button>
            </div>
          </Card>
        )}
      </Match>
      <Match when={file() && preview()}>
        {(seen) => (
          <Preview
            preview={seen()}
            choices={choices()}
            busy={looking()}
            failure={failure()}
            onChange={change}
            onImport={() => void send()}
            onOther={() => {
              setFile(undefined);
              setPreview(undefined);
              setFailure(undefined);
            }}
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
