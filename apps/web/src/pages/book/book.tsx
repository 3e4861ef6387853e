import { Card, type Column, EmptyState, LinkButton, Stat, Stats, StatusDot, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createMemo, For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { queryClient } from "../../lib/queries.tsx";
import { useSession } from "../../lib/session.ts";

type Book = Answer<typeof api.marketplace.book.read>;
type Level = Book["asks"][number];

const address = "/api/marketplace/book/stream";

/** Both sides of the market by price, as they change. Answers: what would I get now, and how far apart are we? */
export default function BookPage() {
  const t = useText("book");
  const f = useFormat();
  const session = useSession();
  const options = api.marketplace.book.read.queryOptions();
  const query = useQuery(options);
  const state = api.marketplace.book.watch.subscribe(() => undefined, {
    onData: (book) => queryClient.setQueryData(options().queryKey, book),
  });
  const spread = () => (query.isSuccess && query.data.spread !== null ? query.data : null);

  return (
    <Page
      title={t("title")}
      above={t("title")}
      heading={
        <span class="block max-sm:min-h-[2.3em]">
          <Show when={spread()} fallback={t("heading")}>
            {(book) =>
              Number(book().spread) > 0
                ? t("headingSpread", { spread: f.money(book().spread ?? "", book().currency) })
                : t("headingMeeting")
            }
          </Show>
        </span>
      }
      lead={t("lead")}
      actions={
        <>
          <LinkButton href="/buy">{t("buy")}</LinkButton>
          <Show when={session.role() === "buyer"}>
            <LinkButton variant="secondary" href="/buyer/wanted">
              {t("want")}
            </LinkButton>
          </Show>
        </>
      }
    >
      <Loaded query={query}>
        {(book) => (
          <div class="grid gap-6">
            <p aria-live="polite">
              <StatusDot tone={state() === "live" ? "positive" : "neutral"}>{t(`live.${state()}`)}</StatusDot>
            </p>
            <Figures book={book()} />
            <div class="grid items-start gap-6 lg:grid-cols-2">
              <Card title={t("bids.title")}>
                <Side side="bids" levels={book().bids} currency={book().currency} />
              </Card>
              <Card title={t("asks.title")}>
                <Side side="asks" levels={book().asks} currency={book().currency} />
              </Card>
            </div>
            <Card title={t("trades.title")}>
              <Trades book={book()} />
              <p class="mt-4 text-xs text-muted wrap-anywhere">{t("programs", { address })}</p>
            </Card>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Figures = (props: { book: Book }) => {
  const t = useText("book");
  const f = useFormat();
  return (
    <Stats>
      <Stat
        label={t("stat.last")}
        value={props.book.lastPrice ? f.money(props.book.lastPrice, props.book.currency) : t("none")}
      />
      <Stat label={t("stat.day")} value={f.creditsMass(props.book.volume24h)} />
      <Stat label={t("stat.month")} value={f.creditsMass(props.book.volume30d)} />
    </Stats>
  );
};

/** A row a price, its depth drawn behind it; the sum tells what an order of that size would reach. */
const Side = (props: { side: "asks" | "bids"; levels: readonly Level[]; currency: string }) => {
  const t = useText("book");
  const f = useFormat();
  const rows = createMemo(() => {
    let sum = 0n;
    const all = props.levels.map((level) => {
      sum += gramsOf(level.creditsAmount);
      return { ...level, sum };
    });
    return all.map((row) => ({ ...row, share: sum === 0n ? 0 : Number((row.sum * 1_000n) / sum) / 10 }));
  });
  type Row = ReturnType<typeof rows>[number];
  const columns = (): Column<Row>[] => [
    {
      key: "price",
      header: t("column.price"),
      lead: true,
      cell: (row) => <span class="font-semibold">{f.money(row.price, props.currency)}</span>,
    },
    { key: "count", header: t(`column.${props.side}`), align: "end", cell: (row) => f.number(row.count) },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsAmount),
    },
    {
      key: "sum",
      header: t("column.sum"),
      align: "end",
      cell: (row) => (
        <span class="relative block px-1.5 sm:min-w-24">
          <span
            aria-hidden="true"
            class="absolute inset-y-0 end-0 bg-accent-soft"
            style={{ width: `${row.share}%` }}
          />
          <span class="relative">
            {f.number(Number(row.sum) / 1e6, { minimumFractionDigits: 3, maximumFractionDigits: 3 })}
          </span>
        </span>
      ),
    },
  ];
  return (
    <Table
      caption={t(`${props.side}.caption`)}
      columns={columns()}
      rows={rows()}
      narrow="scroll"
      class="max-sm:[&_:is(td,th)]:px-1 max-sm:text-[0.8125rem]"
      empty={<EmptyState title={t(`${props.side}.none`)} />}
    />
  );
};

const Trades = (props: { book: Book }) => {
  const t = useText("book");
  const f = useFormat();
  return (
    <Show when={props.book.trades.length > 0} fallback={<EmptyState title={t("trades.none")} />}>
      <ul class="divide-y divide-line">
        <For each={props.book.trades}>
          {(trade) => (
            <li class="flex flex-wrap justify-between gap-x-6 py-2.5" data-figure>
              <span class="w-full text-muted sm:w-auto">{f.dateTime(trade.at)}</span>
              <span class="sm:ms-auto">{f.credits(trade.creditsAmount)}</span>
              <span class="w-24 text-end font-semibold">{f.money(trade.price, props.book.currency)}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
};
