import { TimeChart } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { formatLocale } from "../../lib/locale.ts";
import { type BidLine, stepsOf } from "./bid-lines.ts";

/** Within a day the axis tells the reader's own hours; beyond, days. */
const DAY_MS = 86_400_000;

/** Where the price went, bid by bid, on a true time axis; nothing until it has moved twice. */
export default function PriceSteps(props: { bids: readonly BidLine[]; currency: string }) {
  const t = useText("listing");
  const f = useFormat();
  const points = () =>
    stepsOf(props.bids).map(({ at, price }) => ({
      from: new Date(at).getTime(),
      heading: f.dateTime(at),
      value: Number(price),
    }));
  const withinADay = () => (points().at(-1)?.from ?? 0) - (points()[0]?.from ?? 0) < DAY_MS;
  const clock = (at: number) =>
    new Intl.DateTimeFormat(formatLocale(), { hour: "numeric", minute: "2-digit" }).format(at);
  const money = (value: number) => f.money(String(value), props.currency);
  return (
    <Show when={points().length > 1}>
      <div class="mb-5">
        <TimeChart
          title={t("auction.steps")}
          mark="steps"
          height={180}
          points={points()}
          labelHeader={t("auction.when")}
          valueHeader={t("auction.current")}
          format={money}
          {...(withinADay() ? { formatTime: clock } : {})}
        />
      </div>
    </Show>
  );
}
