import { Notice } from "@evx/ui";
import { keepPreviousData, useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";

/** Time to type on before the server is asked. */
const PAUSE_MS = 300;

/** What the server says of a change before it is made: what stands under the rule, and what is scheduled for later. */
export const Consequences = (props: { name: string; value: Record<string, unknown>; from?: string }) => {
  const t = useText("rules");
  const f = useFormat();
  const input = () => ({
    name: props.name,
    value: props.value,
    ...(props.from ? { from: props.from } : {}),
  });
  const [asked, setAsked] = createSignal(input());
  createEffect(() => {
    const next = input();
    const waiting = setTimeout(() => setAsked(() => next), PAUSE_MS);
    onCleanup(() => clearTimeout(waiting));
  });
  const preview = useQuery(
    api.rules.preview.with({ placeholderData: keepPreviousData, retry: false }).queryOptions(asked),
  );
  return (
    <>
      <Show when={preview.data?.standing.length}>
        <p class="mt-3 font-semibold">{t("standing.title")}</p>
        <ul class="mt-1">
          <For each={preview.data?.standing}>
            {(one) => <li>{t.n(`standing.${one.kind}`, one.count)}</li>}
          </For>
        </ul>
      </Show>
      <For each={preview.data?.ahead}>
        {(one) => (
          <p class="mt-3 text-warning">{t("ahead", { version: one.version, date: f.dateTime(one.from) })}</p>
        )}
      </For>
      <Show when={preview.error}>
        {(error) => (
          <Notice class="mt-3" tone="warning">
            {error().message}
          </Notice>
        )}
      </Show>
    </>
  );
};
