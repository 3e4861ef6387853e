import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { connectionLost } from "../lib/connection.ts";

/** Says plainly that the server is out of reach, and for a moment that it is back. */
export const ConnectionBanner = () => {
  const t = useText("frame");
  const [back, setBack] = createSignal(false);
  createEffect(
    on(connectionLost, (lost, before) => {
      setBack(!lost && before === true);
      if (lost || !before) return;
      const timer = setTimeout(() => setBack(false), 4000);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return (
    <div role="status">
      <Show when={connectionLost() || back()}>
        <p
          class="sticky top-0 z-40 px-4 py-2 text-center text-[0.8125rem] font-medium"
          classList={{
            "bg-warning-soft text-warning": connectionLost(),
            "bg-accent-soft text-on-accent-soft": !connectionLost(),
          }}
        >
          {t(connectionLost() ? "connection.lost" : "connection.back")}
        </p>
      </Show>
    </div>
  );
};
