import { cx, LinkButton } from "@evx/ui";
import { type RouteSectionProps, useIsRouting, useLocation } from "@solidjs/router";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { createEffect, createSignal, For, Show, Suspense } from "solid-js";
import { useText } from "../i18n/index.ts";
import { provingWaits } from "../lib/proof.ts";
import { homes, sessionEnded, useSession } from "../lib/session.ts";
import { currentEntry, useNav } from "../nav/index.ts";
import { Boundary } from "./boundary.tsx";
import { Brand } from "./brand.tsx";
import { chunk } from "./chunk.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { PageSkeleton } from "./page-skeleton.tsx";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";
import { isWide } from "./wide.ts";

const NotificationBell = chunk(async () => ({ default: (await import("./bell.tsx")).NotificationBell }));
const UserMenu = chunk(() => import("./user-menu.tsx"));
const Sidebar = chunk(() => import("./sidebar.tsx"));
const More = chunk(() => import("./more.tsx"));
const Footer = chunk(() => import("./footer.tsx"), "footer");
const RegistryStrip = chunk(() => import("./registry-strip.tsx"));
const Palette = chunk(() => import("./palette.tsx"), "palette");
const Notices = chunk(async () => ({ default: (await import("./notices.tsx")).Notices }), "venue");
const SessionDialog = chunk(() => import("./session-dialog.tsx"), "entry", "aside");

const ProofDialog = chunk(() => import("./proof-dialog.tsx"), "aside");

/** Beside the first page, not before it. */
const focus = import("./focus.ts");

/** Where anybody may be: these pages end in the footer. */
const isPublic = (path: string) =>
  /^\/($|(marketplace|book|buy|trends|registry|certificates|c|keys|sellers|methods|docs|terms|privacy|contact)(\/|$)|sign-|forgot|reset|verify|confirm)/.test(
    path,
  );

