import { For } from "solid-js";
import { useText } from "../i18n/index.ts";
import { FlatRate } from "./flat-rate.tsx";
import { ThemeSwitch } from "./switches.tsx";

const columns = [
  { title: "sell", links: ["/#estimate", "/sign-up?role=ev_owner", "/methods", "/terms#fees"] },
  { title: "buy", links: ["/marketplace", "/trends", "/sign-up?role=buyer"] },
  { title: "check", links: ["/registry", "/certificates", "/docs"] },
  { title: "company", links: ["/terms", "/privacy", "/contact", "/sign-up?role=cva"] },
] as const;

/** Under every public page: where else to go, and under which terms. */
export default function Footer() {
  const t = useText("footer");
  return (
    <footer class="border-t-2 border-t-ink bg-surface print:hidden">
      <div class="mx-auto max-w-[77.5rem] px-5 py-8 sm:px-10">
        <nav aria-label={t("label")} class="grid grid-cols-2 gap-x-7 gap-y-8 sm:grid-cols-4">
          <For each={columns}>
            {({ title, links }) => (
              <div>
                <h2 class="text-[0.8125rem]/4.5 font-[650]">{t(title)}</h2>
                <ul class="mt-1 text-[0.8125rem]/4.5 text-muted">
                  <For each={links}>
                    {(href) => (
                      <li>
                        <a
                          href={href}
                          target={href.startsWith("/api") ? "_self" : undefined}
                          class="inline-flex min-h-11 min-w-11 items-center hover:text-ink hover:underline sm:min-h-8"
                        >
                          {t(`link.${href}`)}
                        </a>
                      </li>
                    )}
                  </For>
                </ul>
              </div>
            )}
          </For>
        </nav>
        <div class="mt-6 flex items-center justify-between gap-4 border-t border-line pt-4 text-[0.8125rem]/4.5 text-muted">
          <div class="grid gap-1">
            <p>{t("promise")}</p>
            <FlatRate />
          </div>
          <ThemeSwitch />
        </div>
      </div>
    </footer>
  );
}
