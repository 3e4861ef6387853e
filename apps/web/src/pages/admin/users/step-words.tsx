import { Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import type { Answer, api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { useQueueName } from "../jobs/queue-name.tsx";
import { WhyFailed } from "../jobs/why-failed.tsx";
import { useActionName } from "./actions-words.ts";

export type Step = Answer<typeof api.jobs.trace>["steps"][number];

const jobStates = [
  "created",
  "retry",
  "active",
  "completed",
  "cancelled",
  "failed",
  "failed_for_good",
] as const;
const messageStates = ["queued", "sent", "failed", "read", "unread"] as const;
const ways = ["email", "push", "sms"] as const;

const oneOf = <T extends string>(list: readonly T[], named: string | null): T | undefined =>
  list.find((one) => one === named);

/** What a step did, in the reader's words, with the code under which logs and the command line know it. */
export const StepWhat = (props: { step: Step }) => {
  const t = useText("people");
  const action = useActionName();
  const queue = useQueueName();
  const words = () => {
    const { where, what, said, kind } = props.step;
    if (where === "audit") return action(what ?? "");
    if (where === "notification") return said || t("steps.byHand");
    return where === "outbox" && kind === "event" ? t("steps.event") : queue(what ?? "");
  };
  const code = () => [props.step.what, props.step.object].filter(Boolean).join(" ");
  return (
    <span class="block max-w-md min-w-0">
      <span class="block font-medium wrap-anywhere">{words()}</span>
      <Show when={code() && code() !== words()}>
        <span class="block font-mono text-xs break-all text-muted">{code()}</span>
      </Show>
    </span>
  );
};

/** How a step went: who did it, how often it was tried, what came of it. */
export const StepState = (props: { step: Step }) => {
  const t = useText("people");
  const inbox = useText("inbox");
  const f = useFormat();
  const ofJob = () => {
    const { state, attempts } = props.step;
    const known = oneOf(jobStates, state);
    return [
      known ? t(`job.${known}`) : (state ?? ""),
      ...(attempts ? [t("steps.tries", { count: f.number(attempts) })] : []),
    ].join(" · ");
  };
  const ofMessage = () => {
    const { state, kind, name } = props.step;
    const [known, way] = [oneOf(messageStates, state), oneOf(ways, kind)];
    return [
      known ? inbox(`status.${known}`) : (state ?? ""),
      way ? inbox(`channel.${way}`) : t("steps.inApp"),
      ...(name ? [name] : []),
    ].join(" · ");
  };
  const words = () => {
    const { where, name, userId } = props.step;
    if (where === "audit") return userId ? t("steps.byPerson", { name: name ?? userId }) : t("steps.byVenue");
    if (where === "outbox") return t("steps.waiting");
    return where === "job" ? ofJob() : ofMessage();
  };
  return (
    <span class="block max-w-sm min-w-0 wrap-anywhere">
      {words()}
      <Show
        when={props.step.where === "job"}
        fallback={
          <Show when={props.step.error}>
            {(error) => <span class="block text-xs text-muted">{error()}</span>}
          </Show>
        }
      >
        <WhyFailed reason={props.step.reason} raw={props.step.error} />
      </Show>
    </span>
  );
};
