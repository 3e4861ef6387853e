import { GramLegend, GramStrip, Seal } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import type { Detail } from "./words.ts";

/** A listing's face: the seal of the batch that most of it comes from, who stands behind it, and what is sold of it. */
export default function Face(props: { listing: Detail }) {
  const t = useText("listing");
  const f = useFormat();
  const listed = () => gramsOf(props.listing.creditsAmount) - gramsOf(props.listing.sold);
  const runs = () =>
    (
      [
        { grams: gramsOf(props.listing.sold), state: "sold" },
        { grams: listed(), state: "listed" },
      ] as const
    ).filter(({ grams }) => grams > 0n);
  return (
    <div class="grid min-h-40 gap-4">
      <div class="flex items-center gap-4">
        <Show when={props.listing.batch?.root}>
          {(root) => (
            <Seal
              root={root()}
              size_px={72}
              label={t("face.seal", { number: props.listing.batch?.number ?? "" })}
            />
          )}
        </Show>
        <div class="min-w-0">
          <Show when={props.listing.seller}>
            {(seller) => (
              <p class="font-semibold wrap-anywhere">
                <a class="underline-offset-2 hover:underline" href={`/sellers/${props.listing.sellerId}`}>
                  {t("face.seller", { seller: seller() })}
                </a>
              </p>
            )}
          </Show>
          <Show when={props.listing.auditor}>
            {(auditor) => <p class="text-sm wrap-anywhere">{t("face.auditor", { auditor: auditor() })}</p>}
          </Show>
          <Show when={props.listing.batch}>
            {(batch) => (
              <a
                class="tap text-sm text-accent underline underline-offset-2"
                href={`/registry/batches/${batch().number}`}
              >
                {t(props.listing.mixed ? "face.mostly" : "face.batch", { number: batch().number })}
              </a>
            )}
          </Show>
        </div>
      </div>
      <div>
        <GramStrip runs={runs()} height_px={16} />
        <GramLegend
          class="mt-2"
          items={runs().map(({ state, grams }) => ({
            state,
            label: t(`face.${state}`, { amount: f.mass(Number(grams) / 1000) }),
          }))}
        />
      </div>
    </div>
  );
}
