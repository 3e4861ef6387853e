import {
  Button,
  Card,
  GramLegend,
  type GramRun,
  GramStrip,
  LoadMore,
  Seal,
  Spinner,
  Stones,
  TextLink,
  TimeChart,
} from "@evx/ui";
import { For } from "solid-js";
import { useFormat } from "../../lib/format.ts";
import { spanOf } from "../../lib/periods.ts";
import { w } from "./words.ts";

const states = ["held", "listed", "sold", "retired", "cancelled", "buffer"] as const;
const variants = ["primary", "lit", "secondary", "quiet", "danger"] as const;
const sizes = ["sm", "md", "lg"] as const;
const roots = ["00", "7f", "ff"].map((byte) => byte.repeat(32));

const strips: readonly { name: string; runs: readonly GramRun[] }[] = [
  {
    name: "Every state",
    runs: states.map((state, place) => ({ state, grams: BigInt(100_000 * (place + 1)) })),
  },
  { name: "One gram", runs: [{ state: "held", grams: 1n }] },
  {
    name: "One gram sold among ten million",
    runs: [
      { state: "held", grams: 4_999_999n },
      { state: "sold", grams: 1n },
      { state: "held", grams: 5_000_000n },
    ],
  },
  { name: "Nothing", runs: [] },
];

/** The product's own marks, and every look of a button, each with ordinary and with ugly data. */
export const Marks = () => (
  <div class="mt-4 grid min-w-0 gap-4">
    <Card title={w("Stones")} subtitle={w("Done, lit and ahead; a note that wraps")}>
      <Stones
        label={w("From drive to bank")}
        items={[
          { label: w("Drive"), value: "4,936 km", note: "from 1 vehicle", state: "done" },
          { label: w("Claim"), value: "119.1 kg ready", href: "/_gallery", state: "lit" },
          { label: w("Audit"), value: "0 kg with the auditor", state: "ahead" },
          {
            label: w("Sell"),
            value: "0.24459 credits for sale",
            note: "and a long line about what is not listed yet",
            state: "ahead",
          },
          { label: w("Bank"), value: "$0.00", state: "ahead" },
        ]}
      />
    </Card>
    <Card title={w("Gram strip")}>
      <div class="grid gap-4">
        <For each={strips}>
          {(strip) => (
            <div>
              <p class="mb-1 text-sm text-muted">{strip.name}</p>
              <GramStrip height_px={32} runs={strip.runs} ruler label={strip.name} />
              <GramStrip class="mt-2" height_px={8} runs={strip.runs} />
            </div>
          )}
        </For>
      </div>
      <GramLegend class="mt-4" items={states.map((state) => ({ state, label: state }))} />
    </Card>
    <Card title={w("Seals")} subtitle={w("As a stamp and engraved; each from another root")}>
      <div class="flex flex-wrap items-center gap-6">
        <For each={roots}>
          {(root, place) => (
            <>
              <Seal root={root} size_px={56} label={`Seal of batch 00000${place() + 1}`} />
              <Seal root={root} size_px={160} label={`Engraved seal of batch 00000${place() + 1}`} />
            </>
          )}
        </For>
      </div>
    </Card>
    <Card title={w("Buttons")}>
      <div class="grid gap-3">
        <For each={sizes}>
          {(size) => (
            <div class="flex flex-wrap gap-3">
              <For each={variants}>
                {(variant) => (
                  <Button variant={variant} size={size}>
                    {variant}
                  </Button>
                )}
              </For>
              <Button size={size} busy>
                busy
              </Button>
              <Button size={size} disabled>
                disabled
              </Button>
            </div>
          )}
        </For>
        <p>
          <TextLink href="/_gallery">{w("A link in a text")}</TextLink>, and a spinner: <Spinner />
        </p>
        <LoadMore more busy={false} onMore={() => {}} />
      </div>
    </Card>
    <Charts />
  </div>
);

const minute_ms = 60_000;

const Charts = () => {
  const f = useFormat();
  const kmh = (value: number) => `${f.number(value, { maximumFractionDigits: 0 })} km/h`;
  const shared = { labelHeader: w("When"), valueHeader: w("Value") };
  return (
    <div class="grid min-w-0 gap-4 lg:grid-cols-2">
      <Card
        title={w("A line with a gap")}
        subtitle={w("Speed in a trip that lost its signal for four minutes")}
      >
        <TimeChart
          {...shared}
          mark="line"
          title={w("Speed")}
          points={Array.from({ length: 30 }, (_, minute) => ({
            from: minute * minute_ms,
            heading: `${minute}:00`,
            value: minute > 11 && minute < 16 ? null : 30 + Math.sin(minute / 2) * 22,
            gap: w("No signal"),
          }))}
          format={kmh}
          formatTime={(at) => `${Math.round(at / minute_ms)}:00`}
        />
      </Card>
      <Card title={w("One period, and a huge one")} subtitle={w("A single month of ten million kilograms")}>
        <TimeChart
          {...shared}
          mark="bars"
          title={w("One month")}
          points={[{ ...spanOf("2026-11", f), value: 10_000_000 }]}
          format={(value) => f.mass(value)}
        />
      </Card>
      <Card title={w("Nothing to draw")}>
        <TimeChart {...shared} mark="steps" title={w("Empty")} points={[]} format={kmh} />
      </Card>
      <Card title={w("Loss and gain")} subtitle={w("Bars below zero")}>
        <TimeChart
          {...shared}
          mark="bars"
          title={w("Net by month")}
          points={["2025-12", "2026-01", "2026-02"].map((period, place) => ({
            ...spanOf(period, f),
            value: [12, -7, 4][place] ?? 0,
          }))}
          format={(value) => f.money(value.toFixed(2), "USD")}
        />
      </Card>
    </div>
  );
};
