import { type Column, cx } from "@evx/ui";
import { For, Show } from "solid-js";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { isNamedMethod, type Row } from "./words.ts";

/** Drawn beside the words, not before them: their places are kept. */
const BesideMarket = part(() => import("./beside-market.tsx"));
const Countdown = part(() => import("./row-countdown.tsx"), "inline-block h-4 w-[3.6rem]");
const Mark = part(() => import("./mark.tsx"));
const RowStrip = part(async () => ({ default: (await import("./mark.tsx")).RowStrip }));

const tiers = ["manual", "export", "connected"] as const;

/** What a row of the market shows. `pageOf` names the rows whose prices are asked for together with one's own. */
export const useRowColumns = (pageOf: (id: Row["id"]) => Row["id"][]) => {
  const t = useText("marketplace");
  const f = useFormat();
  const method = (code: string) => (isNamedMethod(code) ? t(`method.${code}`) : code);

  return (): Column<Row>[] => [
    {
      key: "origin",
      header: t("column.origin"),
      lead: true,
      // Words wrap before they are cut into pieces by figures that do not.
      class: "rows:min-w-56",
      cell: (row) => (
        <div class="flex items-start gap-3">
          <span class="size-14 shrink-0">
            <Mark batch={row.batch} />
          </span>
          <span class="grid min-w-0">
            <a
              href={`/marketplace/${row.id}`}
              class="font-semibold wrap-anywhere rows:text-[0.9375rem]/5 after:absolute after:inset-0 hover:text-accent"
            >
              {row.seller ?? t("row.unnamed")}
            </a>
            <span class="text-[0.8125rem]/4.5">
              {f.country(row.country)}, {row.vintage}
              <Show when={row.batch}>
                {(batch) => <span class="text-muted"> {t("row.batch", { number: batch().number })}</span>}
              </Show>
              <Show when={row.mixed}>
                <span class="text-muted"> {t("row.mixed")}</span>
              </Show>
            </span>
            <Show when={row.auditor}>
              {(auditor) => (
                <span class="text-[0.8125rem]/4.5 text-muted wrap-anywhere">
                  {t("row.auditor", { auditor: auditor() })}
                </span>
              )}
            </Show>
          </span>
        </div>
      ),
    },
    {
      key: "quality",
      header: t("column.quality"),
      class: "cards:before:hidden rows:w-40",
      cell: (row) => (
        <div class="flex grow flex-wrap justify-between gap-x-4 gap-y-1 rows:grid rows:justify-normal">
          <For each={row.quality}>
            {(tier) => (
              <span class="flex items-center gap-2 text-[0.8125rem]/4.5">
                <Bars of={tiers.indexOf(tier)} />
                {t(`quality.${tier}`)}
              </span>
            )}
          </For>
          <span class="text-xs text-muted">{method(row.method)}</span>
          <span class="mt-1 block h-2 w-full rows:w-36">
            <RowStrip row={row} />
          </span>
        </div>
      ),
    },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      narrow: "third",
      cell: (row) => (
        <div class="grid justify-items-start rows:justify-items-end">
          <span class="figure text-[1.9375rem] cards:leading-6" data-figure>
            {f.number(row.creditsRemaining)}
          </span>
          <span class="text-xs text-muted">{t("row.unit")}</span>
          <Show when={row.creditsRemaining !== row.creditsAmount}>
            <span class="text-xs text-muted" data-figure>
              {t("row.left", { left: f.number(row.creditsRemaining), all: f.number(row.creditsAmount) })}
            </span>
          </Show>
        </div>
      ),
    },
    {
      key: "price",
      header: t("column.price"),
      align: "end",
      narrow: "third",
      class: "rows:min-w-24",
      cell: (row) => (
        <div>
          <span class="block font-semibold" data-figure>
            {f.money(row.currentBid ?? row.pricePerCredit, row.currency)}
          </span>
          {/* Its line is there before its words, so that no row moves. */}
          <span class="block min-h-9 text-xs text-muted" data-figure>
            <Show when={row.auctionEndTime && row.currentBid === null}>{t("row.start")}</Show>
            <BesideMarket id={row.id} page={pageOf(row.id)} />
          </span>
        </div>
      ),
    },
    {
      key: "sale",
      header: t("column.sale"),
      align: "end",
      narrow: "third",
      cell: (row) => (
        <div>
          <span class="block font-semibold" data-figure>
            {f.money(row.remainingTotal, row.currency)}
          </span>
          <Show
            when={row.auctionEndTime}
            fallback={<span class="block text-xs whitespace-nowrap text-muted">{t("row.fixed")}</span>}
          >
            {(end) => (
              <>
                <span class="block text-xs text-warning" data-figure>
                  {t("row.ends")} <Countdown until={end()} />
                </span>
                <span class="block text-xs text-muted">{t.n("row.bids", row.bidCount)}</span>
              </>
            )}
          </Show>
        </div>
      ),
    },
  ];
};

/** Three strokes for how well the data is supported; the words beside them say the same. */
const Bars = (props: { of: number }) => (
  <span class="flex gap-0.5" aria-hidden="true">
    <For each={tiers}>
      {(_, place) => <span class={cx("h-3 w-1.5 border border-ink", place() <= props.of && "bg-ink")} />}
    </For>
  </span>
);
