import { useNavigate } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useShortcuts } from "../../lib/shortcuts.ts";
import { useRequestWords } from "../requests/words.ts";

/** The queue beside the request that is open: the riskiest first, and the next one by a key. */
export const QueuePane = (props: { current: string }) => {
  const t = useText("review");
  const f = useFormat();
  const words = useRequestWords();
  const navigate = useNavigate();
  const queue = useQuery(
    api.verification.review.queue
      .with({ staleTime: 10_000 })
      .queryOptions(() => ({ status: "open" as const, limit: 20 })),
  );
  const rows = () => (queue.isSuccess ? queue.data.items : []);
  const go = (by: 1 | -1) => {
    const all = rows();
    const at = all.findIndex(({ id }) => id === props.current);
    // One that was decided is in the queue no more: then the first is next.
    const next = at < 0 ? all[0] : all[(at + by + all.length) % all.length];
    if (next && next.id !== props.current) navigate(`/cva/requests/${next.id}`);
  };
  useShortcuts({ n: () => go(1), p: () => go(-1) });
  return (
    <nav aria-label={t("queue.title")} class="hidden min-w-0 xl:block print:hidden">
      <div class="sticky top-4 max-h-[calc(100dvh-2rem)] overflow-y-auto border-t-2 border-t-ink bg-surface">
        <p class="flex items-baseline justify-between gap-3 px-4 py-3">
          <a href="/cva" class="font-[650] hover:underline">
            {t("queue.title")}
          </a>
          <span class="text-[0.8125rem]/4.5 text-muted">{f.number(rows().length)}</span>
        </p>
        <ul>
          <For each={rows()}>
            {(row) => (
              <li class="border-t border-line">
                <a
                  href={`/cva/requests/${row.id}`}
                  aria-current={row.id === props.current ? "page" : undefined}
                  class="block px-4 py-2.5 outline-offset-[-2px] hover:bg-sunken aria-[current=page]:bg-accent-soft aria-[current=page]:text-on-accent-soft"
                >
                  <span class="block font-medium break-words">{row.ownerName}</span>
                  <span class="mt-0.5 flex justify-between gap-3 text-[0.8125rem]/4.5">
                    <span class="min-w-0 break-words">{words.vehicle(row)}</span>
                    <span class="shrink-0" data-figure>
                      {f.creditsMass(row.creditsRequested)}
                    </span>
                  </span>
                  <span class="mt-1.5 flex items-center gap-2 text-[0.8125rem]/4.5">
                    <span class="h-1.5 flex-1 bg-sunken" aria-hidden="true">
                      <span class="block h-full bg-line-strong" style={{ width: `${row.riskScore}%` }} />
                    </span>
                    <span data-figure>{t("pane.risk", { score: f.number(row.riskScore) })}</span>
                  </span>
                </a>
              </li>
            )}
          </For>
        </ul>
        <Show when={queue.isSuccess && rows().length === 0}>
          <p class="border-t border-line px-4 py-3 text-muted">{t("queue.empty")}</p>
        </Show>
      </div>
    </nav>
  );
};
