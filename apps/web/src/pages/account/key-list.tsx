import { Button } from "@evx/ui";
import { For } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Key = Answer<typeof api.identity.apiKeys.list>["items"][number];

/** Keys for scripts: what each may do, until when, when it was used last, and a button that ends it. */
export const KeyList = <K extends Key>(props: { keys: readonly K[]; onEnd: (key: K) => void }) => {
  const t = useText("identity");
  const f = useFormat();
  return (
    <ul class="divide-y divide-line">
      <For each={props.keys}>
        {(key) => (
          <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
            <div class="min-w-0">
              <p class="font-medium break-words">{key.name}</p>
              <p class="text-[0.8125rem] break-words text-muted">
                <code class="font-mono text-xs">{key.start}…</code>, {key.scopes.join(", ")},{" "}
                {t("keys.until", { date: f.date(key.expiresAt ?? "") })},{" "}
                {key.lastUsedAt ? t("keys.used", { when: f.relative(key.lastUsedAt) }) : t("keys.unused")}
              </p>
            </div>
            <Button variant="secondary" size="sm" onClick={() => props.onEnd(key)}>
              {t("keys.end")}
            </Button>
          </li>
        )}
      </For>
    </ul>
  );
};
