import { Show } from "solid-js";
import queues from "../../../i18n/en/queues.ts";
import { useText } from "../../../i18n/index.ts";

const isKnown = (code: string): code is keyof typeof queues => Object.hasOwn(queues, code);

/** What a queue does, in the reader's words; one that a newer release brought keeps its code. */
export const useQueueName = () => {
  const t = useText("queues");
  return (code: string): string => (isKnown(code) ? t(code) : code);
};

/** A queue by what it does, with the code under which logs and the command line know it. */
export const QueueName = (props: { code: string }) => {
  const named = useQueueName();
  return (
    <span class="block min-w-0">
      <span class="block font-medium wrap-anywhere">{named(props.code)}</span>
      <Show when={isKnown(props.code)}>
        <span class="block font-mono text-xs font-normal break-all text-muted">{props.code}</span>
      </Show>
    </span>
  );
};
