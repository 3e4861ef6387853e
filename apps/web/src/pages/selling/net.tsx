import { Card, DescriptionList } from "@evx/ui";
import { keepPreviousData, useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { netInput, netLines } from "./net-lines.ts";

/** Typing asks after this pause, not at each digit. */
const PAUSE_MS = 250;

/** A value once it has stopped changing for a moment. */
export const paused = <T,>(value: () => T): (() => T) => {
  const [settled, setSettled] = createSignal(value());
  createEffect(
    on(
      value,
      (next) => {
        const timer = setTimeout(() => setSettled(() => next), PAUSE_MS);
        onCleanup(() => clearTimeout(timer));
      },
      { defer: true },
    ),
  );
  return settled;
};

/** "You receive $X on DATE", by the fees in force. */
export const Net = (props: { credits: string; price: string; auction: boolean }) => {
  const t = useText("selling");
  const f = useFormat();
  const asked = paused(() => (props.credits && props.price ? `${props.credits} ${props.price}` : ""));
  const net = useQuery(
    api.marketplace.listings.netInHand.with({ placeholderData: keepPreviousData }).queryOptions(() => {
      const [credits = "", price = ""] = asked().split(" ");
      return netInput(credits, price) ?? skipToken;
    }),
  );
  return (
    <Card aria-live="polite">
      <p class="text-muted">{t(props.auction ? "net.titleAuction" : "net.title")}</p>
      <Show when={asked()} fallback={<p class="mt-2 text-muted">{t("net.wait")}</p>}>
        <Loaded query={net}>
          {(data) => {
            const money = (text: string) => f.money(text, data().currency);
            return (
              <>
                <p class="mt-1 text-3xl/10 font-semibold tracking-tight" data-figure>
                  {money(data().net)}
                </p>
                <p class="text-xs text-muted">{t("net.on", { date: f.date(data().payoutDate) })}</p>
                <DescriptionList
                  class="mt-3"
                  items={netLines(data()).map((line) => ({
                    label:
                      line.fee === null
                        ? t(`net.${line.name}`)
                        : t(`net.${line.name}`, { percent: f.percent(line.fee) }),
                    value: (
                      <>
                        {line.fee === null ? "" : "−"}
                        {money(line.amount)}
                      </>
                    ),
                    strong: line.name === "net",
                  }))}
                />
              </>
            );
          }}
        </Loaded>
      </Show>
    </Card>
  );
};
