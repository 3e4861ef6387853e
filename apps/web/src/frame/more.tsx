import { Dialog } from "@evx/ui";
import Search from "lucide-solid/icons/search";
import { For } from "solid-js";
import { useText } from "../i18n/index.ts";
import type { NavEntry } from "../nav/entry.ts";

/** The places that do not fit a phone's bottom bar. */
export default function More(props: {
  open: boolean;
  onOpen: (open: boolean) => void;
  entries: readonly NavEntry[];
  current: NavEntry | undefined;
  onFind: () => void;
}) {
  const t = useText("frame");
  return (
    <Dialog open={props.open} onOpen={props.onOpen} title={t("nav.more")}>
      <ul class="-mx-2 -mt-2">
        <li>
          <button
            type="button"
            class="flex h-12 w-full items-center gap-3 rounded-control px-2 text-start font-medium"
            onClick={() => {
              props.onOpen(false);
              props.onFind();
            }}
          >
            <Search size={18} aria-hidden="true" />
            {t("header.find")}
          </button>
        </li>
        <For each={props.entries}>
          {(entry) => (
            <li>
              <a
                href={entry.href}
                aria-current={entry === props.current ? "page" : undefined}
                class="flex h-12 items-center gap-3 rounded-control px-2 font-medium aria-[current=page]:bg-accent-soft aria-[current=page]:text-on-accent-soft"
                onClick={() => props.onOpen(false)}
              >
                <entry.icon size={18} aria-hidden="true" />
                {t(entry.label)}
              </a>
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
}
