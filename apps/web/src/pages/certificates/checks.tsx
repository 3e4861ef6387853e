import type { Verification } from "@evx/proof";
import { StatusDot } from "@evx/ui";
import { For } from "solid-js";
import { useText } from "../../i18n/index.ts";

type Check = Verification["checks"][number];

/** What was checked, how it went, in the reader's words. */
export const Checks = (props: { verification: Pick<Verification, "checks" | "trust"> }) => {
  const t = useText("paper");
  const sentence = ({ name, ok }: Check): string => {
    if (ok === null)
      return name === "revocation" || name === "dates" || name === "log"
        ? t(`check.open.${name}`)
        : t("check.open.other");
    if (!ok) return t(`check.bad.${name}`);
    return name === "key" && props.verification.trust === "embedded"
      ? t("check.ok.keyEmbedded")
      : t(`check.ok.${name}`);
  };
  return (
    <ul class="divide-y divide-line">
      <For each={props.verification.checks}>
        {(check) => (
          <li class="flex items-start justify-between gap-4 py-2.5">
            <span class="min-w-0">
              <span class="block font-medium">{t(`check.${check.name}`)}</span>
              <span class="block text-xs text-muted">{sentence(check)}</span>
            </span>
            <StatusDot tone={check.ok === null ? "neutral" : check.ok ? "positive" : "negative"}>
              {t(check.ok === null ? "check.unknown" : check.ok ? "check.passed" : "check.failed")}
            </StatusDot>
          </li>
        )}
      </For>
    </ul>
  );
};

/** The checks by name alone, in two columns: each with its mark, which is said aloud too. */
export const Ticks = (props: { checks: readonly Check[] }) => {
  const t = useText("paper");
  return (
    <ul class="mt-3 grid grid-cols-2 gap-x-4 gap-y-1.5 text-[0.8125rem]/4.5 text-ink">
      <For each={props.checks}>
        {({ name, ok }) => (
          <li class="flex items-baseline gap-2">
            <Mark ok={ok} />
            <span class="min-w-0">
              {t(`check.${name}`)}
              <span class="sr-only">
                : {t(ok === null ? "check.unknown" : ok ? "check.passed" : "check.failed")}
              </span>
            </span>
          </li>
        )}
      </For>
    </ul>
  );
};

const marks = { passed: "M1.5 6.5l3 3 6-7", failed: "M2 2l8 8M10 2l-8 8", open: "M2 6h8" };

const Mark = (props: { ok: boolean | null }) => (
  <svg class="size-3 shrink-0" viewBox="0 0 12 12" fill="none" aria-hidden="true">
    <path
      d={props.ok === null ? marks.open : props.ok ? marks.passed : marks.failed}
      class={props.ok === null ? "stroke-muted" : props.ok ? "stroke-accent" : "stroke-negative"}
      stroke-width="2"
    />
  </svg>
);
