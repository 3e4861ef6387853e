import Upload from "lucide-solid/icons/upload";
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { cx } from "./classes.ts";
import { useUi } from "./settings.tsx";

/** Takes one file, by choosing or dropping. */
export const FileDrop = (props: {
  label: string;
  /** Where the words above say the same. */
  hideLabel?: boolean;
  hint?: JSX.Element;
  error?: string | undefined;
  /** As of an input's `accept`: ".csv,.json". */
  accept?: string;
  disabled?: boolean;
  onFile: (file: File) => void;
}) => {
  const ui = useUi();
  const id = createUniqueId();
  const [over, setOver] = createSignal(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file && !props.disabled) props.onFile(file);
  };
  return (
    <div>
      <label
        for={id}
        class={cx(
          "flex flex-col items-center gap-1 rounded-card border border-dashed border-line-strong bg-surface px-4 py-8 text-center transition-colors",
          "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
          over() && "border-accent bg-accent-soft/40",
          props.disabled && "opacity-50",
        )}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer?.files);
        }}
      >
        <Upload size={20} class="mb-1 text-muted" aria-hidden="true" />
        <span class={props.hideLabel ? "sr-only" : "font-medium"}>{props.label}</span>
        <span class="text-muted">
          <span class="font-medium text-accent underline underline-offset-2">{ui.text().chooseFile}</span>{" "}
          {ui.text().dropFile}
        </span>
        <input
          id={id}
          type="file"
          class="sr-only"
          accept={props.accept}
          disabled={props.disabled}
          aria-invalid={props.error ? "true" : undefined}
          aria-describedby={props.hint || props.error ? `${id}-note` : undefined}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <Show when={props.error ?? props.hint}>
        <p id={`${id}-note`} class={cx("mt-1.5 text-xs", props.error ? "text-negative" : "text-muted")}>
          {props.error ?? props.hint}
        </p>
      </Show>
    </div>
  );
};
