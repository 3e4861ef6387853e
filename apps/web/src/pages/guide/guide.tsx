import "./guide.css";
import { EmptyState, TextInput } from "@evx/ui";
import { useLocation, useParams } from "@solidjs/router";
import { createEffect, createResource, createSignal, For, Show } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { alerts, type Found, guideNamed, search } from "./pages.ts";
import { groups, titles } from "./titles.ts";

/** The product's documentation: contents, a page, and a search through all of them. */
export default function Documentation() {
  const t = useText("guide");
  const params = useParams<{ page?: string }>();
  const location = useLocation();
  const name = () => params.page ?? "api-guide";
  const [guide] = createResource(name, guideNamed);
  const [question, ask] = createSignal("");
  const [found] = createResource(question, search);
  createEffect(() => {
    const anchor = decodeURIComponent(location.hash.slice(1));
    if (guide() && anchor) queueMicrotask(() => document.getElementById(anchor)?.scrollIntoView());
  });
  return (
    <Page title={guide()?.title ?? t("title")} lead={t("lead")}>
      <div class="grid min-w-0 gap-8 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <div class="min-w-0">
          <TextInput type="search" label={t("search")} value={question()} onValue={ask} autocomplete="off" />
          <Show when={question().trim()} fallback={<Contents now={name()} />}>
            <Results found={found() ?? []} busy={found.loading} onChosen={() => ask("")} />
          </Show>
        </div>
        <Show when={!guide.loading} fallback={<div class="min-h-96" />}>
          <Show
            when={!guide.error && guide()}
            fallback={
              <EmptyState title={guide.error ? t("failed") : t("missing")}>{t("missingBody")}</EmptyState>
            }
          >
            {(known) => (
              <article class="guide min-w-0" lang="en">
                <p class="text-xs text-muted" lang={document.documentElement.lang}>
                  {t("english")}
                </p>
                {/* Made of our own files when the site was built; nothing of it is anybody's input. */}
                <div innerHTML={known().html} />
              </article>
            )}
          </Show>
        </Show>
      </div>
    </Page>
  );
}

const Entry = (props: { name: string; now: string }) => (
  <li>
    <a
      href={`/docs/${props.name}`}
      aria-current={props.now === props.name ? "page" : undefined}
      class="inline-flex min-h-11 min-w-11 items-center hover:underline aria-[current]:font-semibold sm:min-h-7"
    >
      {titles[props.name] ?? props.name}
    </a>
  </li>
);

const Contents = (props: { now: string }) => {
  const t = useText("guide");
  return (
    <nav aria-label={t("contents")} class="mt-5 grid gap-5 text-sm">
      <For each={Object.entries(groups) as [keyof typeof groups, readonly string[]][]}>
        {([group, names]) => (
          <section>
            <h2 class="font-semibold">{t(`group.${group}`)}</h2>
            <ul class="mt-1">
              <For each={names}>{(name) => <Entry name={name} now={props.now} />}</For>
              <Show when={group === "use"}>
                <li>
                  <a
                    href="/api/docs"
                    target="_self"
                    class="inline-flex min-h-11 min-w-11 items-center hover:underline sm:min-h-7"
                  >
                    {t("reference")}
                  </a>
                </li>
              </Show>
            </ul>
          </section>
        )}
      </For>
      <section>
        <h2 class="font-semibold">{t("group.alerts")}</h2>
        <ul class="mt-1">
          <For each={alerts}>{(name) => <Entry name={name} now={props.now} />}</For>
        </ul>
      </section>
    </nav>
  );
};

const Results = (props: { found: readonly Found[]; busy: boolean; onChosen: () => void }) => {
  const t = useText("guide");
  return (
    <div class="mt-5 text-sm" aria-live="polite">
      <p class="text-muted">
        {props.found.length > 0
          ? t.n("search.found", props.found.length)
          : props.busy
            ? ""
            : t("search.none")}
      </p>
      <ul class="mt-2 divide-y divide-line">
        <For each={props.found}>
          {(one) => (
            <li class="py-2">
              <a
                class="block hover:underline"
                href={`/docs/${one.page}#${one.id}`}
                onClick={() => props.onChosen()}
              >
                <span class="font-semibold">{one.section}</span>
                <Show when={one.section !== one.title}>
                  <span class="text-muted"> {one.title}</span>
                </Show>
                <span class="mt-0.5 block text-xs wrap-anywhere text-muted">{one.around}…</span>
              </a>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
};
