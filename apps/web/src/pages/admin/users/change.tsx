import { For, Show } from "solid-js";
import words from "../../../i18n/en/changes.ts";
import { useText } from "../../../i18n/index.ts";
import { useFormat } from "../../../lib/format.ts";
import { changesOf, type Sayings, valueKey } from "./changes.ts";

/** What a line of the trail changed, field by field; what only a technician reads is behind a press. */
export const ChangeLines = (props: { before: unknown; after: unknown }) => {
  const t = useText("changes");
  const f = useFormat();
  const say = (): Sayings => ({
    locale: f.locale(),
    yes: t("yes"),
    no: t("no"),
    credits: f.credits,
    money: f.money,
    number: f.number,
    moment: (at) => f.dateTime(at),
    country: f.country,
    word: (value) => {
      const key = valueKey(value, (name) => Object.hasOwn(words, name));
      return key && t(key);
    },
  });
  const found = () => changesOf(props.before, props.after, say());
  return (
    <Show when={found().changes.length > 0 || found().rest}>
      <div class="grid max-w-sm min-w-0 gap-0.5 text-[0.8125rem]/4.5">
        <For each={found().changes}>
          {(change) => (
            <p class="wrap-anywhere">
              <span class="text-muted">{t(change.field)}: </span>
              <Show when={change.before !== null}>
                <del class="text-muted">{change.before}</del>{" "}
              </Show>
              <Show when={change.after !== null}>
                <span>{change.after}</span>
              </Show>
            </p>
          )}
        </For>
        <Show when={found().rest}>
          {(rest) => (
            <details>
              <summary class="tap w-fit cursor-pointer text-xs font-semibold text-accent">
                {t("more")}
              </summary>
              <p class="serial whitespace-pre-line text-muted">{rest()}</p>
            </details>
          )}
        </Show>
      </div>
    </Show>
  );
};
