import { Badge, Card, DescriptionList, Skeleton, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createMemo, For, mapArray, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { currentLocale } from "../../lib/locale.ts";

type Summary = Answer<typeof api.vehicles.factorSets>["items"][number];
type Content = Answer<typeof api.vehicles.factorSet>["content"];

/** Those whose uncertainty there are words for. */
const methods = ["flat-v1", "metered-v1"] as const;

/** Holds more than a screen, so that nothing in sight moves when the text comes. */
const Room = () => (
  <div class="min-h-[110vh]">
    <Skeleton lines={8} />
  </div>
);

/** How saved CO2 is computed and what each method assumes, for everybody to read and to check by its hash. */
export default function Methods() {
  const t = useText("methods");
  const sets = useQuery(api.vehicles.factorSets.queryOptions());
  // All texts come before any is shown: one that came later would move what is being read.
  const hashes = () => sets.data?.items.map(({ hash }) => hash) ?? [];
  const texts = createMemo(
    mapArray(hashes, (hash) => useQuery(api.vehicles.factorSet.queryOptions(() => ({ hash })))),
  );
  const buffer = useQuery(api.credits.registry.buffer.queryOptions());
  const loading = () => buffer.isLoading || texts().some((text) => text.isLoading);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded query={sets} skeleton={<Room />}>
        {(data) => (
          <Show when={!loading()} fallback={<Room />}>
            <div class="grid gap-6">
              <Card title={t("claims")}>
                <p class="max-w-prose text-pretty">{t("claims.body")}</p>
              </Card>
              <Buffer />
              <For each={data().items}>{(set) => <FactorSet set={set} />}</For>
            </div>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

/** What is kept back of each batch, by the rule that holds now, and what happens when a batch turns out to be wrong. */
const Buffer = () => {
  const t = useText("methods");
  const f = useFormat();
  const rule = useQuery(api.credits.registry.buffer.queryOptions());
  const share = (bps: number) => f.number(bps / 10_000, { style: "percent", maximumFractionDigits: 2 });
  return (
    <Card title={t("buffer")}>
      <Loaded query={rule}>
        {(data) => (
          <>
            <DescriptionList
              items={[
                { label: t("buffer.connected"), value: share(data().sharesBps.connected) },
                { label: t("buffer.export"), value: share(data().sharesBps.export) },
                { label: t("buffer.manual"), value: share(data().sharesBps.manual) },
                { label: t("buffer.held"), value: f.credits(data().held) },
              ]}
            />
            <p class="mt-4 max-w-prose text-pretty">{t("buffer.body")}</p>
          </>
        )}
      </Loaded>
    </Card>
  );
};

const FactorSet = (props: { set: Summary }) => {
  const t = useText("methods");
  const found = useQuery(api.vehicles.factorSet.queryOptions(() => ({ hash: props.set.hash })));
  return (
    <Card
      title={
        <span class="flex flex-wrap items-center gap-2">
          {props.set.factorSet}
          <Show when={props.set.current}>
            <Badge tone="accent">{t("current")}</Badge>
          </Show>
          <Show when={props.set.beside}>
            <Badge>{t("beside")}</Badge>
          </Show>
        </span>
      }
    >
      <Loaded query={found} skeleton={<Room />}>
        {(data) => <Meaning content={data().content} />}
      </Loaded>
      <p class="mt-4 text-xs break-all text-muted">{t("hash", { hash: props.set.hash })}</p>
      <p class="mt-1 text-xs">
        <TextLink href={`/api/factor-sets/${props.set.hash}`} rel="external">
          {t("whole")}
        </TextLink>
      </p>
    </Card>
  );
};

const Meaning = (props: { content: Content }) => {
  const t = useText("methods");
  const f = useFormat();
  // The signed text is plain ASCII where chemistry is not; its hash is of that text, the reader gets the sign.
  const own = (text: { en: string; vi: string }) => text[currentLocale()].replaceAll("CO2", "CO₂");
  const grid = () => props.content.grid.filter(({ countryCode }) => countryCode === "VN");
  return (
    <div class="grid gap-4">
      <DescriptionList
        items={[
          { label: t("formula"), value: own(props.content.formula) },
          ...grid().map((entry) => ({
            label: t("grid", { country: f.country(entry.countryCode), year: String(entry.year) }),
            value: t("gridFigure", {
              grams: f.number(entry.grid_mg_per_kwh / 1000, { maximumFractionDigits: 3 }),
              licence: entry.licence,
            }),
          })),
        ]}
      />
      <section>
        <h3 class="font-semibold">{t("assumptions")}</h3>
        <ul class="mt-1.5 list-disc ps-5 text-pretty">
          <For each={props.content.assumptions}>{(text) => <li>{own(text)}</li>}</For>
        </ul>
      </section>
      <Show when={methods.find((name) => name === props.content.method)}>
        {(method) => (
          <section>
            <h3 class="font-semibold">{t("uncertainty")}</h3>
            <p class="mt-1.5 text-pretty">{t(`uncertainty.${method()}`)}</p>
          </section>
        )}
      </Show>
      <section>
        <h3 class="font-semibold">{t("sources")}</h3>
        <ul class="mt-1.5 list-disc ps-5 text-pretty">
          <For each={props.content.sources}>
            {(source) => (
              <li>
                <Show when={source.url} fallback={own(source.name)}>
                  {(url) => (
                    <TextLink href={url()} rel="external">
                      {own(source.name)}
                    </TextLink>
                  )}
                </Show>
                <Show when={source.licence}>{(licence) => <>{` (${licence()})`}</>}</Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </div>
  );
};
