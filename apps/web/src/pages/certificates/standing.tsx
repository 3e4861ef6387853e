import { StatusDot } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

type Status = "valid" | "revoked" | "superseded" | "retired";

type Row = {
  status: Status;
  current: string;
  creditsAmount: string;
  ranges: readonly { serial: string; state: string }[];
};

/** Runs that fit under a status; the certificate's own page has all of them. */
const mostShown = 2;

/** A certificate's status in a list; where it is current for a part of its credits, for how many and which. */
export const Standing = (props: { of: Row }) => {
  const t = useText("certificates");
  const f = useFormat();
  const tone = () =>
    props.of.status === "valid" ? "positive" : props.of.status === "revoked" ? "negative" : "neutral";
  const current = () => props.of.ranges.filter(({ state }) => state === "current");
  return (
    <span class="block">
      <StatusDot tone={tone()}>{t(`status.${props.of.status}`)}</StatusDot>
      <Show when={props.of.status === "valid" && props.of.current !== props.of.creditsAmount}>
        <span class="block text-xs whitespace-nowrap text-muted">
          {t("standing.part", { amount: f.creditsFigure(props.of.current) })}
        </span>
        <For each={current().slice(0, mostShown)}>
          {({ serial }) => <span class="block font-mono text-xs wrap-anywhere text-muted">{serial}</span>}
        </For>
        <Show when={current().length > mostShown}>
          <span class="block text-xs text-muted">{t.n("standing.more", current().length - mostShown)}</span>
        </Show>
      </Show>
    </span>
  );
};
