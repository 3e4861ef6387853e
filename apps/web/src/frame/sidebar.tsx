import Search from "lucide-solid/icons/search";
import { For } from "solid-js";
import { useText } from "../i18n/index.ts";
import type { NavEntry } from "../nav/entry.ts";
import { NotificationBell } from "./bell.tsx";
import { Brand } from "./brand.tsx";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";
import UserMenu from "./user-menu.tsx";

/** The places of a signed-in person, where the screen is wide: mark and bell above, who they are below. */
export default function Sidebar(props: {
  home: string;
  entries: readonly NavEntry[];
  current: NavEntry | undefined;
  onFind: () => void;
}) {
  const t = useText("frame");
  return (
    <div class="sticky top-0 flex h-dvh flex-col border-e border-line bg-surface">
      <div class="flex h-16 items-center justify-between gap-1 ps-5 pe-4">
        <Brand href={props.home} />
        <span class="-me-2.5">
          <NotificationBell />
        </span>
      </div>
      <nav aria-label={t("nav.label")} class="min-h-0 flex-1 overflow-y-auto px-3 pt-1 pb-4">
        <button
          type="button"
          aria-keyshortcuts="/"
          class="mb-1 flex h-9 w-full items-center gap-2.5 rounded-control border border-line-strong px-2.5 text-start text-muted hover:bg-sunken hover:text-ink"
          onClick={() => props.onFind()}
        >
          <Search size={16} aria-hidden="true" />
          <span class="grow">{t("header.find")}</span>
          <span class="font-mono text-xs" aria-hidden="true">
            /
          </span>
        </button>
        <ul class="grid gap-0.5">
          <For each={props.entries}>
            {(entry) => (
              <li>
                <a
                  href={entry.href}
                  aria-current={entry === props.current ? "page" : undefined}
                  class="flex h-9 items-center gap-2.5 rounded-control px-2.5 font-medium text-muted transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-on-accent-soft"
                >
                  <entry.icon size={16} aria-hidden="true" />
                  <span class="truncate">{t(entry.label)}</span>
                </a>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <div class="flex items-center gap-1 border-t border-line p-3">
        <UserMenu named />
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </div>
  );
}
