import { StatusDot } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

type Status = "valid" | "revoked" | "superseded" | "retired";

type Row = {
  status: Status;
  current: string;
  creditsAmount: string;
  /** How many runs are current, also of those that are not among `ranges`. */
  currentRuns: number;
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
  const named = () => props.of.ranges.filter(({ state }) => state === "current").slice(0, mostShown);
  const more = () => props.of.currentRuns - named().length;
  return (
    <span class="block">
      <StatusDot tone={tone()}>{t(`status.${props.of.status}`)}</StatusDot>
      <Show when={props.of.status === "valid" && props.of.current !== props.of.creditsAmount}>
        <span class="block text-xs whitespace-nowrap text-muted">
          {t("standing.part", { amount: f.creditsFigure(props.of.current) })}
        </span>
        <For each={named()}>
          {({ serial }) => <span class="block font-mono text-xs wrap-anywhere text-muted">{serial}</span>}
        </For>
        <Show when={more() > 0}>
          <span class="block text-xs text-muted">{t.n("standing.more", more())}</span>
        </Show>
      </Show>
    </span>
  );
};
