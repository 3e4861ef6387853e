import { StatusDot } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

type Status = "valid" | "revoked" | "superseded" | "retired";

/** A certificate's status in a list, and for how many of its credits it is current where that is not all of them. */
export const Standing = (props: { status: Status; current: string; credits: string }) => {
  const t = useText("certificates");
  const f = useFormat();
  const tone = () =>
    props.status === "valid" ? "positive" : props.status === "revoked" ? "negative" : "neutral";
  return (
    <span class="block">
      <StatusDot tone={tone()}>{t(`status.${props.status}`)}</StatusDot>
      <Show when={props.status === "valid" && props.current !== props.credits}>
        <span class="block text-xs whitespace-nowrap text-muted">
          {t("standing.part", { amount: f.creditsFigure(props.current) })}
        </span>
      </Show>
    </span>
  );
};
