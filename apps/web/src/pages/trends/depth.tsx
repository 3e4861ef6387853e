import { Card, Skeleton, Stat, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Book = Answer<typeof api.marketplace.book.read>;
type Level = Book["asks"][number];

const useBook = () => {
  const query = useQuery(api.marketplace.book.read.queryOptions());
  return { book: () => (query.isSuccess ? query.data : undefined), pending: () => query.isPending };
};

/** How far apart sellers and buyers are. */
export const Spread = () => {
  const t = useText("trends");
  const f = useFormat();
  const { book, pending } = useBook();
  const best = () => {
    const known = book();
    const [ask, bid] = [known?.asks[0], known?.bids[0]];
    return known && ask && bid && known.spread !== null && Number(known.spread) > 0
      ? {
          spread: f.money(known.spread, known.currency),
          ask: f.money(ask.price, known.currency),
          bid: f.money(bid.price, known.currency),
        }
      : null;
  };
  return (
    <Show
      when={best()}
      fallback={
        <Stat label={t("stat.spread")} value="–" note={pending() ? undefined : t("stat.spreadNone")} />
      }
    >
      {(known) => (
        <Stat
          label={t("stat.spread")}
          value={known().spread}
          note={t("stat.spreadNote", { ask: known().ask, bid: known().bid })}
        />
      )}
    </Show>
  );
};

/** What could be bought or sold at once down to a price: levels added up from the best one. */
const addedUp = (levels: readonly Level[]) => {
  let sum = 0;
  return levels.slice(0, 12).map((level) => {
    sum += Number(level.creditsAmount);
    return { price: level.price, credits: sum };
  });
};

/** Both sides of the order book, added up from the best price. */
export const Depth = () => {
  const t = useText("trends");
  const { book, pending } = useBook();
  const sides = () => ({ bids: addedUp(book()?.bids ?? []), asks: addedUp(book()?.asks ?? []) });
  const most = () => Math.max(0, ...[...sides().bids, ...sides().asks].map(({ credits }) => credits));
  return (
    <Card title={t("depth.title")} subtitle={t("depth.note")}>
      <Show
        when={most() > 0}
        fallback={
          <Show when={!pending()} fallback={<Skeleton lines={6} />}>
            <p class="text-muted">{t("depth.none")}</p>
          </Show>
        }
      >
        <div class="grid gap-6 md:grid-cols-2">
          <Side title={t("depth.bid")} colour="var(--sunken)" rows={sides().bids} most={most()} />
          <Side title={t("depth.ask")} colour="var(--accent-soft)" rows={sides().asks} most={most()} />
        </div>
      </Show>
      <p class="mt-4">
        <TextLink href="/book">{t("depth.link")}</TextLink>
      </p>
    </Card>
  );
};

const Side = (props: {
  title: string;
  colour: string;
  rows: readonly { price: string; credits: number }[];
  most: number;
}) => {
  const t = useText("trends");
  const f = useFormat();
  const { book } = useBook();
  return (
    <div class="min-w-0">
      <h3 class="font-semibold text-sm">{props.title}</h3>
      <ul class="mt-2 grid gap-1 text-sm">
        <For each={props.rows} fallback={<li class="text-muted">–</li>}>
          {(row) => (
            <li class="relative flex justify-between gap-3 px-2 py-1" data-figure>
              <span
                aria-hidden="true"
                class="absolute inset-y-0 left-0"
                style={{ width: `${(100 * row.credits) / props.most}%`, background: props.colour }}
              />
              <span class="relative">
                <span class="sr-only">{t("depth.price")}: </span>
                {f.money(row.price, book()?.currency ?? "")}
              </span>
              <span class="relative">{f.credits(row.credits.toFixed(6))}</span>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
};
