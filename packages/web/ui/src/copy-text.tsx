import Check from "lucide-solid/icons/check";
import Copy from "lucide-solid/icons/copy";
import { createSignal, onCleanup, Show } from "solid-js";
import { cx } from "./classes.ts";
import { Code } from "./code.tsx";
import { useUi } from "./settings.tsx";

/** A code the reader will want elsewhere (a serial number, a link), with a button that copies it. */
export const CopyText = (props: { text: string; shown?: string; label: string; class?: string }) => {
  const ui = useUi();
  const [copied, setCopied] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async () => {
    await navigator.clipboard.writeText(props.text);
    setCopied(true);
    clearTimeout(timer);
    timer = setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span class={cx("inline-flex max-w-full min-w-0 items-center gap-1", props.class)}>
      <code class="min-w-0 font-mono text-xs wrap-anywhere">
        <Code>{props.shown ?? props.text}</Code>
      </code>
      <button
        type="button"
        class="tap inline-flex size-7 shrink-0 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink"
        aria-label={`${ui.text().copy}: ${props.label}`}
        title={ui.text().copy}
        onClick={copy}
      >
        <Show when={copied()} fallback={<Copy size={14} aria-hidden="true" />}>
          <Check size={14} class="text-positive" aria-hidden="true" />
        </Show>
      </button>
      <span class="sr-only" aria-live="polite">
        {copied() ? ui.text().copied : ""}
      </span>
    </span>
  );
};
