import { Badge, Card } from "@evx/ui";
import { For, Show } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Method = Answer<typeof api.verification.review.byId>["methods"][number];

/** Both methods side by side, as bars of the same scale; the one that counts is marked. */
export const Calculation = (props: { methods: readonly Method[]; factorSet: string; class?: string }) => {
  const t = useText("review");
  const f = useFormat();
  const most = () => Math.max(1, ...props.methods.map(({ co2SavedKg }) => co2SavedKg));
  const share = () => {
    const [flat, metered] = props.methods;
    if (!flat || !metered || flat.co2SavedKg === 0 || metered.tripsWithout > 0) return null;
    return metered.co2SavedKg / flat.co2SavedKg;
  };
  return (
    <Card title={t("calc.title")} subtitle={t("calc.lead")} class={props.class ?? ""}>
      <dl class="grid gap-4">
        <For each={props.methods}>
          {(method) => (
            <div>
              <dt class="flex flex-wrap items-center gap-2">
                <span class="min-w-0">
                  {t(method.method === "flat-v1" ? "method.flat-v1" : "method.metered-v1")}
                </span>
                <Show when={method.counted}>
                  <Badge>{t("calc.counts")}</Badge>
                </Show>
              </dt>
              <dd class="mt-1">
                <span class="flex flex-wrap items-baseline justify-between gap-x-4" data-figure>
                  <span class="text-base font-semibold">{f.mass(method.co2SavedKg)}</span>
                  <span class="text-muted">{f.credits(method.credits)}</span>
                </span>
                <span aria-hidden="true" class="mt-1.5 block h-2 overflow-hidden rounded-full bg-sunken">
                  <span
                    class={`block h-full rounded-full ${method.counted ? "bg-accent" : "bg-line-strong"}`}
                    style={{ width: `${(method.co2SavedKg / most()) * 100}%` }}
                  />
                </span>
                <Show when={method.tripsWithout > 0}>
                  <span class="mt-1 block text-xs text-muted">
                    {t.n("calc.without", method.tripsWithout)}
                  </span>
                </Show>
              </dd>
            </div>
          )}
        </For>
      </dl>
      <p class="mt-4 text-xs text-muted">
        {t("calc.factors", { name: props.factorSet })}
        <Show when={share()}>
          {(value) => <>. {t("calc.difference", { percent: f.percent(value()) })}</>}
        </Show>
      </p>
      <FlatRate class="mt-1" />
    </Card>
  );
};
