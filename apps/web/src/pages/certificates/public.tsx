import type { CertificateFile, Trust, Verification } from "@evx/proof";
import { Button, Card, CopyText, EmptyState, FileDrop, LinkButton, Notice, Skeleton } from "@evx/ui";
import { useLocation, useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import { Failure } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Checks } from "./checks.tsx";
import { pdfAddress } from "./own.tsx";
import { Facts, Headline, Lots } from "./paper.tsx";
import { save } from "./save.ts";
import { registryTrust } from "./trust.ts";

/** The code that checks signatures and proofs; fetched beside the certificate itself. */
const prover = () => import("@evx/proof");

/**
 * A certificate for anyone who has its number or scanned its code. The signature is checked here, in the browser,
 * with the venue's published keys. A scanned code carries the signed document itself: it is checked even when the
 * registry cannot be reached, and compared with the registry's own when it can.
 */
export default function PublicCertificate() {
  const t = useText("certificates");
  const params = useParams<{ number: string }>();
  const location = useLocation();
  const kept = useQuery(
    api.verification.certificates.public
      .with({ retry: false, staleTime: 10_000 })
      .queryOptions(() => ({ number: params.number })),
  );
  const [trust] = createResource(registryTrust);
  const [scanned] = createResource(
    () => location.hash,
    async (hash): Promise<CertificateFile | null> => (await prover()).readFragment(hash),
  );
  const registered = (): CertificateFile | undefined =>
    kept.isPending ? undefined : (kept.data as CertificateFile);
  const unreachable = () => kept.isError && kept.error?.code !== "certificate_not_found";
  const file = () => registered() ?? (unreachable() ? (scanned.latest ?? undefined) : undefined);
  const differs = () => {
    const [ours, theirs] = [registered(), scanned.latest];
    return !!ours && !!theirs && ours.signature !== theirs.signature;
  };

  return (
    <Page title={t("public.title", { number: params.number })} heading={<Code text={params.number} />}>
      <Switch fallback={<Skeleton lines={6} class="h-8 w-full" />}>
        <Match when={file()}>
          {(found) => (
            <Shown
              file={found()}
              number={params.number}
              trust={trust.latest ?? null}
              offline={!registered()}
              differs={differs()}
              revokedBatches={kept.isPending ? [] : (kept.data?.revokedBatches ?? [])}
            />
          )}
        </Match>
        <Match when={kept.isError && kept.error?.code === "certificate_not_found"}>
          <EmptyState
            title={t("public.notFound")}
            action={<LinkButton href="/certificates">{t("registry.title")}</LinkButton>}
          >
            {kept.error?.message}
          </EmptyState>
        </Match>
        <Match when={kept.isError}>
          <Failure error={kept.error} retry={() => void kept.refetch()} />
        </Match>
      </Switch>
    </Page>
  );
}

const Code = (props: { text: string }) => <span class="font-mono tracking-normal">{props.text}</span>;

