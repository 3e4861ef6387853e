import {
  Card,
  CopyText,
  DescriptionList,
  GramLegend,
  type GramRun,
  GramStrip,
  LinkButton,
  Notice,
  Seal,
} from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { type BatchRow, isNamedClass, isNamedMethod, lifeOf } from "./words.ts";

const places = ["circulating", "retired", "cancelled", "buffer"] as const;

/** What a strip can show of a batch, in the order of its legend. */
const strip = ["held", "listed", "retired", "cancelled", "buffer"] as const;

/** The batch's grams in serial order, coloured by what became of them. Nothing where the strip could not show all of them. */
const Strip = (props: { serial: string }) => {
  const t = useText("credits");
  const f = useFormat();
  const life = useQuery(
    api.credits.registry.timeline.with({ retry: false }).queryOptions(() => ({ serial: props.serial })),
  );
  const runs = (): GramRun[] =>
    life.isSuccess && !life.data.more
      ? life.data.runs.map(({ credits, state }) => ({ grams: gramsOf(credits), state }))
      : [];
  const legend = () =>
    strip.flatMap((state) => {
      const grams = runs().reduce((sum, run) => (run.state === state ? sum + run.grams : sum), 0n);
      return grams > 0n ? [{ state, label: `${t(`state.${state}`)}, ${f.mass(Number(grams) / 1000)}` }] : [];
    });
  return (
    <div class="mb-4 min-h-16">
      <Show when={runs().length > 0}>
        <GramStrip runs={runs()} height_px={32} ruler />
        <GramLegend class="mt-2" items={legend()} />
      </Show>
    </div>
  );
};

/** Where the grams of a batch are: in serial order, and in figures. Every gram is in exactly one place. */
const Whereabouts = (props: { batch: BatchRow }) => {
  const t = useText("credits");
  const f = useFormat();
  const share = (place: (typeof places)[number]) =>
    Number((gramsOf(props.batch[place]) * 10_000n) / gramsOf(props.batch.issued)) / 10_000;
  return (
    <>
      <Strip serial={props.batch.serial} />
      <dl class="grid gap-2.5">
        <For each={places}>
          {(place) => (
            <div class="flex flex-wrap items-center justify-between gap-x-4">
              <dt>{t(`registry.${place}`)}</dt>
              <dd class="ms-auto" data-figure>
                {f.credits(props.batch[place])}
                <span class="ms-2 inline-block min-w-12 text-end text-muted">{f.percent(share(place))}</span>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </>
  );
};

/** Where the public log has it; the file beside it holds the proof, for any checker. */
const InLog = (props: { number: string; index: number | undefined }) => {
  const t = useText("credits");
  return (
    <Show when={props.index !== undefined} fallback={t("batch.notLogged")}>
      {t("batch.loggedAs", { index: String(props.index) })}{" "}
      <a class="underline underline-offset-2" href={`/api/public/batches/${props.number}`} rel="external">
        {t("batch.proof")}
      </a>
    </Show>
  );
};

/** Where a batch's grams are, where they came from, and what proves it. */
export default function BatchBody(props: { row: BatchRow; number: string }) {
  const t = useText("credits");
  const f = useFormat();
  const root = useQuery(
    api.verification.certificates.root.with({ retry: false }).queryOptions(() => ({ number: props.number })),
  );
  const proven = useQuery(
    api.verification.certificates.batch.with({ retry: false }).queryOptions(() => ({ number: props.number })),
  );
  const accreditation = () => (proven.isSuccess ? proven.data?.accreditation : null);
  const facts = (row: BatchRow) => [
    { label: t("batch.serial"), value: <CopyText text={row.serial} label={t("batch.serial")} /> },
    { label: t("column.issued"), value: f.credits(row.issued, { all: true }), strong: true },
    { label: t("registry.country"), value: f.country(row.country) },
    { label: t("column.vintage"), value: String(row.vintage) },
    {
      label: t("batch.driven"),
      value: f.days(row.vintageFrom, row.vintageTo),
    },
    {
      label: t("registry.method"),
      value: isNamedMethod(row.method) ? t(`method.${row.method}`) : row.method,
    },
    { label: t("batch.factors"), value: row.factorSet },
    { label: t("batch.quality"), value: t(`quality.${row.quality}`) },
    {
      label: t("batch.class"),
      value: isNamedClass(row.vehicleClass) ? t(`class.${row.vehicleClass}`) : row.vehicleClass,
    },
    { label: t("column.verifier"), value: row.cvaName },
    ...[accreditation()].flatMap((known) =>
      known
        ? [
            { label: t("batch.accreditation"), value: `${known.body}, ${known.number}` },
            { label: t("batch.assurance"), value: t(`assurance.${known.assurance}`) },
          ]
        : [],
    ),
    { label: t("batch.issuedAt"), value: f.dateTime(row.issuedAt) },
    ...[proven.isSuccess ? proven.data : null].flatMap((known) =>
      known
        ? [{ label: t("batch.log"), value: <InLog number={known.number} index={known.log?.index} /> }]
        : [],
    ),
  ];
  return (
    <div class="grid items-start gap-6 lg:grid-cols-2">
      <Show when={props.row.revocation}>
        {(revocation) => (
          <div class="lg:col-span-2">
            <Notice tone="negative" title={t("batch.revoked", { date: f.date(revocation().revokedAt) })}>
              <p>{revocation().reason}</p>
              <p class="mt-1">{t("batch.revokedBody")}</p>
              <p class="mt-1">
                {t("batch.revokedSums", {
                  owed: f.credits(revocation().owed),
                  owner: f.credits(revocation().fromOwner),
                  buffer: f.credits(revocation().fromBuffer),
                  replaced: f.credits(revocation().replaced),
                  shortfall: f.credits(revocation().shortfall),
                })}
              </p>
            </Notice>
          </div>
        )}
      </Show>
      <Card title={t("batch.where")}>
        <Whereabouts batch={props.row} />
        <LinkButton class="mt-5" variant="secondary" href={lifeOf(props.row.serial)}>
          {t("batch.life")}
        </LinkButton>
        <Show when={root.isSuccess && root.data?.root}>
          {(hash) => (
            <div class="mt-6 border-t border-line pt-4">
              <div class="flex items-start gap-4">
                <Seal root={hash()} size_px={72} label={t("batch.seal", { number: props.number })} />
                <div class="min-w-0">
                  <h3 class="text-sm font-semibold">{t("batch.root")}</h3>
                  <p class="mt-1 text-xs text-muted">
                    {t("batch.rootBody", { trips: f.number(root.data?.trips ?? 0) })}
                  </p>
                </div>
              </div>
              <div class="mt-2">
                <CopyText text={hash()} label={t("batch.root")} />
              </div>
              <Show when={root.data?.certificateNumber}>
                {(number) => (
                  <a
                    class="tap mt-2 inline-block text-sm underline underline-offset-2"
                    href={`/certificates/${number()}`}
                  >
                    {t("batch.certificate", { number: number() })}
                  </a>
                )}
              </Show>
            </div>
          )}
        </Show>
      </Card>
      <Card title={t("batch.facts")}>
        <DescriptionList items={facts(props.row)} />
      </Card>
    </div>
  );
}
