import { retirementReasons } from "@evx/kernel";
import type { CertificateDocument } from "@evx/proof";
import { Card, CopyText, DescriptionList, Seal } from "@evx/ui";
import { For, Show } from "solid-js";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { type Format, useFormat } from "../../lib/format.ts";

/** Drawn from what the registry has now; the certificate stands without it. */
const Lens = part(() => import("./lens.tsx"), "min-h-8");

const classes = ["car", "van", "quadricycle", "motorcycle"] as const;
const qualities = ["connected", "export", "manual"] as const;

/** A certificate's words as the page shows them; what the closed lists do not know stays as it is written. */
const useNames = () => {
  const t = useText("paper");
  const known = <T extends string>(list: readonly T[], text: string): T | undefined =>
    list.find((name) => name === text);
  return {
    vehicle: (text: string) => {
      const name = known(classes, text);
      return name ? t(`class.${name}`) : text;
    },
    quality: (text: string) => {
      const name = known(qualities, text);
      return name ? t(`quality.${name}`) : text;
    },
    reason: (text: string) => {
      const name = known(retirementReasons, text);
      return name ? t(`reason.${name}`) : text;
    },
  };
};

/** From which day to which day the credits were driven; of certificates from before days were told, the years. */
const vintageOf = ({ lots }: CertificateDocument, f: Format): string => {
  const days = lots.flatMap(({ vintageFrom, vintageTo }) => [vintageFrom ?? "", vintageTo ?? ""]).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first && last) return f.days(first, last);
  return [...new Set(lots.map(({ vintage }) => vintage))].sort().join(", ");
};

/** The facts that it certifies. */
export const Facts = (props: { document: CertificateDocument }) => {
  const t = useText("paper");
  const f = useFormat();
  const names = useNames();
  const items = () => {
    const { document } = props;
    const { retirement, vehicle } = document;
    // A day, not a moment: the reader's zone must not shift it.
    const day = (at: string | null) => (at ? f.period(at, "long") : "…");
    return [
      { label: t("public.issued"), value: f.date(document.issuedAt) },
      ...(retirement
        ? [
            { label: t("public.retiredBy"), value: document.holder },
            { label: t("public.reason"), value: names.reason(retirement.reason) },
          ]
        : []),
      ...(retirement?.lei ? [{ label: "LEI", value: retirement.lei }] : []),
      ...(retirement?.country ? [{ label: t("public.country"), value: f.country(retirement.country) }] : []),
      ...(retirement?.periodFrom || retirement?.periodTo
        ? [
            {
              label: t("public.period"),
              value: `${day(retirement.periodFrom)} – ${day(retirement.periodTo)}`,
            },
          ]
        : []),
      ...(vehicle
        ? [
            {
              label: t("public.vehicle"),
              value: `${names.vehicle(vehicle.class)}, ${f.country(vehicle.country)}`,
            },
          ]
        : []),
      { label: t("public.vintage"), value: vintageOf(document, f) },
      ...(retirement?.message
        ? [{ label: t("public.message"), value: retirement.message, prose: true }]
        : []),
    ];
  };
  return (
    <Card title={t("public.facts")}>
      <DescriptionList items={items()} />
    </Card>
  );
};

/** Its serial numbers, each with where it comes from. */
export const Lots = (props: { document: CertificateDocument }) => {
  const t = useText("paper");
  const f = useFormat();
  const names = useNames();
  return (
    <Card title={t("public.lots")} subtitle={t("public.lotsLead")}>
      <ul class="divide-y divide-line">
        <For each={props.document.lots}>
          {(lot) => (
            <li class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 gap-y-1 py-3 first:pt-0 last:pb-0 *:col-start-2">
              <span class="col-start-1! row-span-2 size-11">
                <Show when={lot.root}>{(root) => <Seal root={root()} size_px={44} />}</Show>
              </span>
              <span class="flex flex-wrap items-center justify-between gap-x-4">
                <CopyText text={lot.serial} label={t("public.serial")} />
                <span class="font-semibold" data-figure>
                  {f.credits(creditsOf(lot.grams), { all: true })}
                </span>
              </span>
              <Lens serial={lot.serial} />
              <span class="text-xs text-muted">
                {lot.method}, {lot.factorSet}, {names.quality(lot.quality)}, {f.country(lot.country)}
              </span>
              <span class="text-xs text-muted">
                {t("public.verifier")}: <span class="wrap-anywhere text-ink">{lot.verifier}</span>
              </span>
              <Show when={lot.root}>
                {(root) => (
                  <span class="text-xs text-muted">
                    {t("public.root")}: <CopyText text={root()} label={t("public.root")} />
                  </span>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Card>
  );
};

/** Whole grams as a decimal number of credits. */
const creditsOf = (grams: string): string => {
  const digits = grams.padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
};