const Shown = (props: {
  file: CertificateFile;
  number: string;
  trust: Trust | null;
  offline: boolean;
  differs: boolean;
  revokedBatches: readonly { batch: string; reason: string; revokedAt: string }[];
}) => {
  const t = useText("certificates");
  const f = useFormat();
  const [proof, setProof] = createSignal<unknown>(undefined);
  const [verdict] = createResource(
    () => ({ file: props.file, trust: props.trust, proof: proof() }),
    async ({ file, trust, proof: inclusion }): Promise<Verification> =>
      // Solid's stores are proxies; what is judged is the plain text, as a stranger would get it.
      (await prover()).verifyCertificate(JSON.stringify(file), {
        ...trust,
        number: (await prover()).readCertificateNumber(props.number),
        ...(inclusion === undefined ? {} : { inclusion }),
      }),
  );
  const readProof = async (chosen: File) => {
    if (chosen.size > 1_000_000) return setProof(null);
    try {
      setProof(JSON.parse(await chosen.text()));
    } catch {
      setProof({});
    }
  };
  const document = () => props.file.certificate;

  return (
    <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <div class="grid min-w-0 gap-4">
        <Show when={props.differs}>
          <Notice tone="negative" title={t("public.differs")}>
            {t("public.differsBody")}
          </Notice>
        </Show>
        <Verdict file={props.file} verdict={verdict.latest} offline={props.offline} />
        <For each={props.file.revocation ? [] : props.revokedBatches}>
          {(one) => (
            <Notice
              tone="warning"
              title={t("public.batchRevoked", { number: one.batch, date: f.date(one.revokedAt) })}
            >
              <p class="break-words">{one.reason}</p>
              <p class="mt-1">{t("public.batchRevokedBody")}</p>
            </Notice>
          )}
        </For>
        <Headline document={document()} />
        <Facts document={document()} />
        <Lots document={document()} />
        <Standing status={props.file.status} />
      </div>
      <div class="grid min-w-0 gap-4">
        <Card>
          <div class="flex flex-wrap gap-2">
            <LinkButton rel="external" href={pdfAddress(document().number, f.locale())} download="">
              {t("public.pdf")}
            </LinkButton>
            <Button
              variant="secondary"
              onClick={() => save(`${document().number}.json`, JSON.stringify(props.file, null, 2))}
            >
              {t("public.json")}
            </Button>
          </div>
        </Card>
        <Card title={t("public.checks")} subtitle={t("public.checksLead")}>
          <Show when={verdict.latest} fallback={<Skeleton lines={5} />}>
            {(found) => <Checks verification={found()} />}
          </Show>
        </Card>
        <Card title={t("public.signature")}>
          <dl class="grid gap-3">
            <div>
              <dt class="text-xs text-muted">{t("public.key")}</dt>
              <dd>
                <CopyText text={props.file.keyId} label={t("public.key")} />
              </dd>
            </div>
            <div>
              <dt class="text-xs text-muted">{t("public.logged")}</dt>
              <dd class="figure">
                {props.file.log
                  ? t("public.loggedAs", { index: String(props.file.log.index) })
                  : t("public.notLogged")}
              </dd>
            </div>
            <div>
              <dt class="text-xs text-muted">Ed25519</dt>
              <dd>
                <CopyText text={props.file.signature} label={t("public.signature")} />
              </dd>
            </div>
          </dl>
        </Card>
        <Card title={t("public.proof")} subtitle={t("public.proofHint")}>
          <FileDrop
            label={t("public.proof")}
            accept=".json,application/json"
            onFile={(file) => void readProof(file)}
          />
        </Card>
      </div>
    </div>
  );
};

/** What became of each run of its grams since, as the registry signed it. */
const Standing = (props: { status: unknown }) => {
  const t = useText("certificates");
  const f = useFormat();
  const [statement] = createResource(
    () => ({ status: props.status }),
    async ({ status }) => ((await prover()).isStatusStatement(status) ? status : null),
  );
  return (
    <Show when={statement.latest}>
      {(found) => (
        <Card
          title={t("public.standing")}
          subtitle={t("public.standingLead", { date: f.dateTime(found().asOf) })}
        >
          <ul class="divide-y divide-line">
            <For each={found().ranges}>
              {(range) => (
                <li class="flex items-start justify-between gap-4 py-2">
                  <span class="min-w-0 font-mono text-xs break-all">{range.serial}</span>
                  <span class="shrink-0">{t(`state.${range.state}`)}</span>
                </li>
              )}
            </For>
          </ul>
        </Card>
      )}
    </Show>
  );
};

/** One sentence on whether to trust it. */
const Verdict = (props: { file: CertificateFile; verdict: Verification | undefined; offline: boolean }) => {
  const t = useText("certificates");
  const f = useFormat();
  const onlyRevoked = () =>
    props.verdict?.checks.every(({ name, ok }) => ok !== false || name === "revocation") ?? false;
  return (
    <div aria-live="polite">
      <Switch fallback={<Notice>{t("public.checking")}</Notice>}>
        <Match when={props.verdict && props.file.revocation && onlyRevoked() && props.file.revocation}>
          {(revocation) => (
            <Notice tone="negative" title={t("public.revoked", { date: f.date(revocation().revokedAt) })}>
              <span class="break-words">{revocation().reason}</span>
            </Notice>
          )}
        </Match>
        <Match when={props.verdict && !props.verdict.ok}>
          <Notice tone="negative" title={t("public.bad")}>
            {t("public.badBody")}
          </Notice>
        </Match>
        <Match when={props.verdict && (props.offline || props.verdict.verdict === "unknown_signer")}>
          <Notice tone="warning" title={t("public.offline")}>
            {t("public.offlineBody")}
          </Notice>
        </Match>
        <Match when={props.verdict}>
          <Notice tone="positive" title={t("public.good")}>
            {t("public.goodBody")}
          </Notice>
        </Match>
      </Switch>
    </div>
  );
};
