import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { answersLate, connectionLost } from "../lib/connection.ts";
import { useSession } from "../lib/session.ts";

/**
 * Says plainly that the server is out of reach, too busy to say who is here, or takes its time, and for a moment that it is back. Lies over the
 * page's foot, so that nothing moves when it comes and goes.
 */
export const ConnectionBanner = () => {
  const t = useText("frame");
  const session = useSession();
  // To a visitor the page's own reads say what failed; a member's frame has to say that it is still theirs.
  const busy = () => session.failed() !== null && session.framed();
  const [back, setBack] = createSignal(false);
  createEffect(
    on(connectionLost, (lost, before) => {
      setBack(!lost && before === true);
      if (lost || !before) return;
      const timer = setTimeout(() => setBack(false), 4000);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  const said = () => {
    if (connectionLost()) return t("connection.lost");
    if (busy()) return t("session.busy");
    if (back()) return t("connection.back");
    return answersLate() ? t("connection.late") : null;
  };
  return (
    <div
      role="status"
      class="pointer-events-none fixed inset-x-0 bottom-[calc(4rem+env(safe-area-inset-bottom))] z-40 flex justify-center px-4 lg:bottom-5 print:hidden"
    >
      <Show when={said()}>
        {(words) => (
          <p
            class="pointer-events-auto max-w-xl rounded-control px-4 py-2.5 text-[0.8125rem]/4.5 font-medium shadow-raised"
            classList={{
              "bg-warning-soft text-warning": connectionLost() || busy(),
              "bg-accent-soft text-on-accent-soft": !connectionLost() && !busy() && back(),
              "bg-ink text-surface": !connectionLost() && !busy() && !back(),
            }}
          >
            {words()}{" "}
            <Show when={connectionLost()}>
              <a class="underline underline-offset-2" href="/certificates">
                {t("connection.check")}
              </a>
            </Show>
          </p>
        )}
      </Show>
    </div>
  );
};
