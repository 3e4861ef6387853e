import { useQueryClient } from "@tanstack/solid-query";
import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { dataAges } from "../lib/data-age.ts";
import { useFormat } from "../lib/format.ts";

/** Says of a page that shows answers of a copy of the books how far behind they may be. */
export default function DataAge() {
  const t = useText("frame");
  const f = useFormat();
  const cache = useQueryClient().getQueryCache();
  const shown = () =>
    new Set(cache.getAll().flatMap((query) => (query.isActive() ? String(query.queryKey[0]) : [])));
  const [active, setActive] = createSignal(shown());
  onCleanup(cache.subscribe(({ type }) => type.startsWith("observer") && setActive(shown())));
  /** Whole seconds, never fewer than there are. */
  const seconds = createMemo(() => {
    const found = [...dataAges()].flatMap(([path, age]) => (active().has(path) ? age : []));
    return found.length === 0 ? null : Math.max(1, Math.ceil(Math.max(...found) / 1_000));
  });
  return (
    <Show when={seconds()}>
      {(count) => (
        <p class="mt-6 text-muted text-sm print:hidden" data-age>
          {t.n("dataAge", count(), { seconds: f.number(count()) })}
        </p>
      )}
    </Show>
  );
}
