import { Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { currentLocale } from "../../../lib/locale.ts";

type Said = { en: string; vi: string };

/** Why a job failed, in the reader's language; what it threw is for whoever maintains it, behind a fold. */
export const WhyFailed = (props: { reason: Said | null | undefined; raw: string | null }) => {
  const t = useText("jobs");
  return (
    <>
      <Show when={props.reason}>{(reason) => <span class="block">{reason()[currentLocale()]}</span>}</Show>
      <Show when={props.raw}>
        {(raw) => (
          <details class="text-xs">
            <summary class="tap w-fit cursor-pointer font-semibold text-accent">{t("raw")}</summary>
            <p class="font-mono whitespace-pre-line wrap-anywhere text-muted">{raw()}</p>
          </details>
        )}
      </Show>
    </>
  );
};
