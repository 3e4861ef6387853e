import { Dialog } from "@evx/ui";
import { For } from "solid-js";
import { useText } from "../../i18n/index.ts";

const keys = ["c", "j", "k", "f", "x", "r", "o", "a", "q", "n", "p", "?"] as const;

/** Which key does what in a review. */
export const KeysDialog = (props: { open: boolean; onOpen: (open: boolean) => void }) => {
  const t = useText("review");
  return (
    <Dialog open={props.open} onOpen={props.onOpen} title={t("keys.title")} description={t("keys.lead")}>
      <dl class="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5">
        <For each={keys}>
          {(key) => (
            <>
              <dt>
                <kbd class="inline-flex min-w-7 justify-center rounded-control border border-line-strong px-1.5 font-mono text-xs/6">
                  {key.toUpperCase()}
                </kbd>
              </dt>
              <dd>{t(`keys.${key}`)}</dd>
            </>
          )}
        </For>
      </dl>
    </Dialog>
  );
};
