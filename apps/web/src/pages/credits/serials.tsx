import { Code, CopyText } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { lifeOf } from "./words.ts";

/** The first serial number of a movement and how many more there are, for a table's cell. */
export const SerialsBrief = (props: { serials: readonly string[] }) => {
  const t = useText("credits");
  return (
    <Show when={props.serials[0]}>
      {(first) => (
        <span class="text-xs">
          <a class="tap font-mono wrap-break-word underline-offset-2 hover:underline" href={lifeOf(first())}>
            <Code>{first()}</Code>
          </a>
          <Show when={props.serials.length > 1}>
            <span class="block text-muted">{t.n("serials.more", props.serials.length - 1)}</span>
          </Show>
        </span>
      )}
    </Show>
  );
};

/** All serial numbers, each to be copied or looked up. */
export const SerialList = (props: { serials: readonly string[] }) => {
  const t = useText("credits");
  return (
    <ul class="grid gap-1">
      <For each={props.serials}>
        {(serial) => (
          <li class="flex min-w-0 flex-wrap items-center justify-between gap-x-3">
            <CopyText text={serial} label={t("column.serial")} />
            <a
              class="tap text-xs text-muted underline underline-offset-2 hover:text-ink"
              href={lifeOf(serial)}
            >
              {t("serials.life")}
            </a>
          </li>
        )}
      </For>
    </ul>
  );
};
