import { type Component, Suspense } from "solid-js";
import { AwaitsWords } from "../i18n/index.ts";
import { chunk } from "./chunk.ts";

const whenOnline = () => new Promise((resolve) => addEventListener("online", resolve, { once: true }));

/**
 * A part of a page in a chunk of its own. While it and its words come the page stands as it was, so nothing jumps and no press is
 * lost; `room` is the class of what keeps its place. A bare `chunk` would take the whole page away until it is there.
 * Without a connection it waits for one, because some browsers never ask again for a module that failed once; `kept`
 * says that the service worker has it.
 */
export const part = <Props extends object>(
  load: () => Promise<{ default: Component<Props> }>,
  room?: string,
  kept = false,
) => {
  const Content = chunk(async () => {
    if (!kept && !navigator.onLine) await whenOnline();
    return load();
  });
  const Shown = (props: Props) => (
    <Suspense fallback={room && <div class={room} aria-hidden="true" />}>
      <AwaitsWords.Provider value={true}>
        <Content {...props} />
      </AwaitsWords.Provider>
    </Suspense>
  );
  return Object.assign(Shown, { preload: Content.preload });
};
