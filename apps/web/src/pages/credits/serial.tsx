import { Card, Code, Notice, StatusDot, type Tone } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Known } from "./known.tsx";
import type { Timeline } from "./words.ts";

type Run = Timeline["runs"][number];

const tones: Record<Run["state"], Tone> = {
  held: "positive",
  listed: "info",
  retired: "neutral",
  cancelled: "negative",
  buffer: "warning",
};

/** One run of grams that has lived alike: what it is now, and each step it took. */
const Life = (props: { run: Run }) => {
  const t = useText("credits");
  const f = useFormat();
  return (
    <Card>
      <div class="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h3 class="min-w-0 font-mono text-xs wrap-break-word">
          <Code>{props.run.serial}</Code>
        </h3>
        <div class="flex items-center gap-3">
          <span class="whitespace-nowrap" data-figure>
            {f.credits(props.run.credits)}
          </span>
          <StatusDot tone={tones[props.run.state]}>{t(`state.${props.run.state}`)}</StatusDot>
        </div>
      </div>
      <ol aria-label={t("life.steps")} class="border-s border-line ps-5">
        <For each={props.run.steps}>
          {(step) => (
            <li class="relative flex flex-wrap justify-between gap-x-4 py-1.5">
              <span
                class="absolute -start-[1.4rem] top-3 size-2 rounded-full bg-accent ring-4 ring-surface"
                aria-hidden="true"
              />
              <span class="min-w-0">
                {t(`step.${step.step}`)}
                <Show when={step.beneficiaryName}>
                  {(name) => <span class="break-words">, {t("life.for", { name: name() })}</span>}
                </Show>
                <Show when={step.certificateNumber}>
                  {(number) => (
                    <a
                      class="tap block font-mono text-xs text-muted underline underline-offset-2 hover:text-ink"
                      href={`/c/${number()}`}
                    >
                      {number()}
                    </a>
                  )}
                </Show>
              </span>
              <time class="text-muted" datetime={step.at} data-figure>
                {f.dateTime(step.at)}
              </time>
            </li>
          )}
        </For>
      </ol>
    </Card>
  );
};

/** What became of the grams that a serial number names, for everybody. */
export default function SerialPage() {
  const t = useText("credits");
  const f = useFormat();
  const params = useParams<{ serial: string }>();
  const serial = () => decodeURIComponent(params.serial);
  const life = useQuery(
    api.credits.registry.timeline.with({ retry: false }).queryOptions(() => ({ serial: serial() })),
  );
  return (
    <Page
      narrow
      title={t("life.title")}
      above={
        <a class="hover:text-ink hover:underline" href="/registry">
          {t("batch.back")}
        </a>
      }
      lead={
        <span class="font-mono text-xs wrap-break-word">
          <Code>{serial()}</Code>
        </span>
      }
    >
      <Known query={life} missing="serial_not_found">
        {(data) => (
          <div class="grid gap-4">
            <p>
              {t("life.lead", { amount: f.credits(data().credits) })}{" "}
              <a class="underline underline-offset-2" href={`/registry/batches/${data().batch.number}`}>
                {t("lots.batch", { number: data().batch.number })}
              </a>
              <span class="text-muted">
                {", "}
                {t("lots.facts", {
                  country: f.country(data().batch.country),
                  vintage: f.days(data().batch.vintageFrom, data().batch.vintageTo),
                  method: data().batch.method,
                })}
                {". "}
                {t("lots.by", { name: data().batch.cvaName })}
              </span>
            </p>
            <Show when={data().revoked}>
              {(revoked) => (
                <Notice tone="negative" title={t("batch.revoked", { date: f.date(revoked().revokedAt) })}>
                  <p>{revoked().reason}</p>
                  <p class="mt-1">{t("batch.revokedBody")}</p>
                </Notice>
              )}
            </Show>
            <h2 class="font-semibold">{t("life.runs")}</h2>
            <For each={data().runs}>{(run) => <Life run={run} />}</For>
            <Show when={data().more}>
              <Notice>{t("life.more")}</Notice>
            </Show>
          </div>
        )}
      </Known>
    </Page>
  );
}
