import type { Column } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { useFormat } from "../../../lib/format.ts";

/** What a line names beside its sentence, as words: `role: cva, reason: …`. */
export const inWords = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, what]) => `${name}: ${typeof what === "object" ? JSON.stringify(what) : String(what)}`)
        .join(", ")
    : "";

type Dated = { at: string; requestId: string | null };

/** When a line was written, and the way to all that its request left, where such a page is known. */
export const useWhenColumn = <L extends Dated>(requestLink: () => ((id: string) => string) | undefined) => {
  const t = useText("people");
  const f = useFormat();
  return (): Column<L> => ({
    key: "when",
    header: t("log.when"),
    cell: (line) => (
      <div class="min-w-0">
        <span class="block whitespace-nowrap">{f.dateTime(line.at)}</span>
        <Show when={line.requestId ? requestLink()?.(line.requestId) : undefined}>
          {(link) => (
            <a class="inline-block py-1 text-xs font-semibold text-accent" href={link()}>
              {t("log.request")}
            </a>
          )}
        </Show>
      </div>
    ),
  });
};
