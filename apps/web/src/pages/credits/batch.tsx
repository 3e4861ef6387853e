import { Card, CopyText, DescriptionList, LinkButton, Notice, Skeleton } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { Known } from "./known.tsx";
import { type BatchRow, isNamedClass, isNamedMethod, lifeOf } from "./words.ts";

const places = ["circulating", "retired", "cancelled", "buffer"] as const;

const fills = {
  circulating: "bg-accent",
  retired: "bg-info",
  cancelled: "bg-negative",
  buffer: "bg-warning",
};

/** One bar for the whole batch, and the same in figures: every gram is in exactly one place. */
const Whereabouts = (props: { batch: BatchRow }) => {
  const t = useText("credits");
  const f = useFormat();
  const share = (place: (typeof places)[number]) =>
    Number((gramsOf(props.batch[place]) * 10_000n) / gramsOf(props.batch.issued)) / 10_000;
  const filled = () => places.filter((place) => gramsOf(props.batch[place]) > 0n);
  return (
    <>
      <div class="mb-4 flex h-2.5 gap-0.5 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
        <For each={filled()}>
          {(place) => (
            <div class={fills[place]} style={{ width: `${Math.max(share(place), 0.01) * 100}%` }} />
          )}
        </For>
      </div>
      <dl class="grid gap-2.5">
        <For each={places}>
          {(place) => (
            <div class="flex flex-wrap items-center justify-between gap-x-4">
              <dt class="flex items-center gap-2">
                <span class={`size-2.5 rounded-full ${fills[place]}`} aria-hidden="true" />
                {t(`registry.${place}`)}
              </dt>
              <dd class="ms-auto" data-figure>
                {f.credits(props.batch[place], { all: true })}
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

/** One batch, for everybody: what it was issued for and where its grams are now. */
export default function BatchPage() {
  const t = useText("credits");
  const f = useFormat();
  const params = useParams<{ number: string }>();
  const batch = useQuery(api.credits.registry.batch.queryOptions(() => ({ number: params.number })));
  const root = useQuery(
    api.verification.certificates.root.with({ retry: false }).queryOptions(() => ({ number: params.number })),
  );
  const proven = useQuery(
    api.verification.certificates.batch
      .with({ retry: false })
      .queryOptions(() => ({ number: params.number })),
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
    <Page
      title={t("batch.title", { number: params.number.replace(/\D/g, "").padStart(6, "0") })}
      above={
        <a class="hover:text-ink hover:underline" href="/registry">
          {t("batch.back")}
        </a>
      }
      lead={
        <Show
          when={batch.isSuccess && batch.data}
          fallback={batch.isPending && <Skeleton class="h-5 w-72 max-w-full" />}
        >
          {(row) =>
            t("batch.lead", {
              amount: f.credits(row().issued),
              trips: f.number(row().tripCount),
              name: row().cvaName,
            })
          }
        </Show>
      }
    >
      <Known query={batch} missing="batch_not_found">
        {(row) => (
          <div class="grid items-start gap-6 lg:grid-cols-2">
            <Show when={row().revocation}>
              {(revocation) => (
                <div class="lg:col-span-2">
                  <Notice
                    tone="negative"
                    title={t("batch.revoked", { date: f.date(revocation().revokedAt) })}
                  >
                    <p class="break-words">{revocation().reason}</p>
                    <p class="mt-1">{t("batch.revokedBody")}</p>
                    <p class="mt-1">
                      {t("batch.revokedSums", {
                        owed: f.credits(revocation().owed),
                        owner: f.credits(revocation().fromOwner),
                        buffer: f.credits(revocation().fromBuffer),
                        shortfall: f.credits(revocation().shortfall),
                      })}
                    </p>
                  </Notice>
                </div>
              )}
            </Show>
            <Card title={t("batch.where")}>
              <Whereabouts batch={row()} />
              <LinkButton class="mt-5" variant="secondary" href={lifeOf(row().serial)}>
                {t("batch.life")}
              </LinkButton>
              <Show when={root.isSuccess && root.data?.root}>
                {(hash) => (
                  <div class="mt-6 border-t border-line pt-4">
                    <h3 class="text-sm font-semibold">{t("batch.root")}</h3>
                    <p class="mt-1 text-xs text-muted">
                      {t("batch.rootBody", { trips: f.number(root.data?.trips ?? 0) })}
                    </p>
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
              <DescriptionList items={facts(row())} />
            </Card>
          </div>
        )}
      </Known>
    </Page>
  );
}
