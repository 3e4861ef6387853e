import { Card, Seal, Skeleton, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Match, Show, Switch } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Glance = Answer<typeof api.verification.certificates.glance>;

const inks: Readonly<Record<string, string>> = {
  issued: "bg-held",
  listed: "bg-listed",
  unlisted: "bg-held",
  sold: "bg-sold",
  transferred: "bg-sold",
  moved: "bg-sold",
  retired: "bg-retired",
  cancelled: "bg-cancelled",
};

/** One gram followed, and who retired lately: the registry's promise in two sheets. */
export default function GlanceCards() {
  const glance = useQuery(api.verification.certificates.glance.with({ staleTime: 60_000 }).queryOptions());
  return (
    <div class="grid gap-7 lg:grid-cols-2">
      <OneGram
        gram={glance.isSuccess ? glance.data.gram : undefined}
        latest={glance.isSuccess ? glance.data.latest : undefined}
      />
      <Retired retired={glance.isSuccess ? glance.data.retired : undefined} />
    </div>
  );
}

const OneGram = (props: { gram: Glance["gram"] | undefined; latest: Glance["latest"] | undefined }) => {
  const t = useText("landing");
  const f = useFormat();
  return (
    <Card title={t("gram.title")} class="lg:min-h-72">
      <Switch fallback={<Skeleton lines={5} class="h-9 w-full" />}>
        <Match when={props.gram === null}>
          <p class="text-muted">{t("gram.none")}</p>
        </Match>
        <Match when={props.gram}>
          {(gram) => (
            <>
              <p class="-mt-3 mb-3 text-[0.8125rem]/4.5 text-muted">
                {t("gram.lead", { gram: f.number(BigInt(gram().gram)), batch: gram().batch })}
              </p>
              <ol class="divide-y divide-line border-t border-line">
                <For each={gram().steps}>
                  {({ step, at }) => (
                    <li class="grid grid-cols-[auto_1fr_auto] items-center gap-x-4 py-3.5">
                      <span aria-hidden="true" class={`h-2.5 w-4.5 ${inks[step] ?? "bg-held"}`} />
                      <span class="min-w-0">
                        <strong class="font-semibold">{t(`gram.step.${step as "issued"}`)}</strong>
                        <Show when={step === "issued"}>
                          <span class="block text-muted">
                            {t("gram.checked", {
                              auditor: gram().cvaName,
                              country: f.country(gram().country),
                            })}
                          </span>
                        </Show>
                      </span>
                      <time class="text-[0.8125rem]/4.5 text-muted" datetime={String(at)}>
                        {f.date(at)}
                      </time>
                    </li>
                  )}
                </For>
              </ol>
              <p class="mt-4">
                <TextLink href={`/registry/serials/${gram().serial}`}>{t("gram.open")}</TextLink>
              </p>
            </>
          )}
        </Match>
      </Switch>
    </Card>
  );
};

const Retired = (props: { retired: Glance["retired"] | undefined }) => {
  const t = useText("landing");
  const f = useFormat();
  return (
    <Card
      class="lg:min-h-72"
      title={t(props.retired?.week === false ? "retired.lately" : "retired.title")}
      subtitle={t("retired.lead")}
    >
      <Show when={props.retired} fallback={<Skeleton lines={4} class="h-12 w-full" />}>
        {(retired) => (
          <ul class="divide-y divide-line border-t border-line">
            <For each={retired().items} fallback={<li class="py-4 text-muted">{t("retired.none")}</li>}>
              {(item) => (
                <li class="relative flex items-center gap-4 py-3">
                  <Show when={item.root} fallback={<span class="size-14 shrink-0" />}>
                    {(root) => <Seal root={root()} size_px={56} />}
                  </Show>
                  <span class="min-w-0 flex-1">
                    <a
                      href={`/c/${item.certificateNumber}`}
                      class="font-semibold after:absolute after:inset-0 hover:underline"
                    >
                      {item.beneficiary}
                    </a>
                    <span class="block text-[0.8125rem]/4.5 text-muted">
                      {item.message || t(`retired.reason.${item.reason as "other"}`)}
                    </span>
                  </span>
                  <span class="figure shrink-0 text-[2.125rem]" data-figure>
                    {f.creditsMass(item.credits)}
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
    </Card>
  );
};
