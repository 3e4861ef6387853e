import Eye from "lucide-solid/icons/eye";
import EyeOff from "lucide-solid/icons/eye-off";
import { createSignal, Show } from "solid-js";
import { TextInput, type TextInputProps } from "./inputs.tsx";
import { useUi } from "./settings.tsx";

/** A password one can look at while typing it. */
export const PasswordInput = (props: Omit<TextInputProps, "type" | "end">) => {
  const ui = useUi();
  const [shown, setShown] = createSignal(false);
  return (
    <TextInput
      autocapitalize="none"
      spellcheck={false}
      {...props}
      type={shown() ? "text" : "password"}
      end={
        <button
          type="button"
          class="-me-2 tap inline-flex size-8 items-center justify-center rounded-control hover:text-ink"
          aria-label={shown() ? ui.text().hidePassword : ui.text().showPassword}
          aria-pressed={shown()}
          onClick={() => setShown((was) => !was)}
        >
          <Show when={shown()} fallback={<Eye size={16} aria-hidden="true" />}>
            <EyeOff size={16} aria-hidden="true" />
          </Show>
        </button>
      }
    />
  );
};
