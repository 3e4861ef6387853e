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
