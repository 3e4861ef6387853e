import { FileDrop, TextLink } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal, Match, Switch } from "solid-js";
import { useSentence } from "../../frame/failure.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import type { Choices } from "../vehicles/import/choices.ts";
import { addressOf, useChosenFile, useSending } from "../vehicles/import/chosen-file.ts";
import { Reading, Sending } from "../vehicles/import/sending.tsx";
import { FleetPreview, type FleetPreviewView } from "./import-preview.tsx";
import { type FleetImport, ImportOutcome } from "./outcome.tsx";

const path = "/api/fleet/trips";
const LARGEST = 64 * 1024 * 1024;

export type FleetChoices = Choices & { vehicleColumn?: string };

/**
 * Brings one file of trips for many cars: how it would be taken apart and read, then what became of each car's part.
 * The import is named in the address, so a reload shows the same.
 */
export default function ImportTrips() {
  const t = useText("fleet");
  const sentence = useSentence();
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams<{ import?: string }>();
  const importId = () => search.import as FleetImport["id"] | undefined;
  const [failure, setFailure] = createSignal<string>();
  const { file, choices, preview, looking, partial, choose, change, forget } = useChosenFile<
    FleetPreviewView,
    FleetChoices
  >({ path: () => path, largest: LARGEST, onFailure: setFailure });
  const { sending, send, stop } = useSending<FleetImport>((error) => setFailure(sentence(error)));
  const start = async (repeat: boolean) => {
    const chosen = file();
    if (!chosen) return;
    setFailure(undefined);
    const started = await send(
      addressOf(path, { ...choices(), ...(repeat ? { repeat } : {}) }, chosen.name),
      chosen,
    );
    if (started) setSearch({ import: started.id });
  };
  const refresh = () => {
    for (const key of [api.fleet.cars, api.fleet.summary, api.vehicles.list])
      void client.invalidateQueries({ queryKey: key.key() });
  };
  return (
    <Page
      title={t("trips.title")}
      above={<TextLink href="/owner/fleet">{t("fleet.title")}</TextLink>}
      lead={t("trips.lead")}
    >
      <Switch
        fallback={
          <FileDrop
            label={t("trips.drop")}
            hint={t("trips.hint")}
            accept=".csv,.xlsx,.json,.txt,.tsv,.zip"
            error={failure()}
            onFile={choose}
          />
        }
      >
        <Match when={sending()}>
          {(progress) => <Sending file={file()?.name ?? ""} progress={progress()} onStop={stop} />}
        </Match>
        <Match when={importId()} keyed>
          {(id) => (
            <ImportOutcome
              id={id}
              onEnd={refresh}
              {...(file() ? { onRepeat: () => void start(true) } : {})}
              failure={failure()}
              onAnother={() => {
                forget();
                setSearch({ import: undefined });
              }}
            />
          )}
        </Match>
        <Match when={file() && preview()}>
          {(seen) => (
            <FleetPreview
              seen={seen()}
              partial={partial()}
              choices={choices()}
              busy={looking()}
              failure={failure()}
              onChange={change}
              onImport={() => void start(false)}
              onOther={forget}
            />
          )}
        </Match>
        <Match when={file() && looking()}>
          <Reading file={file()?.name ?? ""} />
        </Match>
      </Switch>
    </Page>
  );
}
