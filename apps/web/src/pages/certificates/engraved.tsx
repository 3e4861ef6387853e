import type { CertificateFile } from "@evx/proof";
import { sealRootOf } from "@evx/seal";
import { GramStrip, Seal } from "@evx/ui";
import { createResource, For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";

/** A certificate as the engraved sheet that it is on paper: seal, amount, name, serials, code and signature. */
export const Engraved = (props: { file: CertificateFile; revoked: boolean }) => {
  const t = useText("paper");
  const f = useFormat();
  const document = () => props.file.certificate;
  const [root] = createResource(
    () => document().lots.map((lot) => lot.root),
    (roots) => sealRootOf(roots),
  );
  const light = () => gramsOf(document().credits) < 100_000n;
  const amount = () => {
    const grams = gramsOf(document().credits);
    return light()
      ? f.number(`${grams / 1_000n}.${String(grams % 1_000n).padStart(3, "0")}`, { maximumFractionDigits: 3 })
      : f.number(document().credits, { maximumFractionDigits: 6 });
  };
  const state = () => (document().kind === "retirement" ? "retired" : "sold");
  const ends = () => {
    const serials = document().lots.map(({ serial }) => serial);
    return [serials[0] ?? "", serials.at(-1) ?? ""] as const;
  };
  return (
    <article
      class="engraved relative bg-surface p-8 shadow-raised sm:p-12"
      aria-label={t("public.title", { number: document().number })}
    >
      <Guilloche />
      <div class="relative">
        <header class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          <p class="font-[650]">{t(`paper.${document().kind}`)}</p>
          <p class="serial">{document().number}</p>
        </header>
        <div class="mt-5 grid items-center gap-x-10 gap-y-5 md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
          <div class="aspect-square w-full max-w-80 justify-self-center">
            <Show when={root.latest}>
              {(found) => (
                <Seal
                  root={found()}
                  size_px={320}
                  class="size-full"
                  label={t("paper.seal", { batch: sealOf(document().lots.map(({ serial }) => serial)) })}
                />
              )}
            </Show>
          </div>
          <div class="@container min-w-0">
            <p class="text-[0.8125rem]/4.5 text-muted">{t(`public.lead.${document().kind}`)}</p>
            <p class="mt-0.5 text-[1.375rem]/7 font-[650] wrap-anywhere">
              {document().retirement?.beneficiary ?? document().holder}
            </p>
            <p class="mt-2 flex flex-wrap items-baseline gap-x-4">
              <span
                class="figure"
                style={{ "font-size": `clamp(2.75rem, ${Math.floor(270 / amount().length)}cqi, 8.25rem)` }}
                classList={{ "line-through decoration-negative": props.revoked }}
                data-figure
              >
                {amount()}
              </span>
              <span class="text-base">{t(light() ? "paper.kg" : "paper.tonnes")}</span>
            </p>
            <p class="mt-1 text-pretty text-muted">
              {t("paper.counted", { grams: f.number(gramsOf(document().credits)) })}
            </p>
            <PaperFacts file={props.file} />
          </div>
        </div>
        <div class="mt-6 flex flex-wrap items-end gap-6">
          <div class="min-w-0 flex-1 basis-64">
            <GramStrip
              runs={document().lots.map((lot) => ({ grams: BigInt(lot.grams), state: state() }))}
              height_px={16}
            />
            <p class="serial mt-1 grid gap-x-6 text-muted sm:flex sm:justify-between">
              <span>{ends()[0]}</span>
              <Show when={ends()[1] !== ends()[0]}>
                <span class="sm:text-end">{ends()[1]}</span>
              </Show>
            </p>
            <p class="mt-1 font-mono text-[0.625rem]/3.5 break-all text-muted">
              Ed25519 {props.file.signature}
            </p>
          </div>
          <QrCode text={document().verifyUrl} label={t("paper.qr")} />
        </div>
      </div>
    </article>
  );
};

/** The numbers of the batches behind it, for the seal's name. */
const sealOf = (serials: readonly string[]): string =>
  [...new Set(serials.map((serial) => serial.split("-").at(-3) ?? serial))].join(", ");

const PaperFacts = (props: { file: CertificateFile }) => {
  const t = useText("paper");
  const f = useFormat();
  const facts = (): { label: string; value: string }[] => {
    const { certificate } = props.file;
    const auditors = [...new Set(certificate.lots.map(({ verifier }) => verifier))];
    return [
      {
        label: t(certificate.retirement ? "paper.retiredAt" : "public.issued"),
        value: f.dateTime(certificate.retirement?.retiredAt ?? certificate.issuedAt),
      },
      ...(certificate.retirement?.message
        ? [{ label: t("public.message"), value: certificate.retirement.message }]
        : []),
      { label: t("public.verifier"), value: auditors.join(", ") },
    ];
  };
  return (
    <dl class="mt-4 border-t border-line">
      <For each={facts()}>
        {(fact) => (
          <div class="grid grid-cols-[5rem_minmax(0,1fr)] sm:grid-cols-[7rem_minmax(0,1fr)] gap-x-4 border-b border-line py-2">
            <dt class="text-[0.8125rem]/5.5 text-muted">{fact.label}</dt>
            <dd class="wrap-anywhere">{fact.value}</dd>
          </div>
        )}
      </For>
    </dl>
  );
};

/** Two waves that cross, all the way round, as on a banknote: whole waves on every side, whatever its length. */
const Guilloche = () => (
  <div class="pointer-events-none absolute inset-1.5 border border-held" aria-hidden="true">
    <For
      each={[
        "inset-x-0.5 top-0.5 h-3",
        "inset-x-0.5 bottom-0.5 h-3",
        "inset-y-0.5 start-0.5 w-3",
        "inset-y-0.5 end-0.5 w-3",
      ]}
    >
      {(side) => <div class={`guilloche absolute ${side}`} />}
    </For>
    <div class="absolute inset-4 border border-held" />
  </div>
);

/** A code that opens the certificate's page. Dark on light in either theme, because cameras want it so. */
const QrCode = (props: { text: string; label: string }) => {
  const [modules] = createResource(
    () => props.text,
    async (text) => {
      const { data, size } = (await import("qrcode")).create(text, { errorCorrectionLevel: "M" }).modules;
      const cells = Array.from(data, (on, at) =>
        on ? `M${at % size} ${Math.floor(at / size)}h1v1h-1z` : "",
      );
      return { size, path: cells.join("") };
    },
  );
  return (
    <svg
      class="size-28 shrink-0 bg-[#fff]"
      viewBox={`-2 -2 ${(modules.latest?.size ?? 29) + 4} ${(modules.latest?.size ?? 29) + 4}`}
      role="img"
      aria-label={props.label}
      shape-rendering="crispEdges"
    >
      <path d={modules.latest?.path ?? ""} fill="#06130f" />
    </svg>
  );
};
