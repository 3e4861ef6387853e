import { createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import { useUi } from "./settings.tsx";

const two = (n: number) => n.toString().padStart(2, "0");

/** Milliseconds left as words: "2d 04h", "04:31:09", "00:45". */
export const remaining = (millis: number, units: readonly [string, string, string, string]): string => {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return `${days}${units[0]} ${two(hours)}${units[1]}`;
  if (hours > 0) return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
  return `${two(minutes)}:${two(seconds % 60)}`;
};

/** Time left until a moment, by the server's clock. Calls `onEnd` once when it is reached. */
export const Countdown = (props: { until: string | Date; onEnd?: () => void; class?: string }) => {
  const ui = useUi();
  const end = createMemo(() => new Date(props.until).getTime());
  const [now, setNow] = createSignal(ui.now());
  const left = () => end() - now();
  createEffect(() => {
    if (end() - ui.now() <= 0) return;
    const timer = setInterval(() => {
      setNow(ui.now());
      if (end() - ui.now() > 0) return;
      clearInterval(timer);
      props.onEnd?.();
    }, 1000);
    onCleanup(() => clearInterval(timer));
  });
  return (
    <time
      datetime={new Date(props.until).toISOString()}
      class={props.class}
      classList={{ "text-warning": left() > 0 && left() < 60_000 }}
    >
      {left() <= 0 ? ui.text().ended : remaining(left(), ui.text().countdownUnits)}
    </time>
  );
};
