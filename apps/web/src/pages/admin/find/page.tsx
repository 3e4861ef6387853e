import { Button, Card, EmptyState, LinkButton, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { For, Match, Show, Switch } from "solid-js";
import { Loaded, LoadedPages } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../../lib/api.ts";
import { readAs } from "../../../lib/asked.ts";
import type { ApiError } from "../../../lib/errors.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";

type Group = Answer<typeof api.find.all>["groups"][number];
type Item = Group["items"][number];
type Kind = Group["kind"];

const kinds: readonly string[] = ["user", "vehicle", "order", "payment", "certificate", "serial"];
const isKind = (kind: string): kind is Kind => kinds.includes(kind);

/** Where a thing is shown to an operator: on its own page, or on that of what it belongs to. */
const hrefOf = ({ kind, id, at }: Item): string => {
  const name = encodeURIComponent(id);
  switch (kind) {
    case "user":
      return `/admin/users/${name}`;
    case "vehicle":
      return `/admin/users/${at}`;
    case "order":
      return `/admin/payments/${at}`;
    case "payment":
      return `/admin/payments/${name}`;
    case "certificate":
      return `/c/${name}`;
    case "serial":
      return `/registry/serials/${name}`;
  }
};

/** One search over everything that an operator looks for. */
export default function Search() {
  const t = useText("find");
  const [search, setSearch] = useSearchParams<{ q?: string; kind?: string }>();
  const q = () => search.q?.trim() ?? "";
  const kind = readAs(search, "kind", (text) => (isKind(text) ? text : undefined));
  const form = createForm({
    initial: { q: q() },
    submit: async (values) => setSearch({ q: values.q.trim() || undefined, kind: undefined }),
  });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <form novalidate class="mb-7 flex flex-wrap items-end gap-3" onSubmit={form.onSubmit}>
        <TextInput
          class="w-full sm:w-96"
          type="search"
          label={t("field")}
          maxlength={120}
          autocapitalize="none"
          {...form.text("q")}
        />
        <Button type="submit" busy={form.busy()}>
          {t("action")}
        </Button>
      </form>
      <Switch fallback={<EmptyState title={t("begin")}>{t("beginBody")}</EmptyState>}>
        <Match when={q() !== "" && kind()}>{(kind) => <OneKind q={q()} kind={kind()} />}</Match>
        <Match when={q()}>
          <AllKinds q={q()} />
        </Match>
      </Switch>
    </Page>
  );
}

const AllKinds = (props: { q: string }) => {
  const t = useText("find");
  const found = useQuery(api.find.all.queryOptions(() => (props.q ? { q: props.q } : skipToken)));
  const to = (kind: Kind) => `/admin/search?q=${encodeURIComponent(props.q)}&kind=${kind}`;
  return (
    <Loaded query={found}>
      {(data) => (
        <div class="grid min-w-0 gap-7">
          <For each={data().groups} fallback={<EmptyState title={t("none")}>{t("noneBody")}</EmptyState>}>
            {(group) => (
              <Card title={t(`kind.${group.kind}`)}>
                <Rows items={group.items} />
                <Show when={group.nextCursor}>
                  <LinkButton class="mt-3" size="sm" variant="secondary" href={to(group.kind)}>
                    {t("more", { kind: t(`kind.${group.kind}`) })}
                  </LinkButton>
                </Show>
              </Card>
            )}
          </For>
        </div>
      )}
    </Loaded>
  );
};

/** One kind page by page. The answer's one group is what a list's page is elsewhere. */
const OneKind = (props: { q: string; kind: Kind }) => {
  const t = useText("find");
  type Rows = { items: readonly Item[]; nextCursor: string | null };
  const pages = useInfiniteQuery<Rows, ApiError, InfiniteData<Rows>, readonly unknown[], string>(() => ({
    queryKey: [...api.find.all.key(), "pages", props.q, props.kind],
    initialPageParam: "",
    queryFn: async ({ pageParam }) => {
      const asked = { q: props.q, kind: props.kind, limit: 25, ...(pageParam ? { cursor: pageParam } : {}) };
      const [group] = (await api.find.all.fetch(asked)).groups;
      return { items: group?.items ?? [], nextCursor: group?.nextCursor ?? null };
    },
    getNextPageParam: (last) => last.nextCursor,
  }));
  return (
    <Card
      title={t(`kind.${props.kind}`)}
      actions={
        <LinkButton size="sm" variant="quiet" href={`/admin/search?q=${encodeURIComponent(props.q)}`}>
          {t("back")}
        </LinkButton>
      }
    >
      <LoadedPages query={pages}>
        {(rows) => (
          <Show
            when={rows().length > 0}
            fallback={<EmptyState title={t("none")}>{t("noneBody")}</EmptyState>}
          >
            <Rows items={rows()} />
          </Show>
        )}
      </LoadedPages>
    </Card>
  );
};

const Rows = (props: { items: readonly Item[] }) => {
  const f = useFormat();
  const aside = (item: Item) =>
    [
      item.money ? f.money(item.money.amount, item.money.currency) : "",
      item.createdAt ? f.date(item.createdAt) : "",
    ].filter(Boolean);
  return (
    <ul class="divide-y divide-line">
      <For each={props.items}>
        {(item) => (
          <li class="relative flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-0.5 py-2 hover:bg-sunken">
            <div class="min-w-0">
              <a href={hrefOf(item)} class="font-semibold break-all after:absolute after:inset-0">
                {item.title}
              </a>
              <Show when={item.note}>
                {(note) => <span class="block text-sm break-all text-muted">{note()}</span>}
              </Show>
            </div>
            <span class="text-sm text-muted" data-figure>
              {aside(item).join(", ")}
            </span>
          </li>
        )}
      </For>
    </ul>
  );
};
