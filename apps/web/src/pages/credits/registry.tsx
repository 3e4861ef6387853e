import { Button, Card, LinkButton, Segmented, Select, Skeleton, Stat, TextInput, TextLink } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import Download from "lucide-solid/icons/download";
import { createSignal, Show } from "solid-js";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { BatchTable, RetirementTable } from "./registry-tables.tsx";
import { isNamedMethod, lifeOf } from "./words.ts";

const views = ["batches", "retirements"] as const;
const methods = ["flat-v1", "metered-v1"] as const;

const asQuery = (wish: Record<string, string | undefined>): string =>
  new URLSearchParams(
    Object.entries(wish).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();

/** Goes to the life of the serial number that somebody read on a certificate. */
const Lookup = () => {
  const t = useText("credits");
  const navigate = useNavigate();
  const [serial, setSerial] = createSignal("");
  const [wrong, setWrong] = createSignal(false);
  const look = (event: SubmitEvent) => {
    event.preventDefault();
    const text = serial().trim();
    if (!/^EVX-.+-\d+-\d+$/.test(text)) return setWrong(true);
    navigate(lifeOf(text));
  };
  return (
    <Card>
      <form novalidate class="flex flex-wrap items-start gap-3" onSubmit={look}>
        <TextInput
          label={t("registry.lookup")}
          class="min-w-0 flex-1 basis-72"
          hint={<span class="break-all">{t("registry.lookupHint")}</span>}
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          value={serial()}
          error={wrong() ? t("registry.lookupCheck") : undefined}
          onValue={(text) => {
            setSerial(text);
            setWrong(false);
          }}
        />
        <Button class="w-full sm:mt-[1.625rem] sm:w-auto" type="submit">
          {t("registry.lookupDo")}
        </Button>
      </form>
    </Card>
  );
};

/** All credits for everybody to see: the ledger's totals, every batch, every retirement. */
export default function Registry() {
  const t = useText("credits");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{
    view?: string;
    q?: string;
    vintage?: string;
    country?: string;
    method?: string;
  }>();
  const view = () => views.find((name) => name === search.view) ?? "batches";
  const text = (value: string | undefined, pattern: RegExp) =>
    value && pattern.test(value) ? value : undefined;
  const words = () => {
    const q = (search.q ?? "").slice(0, 200);
    return q.trim() ? { q } : {};
  };
  const filters = () => {
    const vintage = text(search.vintage, /^\d{4}$/);
    const country = text(search.country, /^[A-Za-z]{2}$/);
    const method = methods.find((name) => name === search.method);
    return {
      ...words(),
      ...(vintage ? { vintage } : {}),
      ...(country ? { country } : {}),
      ...(method ? { method } : {}),
    };
  };
  const totals = useQuery(api.credits.registry.totals.queryOptions());
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
    <Page title={t("registry.title")} lead={t("registry.lead")}>
      <div class="grid gap-6">
        <section aria-label={t("registry.title")}>
          <Loaded query={totals} skeleton={<Skeleton lines={2} class="h-20 w-full" />}>
            {(data) => (
              <>
                <div class="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
                  <Stat
                    class="col-span-2 lg:col-span-1"
                    label={t("registry.issued")}
                    value={f.credits(data().issued)}
                    note={t.n("registry.batches_count", data().batches)}
                  />
                  <Stat
                    class="col-span-2 lg:col-span-1"
                    label={t("registry.circulating")}
                    value={f.credits(data().circulating)}
                    note={t("registry.circulatingNote", { amount: f.number(data().listed) })}
                  />
                  <Stat
                    class="col-span-2 sm:col-span-1"
                    label={t("registry.retired")}
                    value={f.credits(data().retired)}
                  />
                  <Stat label={t("registry.cancelled")} value={f.credits(data().cancelled)} />
                  <Stat label={t("registry.buffer")} value={f.credits(data().buffer)} />
                </div>
                <p class="mt-3 text-xs text-muted">{t("registry.sum")}</p>
                <Show when={data().revokedBatches > 0}>
                  <p class="mt-1 text-sm">
                    {t("registry.shortfall", {
                      batches: f.number(data().revokedBatches),
                      amount: f.credits(data().shortfall),
                    })}
                  </p>
                </Show>
                <p class="mt-1 flex flex-wrap gap-x-4 gap-y-5 text-sm max-sm:mt-4 sm:gap-y-1">
                  <TextLink href="/methods">{t("registry.methods")}</TextLink>
                  <TextLink href="/keys">{t("registry.keys")}</TextLink>
                  <TextLink href="/api/public/registry/cad-trust">{t("registry.cadTrust")}</TextLink>
                </p>
              </>
            )}
          </Loaded>
        </section>
        <Lookup />
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
                value={methods.find((name) => name === search.method) ?? "any"}
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
      </div>
    </Page>
  );
}
