import { GramStrip } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { useText } from "../i18n/index.ts";
import { api } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";

/** The whole registry under the header: every gram that was ever issued, and what became of it. */
export default function RegistryStrip(props: { height_px: number }) {
  const t = useText("frame");
  const f = useFormat();
  const strip = useQuery(api.credits.registry.strip.with({ staleTime: 60_000, retry: 0 }).queryOptions());
  const label = () =>
    strip.isSuccess
      ? t("strip.label", { issued: f.credits(strip.data.issued), retired: f.credits(strip.data.retired) })
      : t("strip.waiting");
  return (
    <a href="/registry" aria-label={label()} title={label()} data-strip class="block outline-offset-[-2px]">
      <GramStrip
        runs={
          strip.isSuccess ? strip.data.runs.map(({ state, share }) => ({ state, grams: BigInt(share) })) : []
        }
        height_px={props.height_px}
      />
    </a>
  );
}
