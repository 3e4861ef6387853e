import { Card, LinkButton, Segmented, Select, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import Download from "lucide-solid/icons/download";
import { Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf, readAs } from "../../lib/asked.ts";
import { BatchTable, RetirementTable } from "./registry-tables.tsx";
import { isNamedMethod } from "./words.ts";

const views = ["batches", "retirements"] as const;
const methods = ["flat-v1", "metered-v1"] as const;

const asQuery = (wish: Record<string, string | undefined>): string =>
  new URLSearchParams(
    Object.entries(wish).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();

/** Every batch and every retirement, by what is asked for in the address. */
export default function RegistryView() {
  const t = useText("credits");
  const [search, setSearch] = useSearchParams<{
    view?: string;
    q?: string;
    vintage?: string;
    country?: string;
    method?: string;
  }>();
  const asked = oneOf(search, "view", views);
  const view = () => asked() ?? "batches";
  const vintage = readAs(search, "vintage", (text) => (/^(19|20|21)\d\d$/.test(text) ? text : undefined));
  const country = readAs(search, "country", (text) => (/^[A-Za-z]{2}$/.test(text) ? text : undefined));
  const method = oneOf(search, "method", methods);
  const words = () => {
    const q = (search.q ?? "").slice(0, 200);
    return q.trim() ? { q } : {};
  };
  const filters = () => {
    const [year, place, by] = [vintage(), country(), method()];
    return {
      ...words(),
      ...(year ? { vintage: year } : {}),
      ...(place ? { country: place } : {}),
      ...(by ? { method: by } : {}),
    };
  };
  const batches = useInfiniteQuery(
    api.credits.registry.batches.pageOptions(() => ({ limit: 25, ...filters() })),
  );
  const retirements = useInfiniteQuery(
    api.credits.registry.retirements.pageOptions(() => ({ limit: 25, ...words() })),
  );
  const file = () =>
    view() === "batches"
      ? `/api/public/registry/batches.csv?${asQuery(filters())}`
      : `/api/public/registry/retirements.csv?${asQuery(words())}`;

  return (
    <Card
      title={
        <Segmented
          label={t("registry.view")}
          value={view()}
          options={views.map((value) => ({ value, label: t(`registry.${value}`) }))}
          onValue={(value) => setSearch({ view: value === "batches" ? undefined : value, q: undefined })}
        />
      }
      actions={
        <LinkButton
          variant="secondary"
          size="sm"
          href={file()}
          download=""
          icon={<Download size={14} aria-hidden="true" />}
        >
          {t("registry.csv")}
        </LinkButton>
      }
    >
      <div class="mb-4 flex flex-wrap items-end gap-3">
        <TextInput
          type="search"
          class="min-w-0 flex-1 basis-56"
          label={t(view() === "batches" ? "registry.searchBatch" : "registry.search")}
          value={search.q ?? ""}
          maxlength={200}
          onValue={(q) => setSearch({ q: q || undefined }, { replace: true })}
        />
        <Show when={view() === "batches"}>
          <TextInput
            class="w-28"
            label={t("registry.vintage")}
            inputmode="numeric"
            maxlength={4}
            value={search.vintage ?? ""}
            onValue={(vintage) => setSearch({ vintage: vintage || undefined }, { replace: true })}
          />
          <Select
            class="min-w-0 flex-1 basis-48 sm:max-w-64"
            label={t("registry.method")}
            value={method() ?? "any"}
            options={[
              { value: "any", label: t("registry.any") },
              ...methods.filter(isNamedMethod).map((value) => ({ value, label: t(`method.${value}`) })),
            ]}
            onValue={(method) => setSearch({ method: method === "any" ? undefined : method })}
          />
        </Show>
      </div>
      <Show
        when={view() === "batches"}
        fallback={
          <LoadedPages query={retirements}>
            {(rows) => <RetirementTable rows={rows()} filtered={Object.keys(words()).length > 0} />}
          </LoadedPages>
        }
      >
        <LoadedPages query={batches}>
          {(rows) => <BatchTable rows={rows()} filtered={Object.keys(filters()).length > 0} />}
        </LoadedPages>
      </Show>
    </Card>
  );
}
