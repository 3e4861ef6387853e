import { Card, GramLegend, GramStrip } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";

type Strip = Answer<typeof api.credits.registry.strip>;

const creditsText = (grams: bigint): string =>
  `${grams / 1_000_000n}.${String(grams % 1_000_000n).padStart(6, "0")}`;

/** What wallets hold, parted between first owners and others as the strip's looks found it. */
const inWallets = (strip: Strip) => {
  const share = (state: string) =>
    strip.runs.reduce((sum, run) => sum + (run.state === state ? run.share : 0), 0);
  const [held, sold] = [share("held"), share("sold")];
  const free = gramsOf(strip.circulating) - gramsOf(strip.listed);
  const owners = held + sold === 0 ? 0n : (free * BigInt(held)) / BigInt(held + sold);
  return { owners: creditsText(owners), buyers: creditsText(free - owners) };
};

/** The whole registry as one strip with its legend. Holds its height while it loads. */
export default function RegistryCard() {
  const t = useText("landing");
  const f = useFormat();
  const query = useQuery(api.credits.registry.strip.with({ staleTime: 60_000 }).queryOptions());
  const strip = () => (query.isSuccess ? query.data : undefined);
  const amount = (credits: string) => f.number(credits, { maximumFractionDigits: 2 });
  const ruler = (part: number) => {
    const found = strip();
    const grams = found ? gramsOf(found.issued) : 0n;
    return f.number((grams * BigInt(part)) / 2n || 1n);
  };
  return (
    <Card
      title={t("registry.title")}
      subtitle={
        <span class="block min-h-5">
          <Show when={strip()}>
            {(found) => <>{t("registry.lead", { grams: f.number(gramsOf(found().issued)) })}</>}
          </Show>
        </span>
      }
    >
      <GramStrip
        runs={(strip()?.runs ?? []).map(({ state, share }) => ({ state, grams: BigInt(share) }))}
        height_px={44}
        ruler
        label={t("registry.strip")}
      />
      <div class="serial mt-1 flex justify-between text-muted" aria-hidden="true">
        <span>1</span>
        <span class="max-sm:hidden">{strip() ? ruler(1) : ""}</span>
        <span>{strip() ? ruler(2) : ""}</span>
      </div>
      <div class="mt-3 min-h-[4.125rem] max-sm:[&:lang(vi)]:min-h-[5.625rem] sm:min-h-5">
        <Show when={strip()}>
          {(found) => (
            <GramLegend
              items={[
                { state: "held", label: t("registry.held", { amount: amount(inWallets(found()).owners) }) },
                { state: "listed", label: t("registry.listed", { amount: amount(found().listed) }) },
                { state: "sold", label: t("registry.sold", { amount: amount(inWallets(found()).buyers) }) },
                { state: "retired", label: t("registry.retired", { amount: amount(found().retired) }) },
                ...(gramsOf(found().cancelled) > 0n
                  ? [
                      {
                        state: "cancelled" as const,
                        label: t("registry.cancelled", { amount: amount(found().cancelled) }),
                      },
                    ]
                  : []),
                { state: "buffer", label: t("registry.buffer", { amount: amount(found().buffer) }) },
              ]}
            />
          )}
        </Show>
      </div>
    </Card>
  );
}
