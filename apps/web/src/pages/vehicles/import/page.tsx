import { TextLink } from "@evx/ui";
import { useParams, useSearchParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { type Import, nameOf, type Vehicle } from "../words.ts";
import { ChooseFile } from "./choose-file.tsx";
import { Outcome } from "./outcome.tsx";

/**
 * Brings trips from a file: how it would be read, then its progress, then what came of it.
 * The import is named in the address, so a reload or another device shows the same.
 */
export default function ImportPage() {
  const t = useText("vehicles");
  const params = useParams<{ id: string }>();
  const id = () => params.id as Vehicle["id"];
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams<{ import?: string }>();
  const importId = () => search.import as Import["importId"] | undefined;
  const [round, setRound] = createSignal(0);
  const vehicle = useQuery(api.vehicles.byId.queryOptions(() => ({ id: id() })));
  const known = () => (vehicle.isPending ? undefined : vehicle.data);
  const refresh = () => {
    for (const key of [
      api.vehicles.byId,
      api.vehicles.list,
      api.vehicles.co2Savings,
      api.vehicles.trips,
      api.vehicles.imports,
    ]) {
      void client.invalidateQueries({ queryKey: key.key() });
    }
  };
  return (
    <Page
      title={t("import.title")}
      above={
        <TextLink href={`/owner/vehicles/${id()}`}>
          <Show when={known()} fallback={t("vehicle.above")}>
            {(data) => nameOf(data())}
          </Show>
        </TextLink>
      }
      lead={t("import.lead")}
    >
      <Switch>
        <Match when={importId()} keyed>
          {(named) => (
            <Outcome
              vehicleId={id()}
              importId={named}
              onEnd={refresh}
              onAnother={() => {
                setRound((count) => count + 1);
                setSearch({ import: undefined });
              }}
            />
          )}
        </Match>
        <Match when={known() && round() >= 0 ? known() : undefined}>
          {(data) => (
            <ChooseFile vehicle={data()} onStarted={(started) => setSearch({ import: started.importId })} />
          )}
        </Match>
      </Switch>
    </Page>
  );
}