/** What stands around every page: places, language, theme, who is here. */
export const Shell = (props: RouteSectionProps) => {
  const t = useText("frame");
  const session = useSession();
  const location = useLocation();
  const routing = useIsRouting();
  const entries = useNav();
  const current = () => currentEntry(entries(), location.pathname);
  const home = () => {
    const role = session.framedFor();
    return role ? homes[role] : "/";
  };
  const member = () => session.framedFor() !== null;
  const [more, setMore] = createSignal<boolean>();
  const [finding, setFinding] = createSignal<boolean>();
  let main: HTMLElement | undefined;

  // A new page is told to keyboard and screen reader by moving to its heading, as a fresh load would.
  createEffect<string | undefined>((told) => {
    const path = location.pathname;
    if (told === undefined || told === path) return path;
    if (routing()) return told;
    requestAnimationFrame(async () => {
      const { focusHeading } = await focus;
      if (main) focusHeading(main);
    });
    return path;
  });
  void focus.then(({ keepFocus, keepOffline, listenForPalette }) => {
    keepFocus(() => main);
    keepOffline();
    listenForPalette(() => setFinding(true));
  });

  return (
    <div class="min-h-dvh pb-[calc(3.5rem+env(safe-area-inset-bottom))] lg:pb-0">
      <a
        href="#main"
        class="fixed start-2 top-2 z-50 -translate-y-20 rounded-control bg-accent px-4 py-3 font-medium text-on-accent focus:translate-y-0"
        target="_self"
      >
        {t("skip")}
      </a>
      <div
        aria-hidden="true"
        class={cx(
          "pointer-events-none fixed inset-x-0 top-0 z-40 h-0.5 overflow-hidden transition-opacity delay-150",
          routing() ? "opacity-100" : "opacity-0",
        )}
      >
        <div class="h-full w-1/3 animate-[sweep_1.2s_ease-in-out_infinite] bg-accent" />
      </div>

      <div class={cx(session.framed() && "lg:grid lg:grid-cols-[16rem_minmax(0,1fr)]")}>
        <Show when={session.framed()}>
          <aside class="hidden lg:block">
            <Show when={member() && isWide()}>
              <Suspense>
                <Sidebar
                  home={home()}
                  entries={entries()}
                  current={current()}
                  onFind={() => setFinding(true)}
                />
              </Suspense>
            </Show>
          </aside>
        </Show>

        <div class="min-w-0">
          <header class={cx("sticky top-0 z-30 bg-surface print:hidden", session.framed() && "lg:hidden")}>
            <div class="mx-auto flex h-14 max-w-[77.5rem] items-center gap-1 px-4 sm:px-10 lg:h-16">
              <div class="me-auto flex min-w-0 items-center gap-8">
                <Brand href={home()} compact />
                <Show when={session.user() === null}>
                  <nav aria-label={t("nav.label")} class="hidden lg:block">
                    <ul class="flex gap-1">
                      <For each={entries()}>
                        {(entry) => (
                          <li>
                            <a
                              href={entry.href}
                              aria-current={entry === current() ? "page" : undefined}
                              class="inline-flex h-9 items-center rounded-control px-3 font-medium text-muted hover:bg-sunken hover:text-ink aria-[current=page]:text-ink"
                            >
                              {t(entry.label)}
                            </a>
                          </li>
                        )}
                      </For>
                    </ul>
                  </nav>
                </Show>
              </div>
              <LanguageSwitch />
              <span class="max-sm:hidden">
                <ThemeSwitch />
              </span>
              {/* Their place is kept until it is known who reads, so that nothing beside them moves. */}
              <Show when={!member()}>
                <LinkButton
                  href="/sign-in"
                  variant="quiet"
                  size="sm"
                  class={cx("max-sm:px-2 sm:ms-1 sm:h-10", session.user() !== null && "invisible")}
                >
                  {t("header.signIn")}
                </LinkButton>
                <LinkButton
                  href="/sign-up"
                  size="sm"
                  class={cx("sm:ms-1 sm:h-10", session.user() !== null && "invisible")}
                >
                  {t("header.signUp")}
                </LinkButton>
              </Show>
              <Show when={member() && !isWide()}>
                <Suspense fallback={<span class="size-9" />}>
                  <NotificationBell />
                  <UserMenu />
                </Suspense>
              </Show>
            </div>
            <div class={session.framed() ? "h-1.5 bg-sunken" : "h-2.5 bg-sunken"}>
              <Show when={!session.framed() || !isWide()}>
                <Suspense>
                  <RegistryStrip height_px={session.framed() ? 6 : 10} />
                </Suspense>
              </Show>
            </div>
          </header>
          <Show when={session.framed() && isWide()}>
            <nav aria-label={t("nav.registry")} class="h-1.5 bg-sunken print:hidden">
              <Suspense>
                <RegistryStrip height_px={6} />
              </Suspense>
            </nav>
          </Show>

          <Suspense>
            <Notices />
          </Suspense>
          <main
            ref={main}
            id="main"
            tabindex="-1"
            class={cx("min-w-0 outline-none", session.framed() ? "min-h-dvh" : "min-h-[calc(100dvh-4.5rem)]")}
          >
            <Boundary path={location.pathname}>
              <Suspense fallback={<PageSkeleton />}>{props.children}</Suspense>
            </Boundary>
          </main>
          <Show when={isPublic(location.pathname)}>
            <Suspense>
              <Footer />
            </Suspense>
          </Show>
        </div>
      </div>

      <Show when={entries().length > 0}>
        <nav
          aria-label={t("nav.label")}
          class="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden print:hidden"
        >
          <ul class="mx-auto flex max-w-lg">
            <For each={entries().filter((entry) => entry.primary)}>
              {(entry) => (
                <li class="min-w-0 flex-1">
                  <a
                    href={entry.href}
                    aria-current={entry === current() ? "page" : undefined}
                    class="flex h-14 flex-col items-center justify-center gap-0.5 px-1 text-[0.6875rem]/4 font-medium text-muted outline-offset-[-2px] aria-[current=page]:text-accent"
                  >
                    <entry.icon size={20} aria-hidden="true" />
                    <span class="text-center">{t(entry.tab ?? entry.label)}</span>
                  </a>
                </li>
              )}
            </For>
            <Show when={entries().some((entry) => !entry.primary)}>
              <li class="min-w-0 flex-1">
                <button
                  type="button"
                  aria-haspopup="dialog"
                  aria-expanded={more() === true}
                  class={cx(
                    "flex h-14 w-full flex-col items-center justify-center gap-0.5 px-1 text-[0.6875rem]/4 font-medium outline-offset-[-2px]",
                    current() && !current()?.primary ? "text-accent" : "text-muted",
                  )}
                  onClick={() => setMore(true)}
                >
                  <Ellipsis size={20} aria-hidden="true" />
                  {t("nav.more")}
                </button>
              </li>
            </Show>
          </ul>
        </nav>
      </Show>
      <ConnectionBanner />
      <Show when={sessionEnded()}>
        <Suspense>
          <SessionDialog />
        </Suspense>
      </Show>
      <Show when={provingWaits()}>
        <Suspense>
          <ProofDialog />
        </Suspense>
      </Show>
      <Show when={finding() !== undefined}>
        <Suspense>
          <Palette open={finding() === true} onOpen={setFinding} entries={entries()} />
        </Suspense>
      </Show>
      <Show when={more() !== undefined}>
        <Suspense>
          <More
            open={more() === true}
            onOpen={setMore}
            entries={entries().filter((entry) => !entry.primary)}
            current={current()}
            onFind={() => setFinding(true)}
          />
        </Suspense>
      </Show>
    </div>
  );
};
