import { type Component, lazy, Suspense } from "solid-js";

const whenOnline = () => new Promise((resolve) => addEventListener("online", resolve, { once: true }));

/** Without a connection a part waits for it, instead of failing the page that it belongs to. */
const patiently = async <Found,>(load: () => Promise<Found>): Promise<Found> => {
  try {
    return await load();
  } catch (error) {
    if (navigator.onLine) throw error;
    await whenOnline();
    return load();
  }
};

/**
 * A part of a page in a chunk of its own. While it comes the page stands as it was, so nothing jumps and no press is
 * lost; `room` is the class of what keeps its place. A bare `lazy` would take the whole page away until it is there.
 */
export const part = <Props extends object>(
  load: () => Promise<{ default: Component<Props> }>,
  room?: string,
) => {
  const Content = lazy(() => patiently(load));
  const Shown = (props: Props) => (
    <Suspense fallback={room && <div class={room} aria-hidden="true" />}>
      <Content {...props} />
    </Suspense>
  );
  return Object.assign(Shown, { preload: Content.preload });
};
