import type { CertificateFile, Trust, Verification } from "@evx/proof";
import { Card, CopyText, FileDrop, Notice, Skeleton } from "@evx/ui";
import { createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { creditsOf, useFormat } from "../../lib/format.ts";
import { Checks, Ticks } from "./checks.tsx";
import { Command } from "./command.tsx";
import { Engraved } from "./engraved.tsx";
import { Facts, Lots } from "./paper.tsx";
import { Share } from "./share.tsx";

/** The code that checks signatures and proofs. */
const prover = () => import("@evx/proof");

/** A certificate as a sheet, with the verdict of this browser and what became of its grams. */
export default function Shown(props: {
  file: CertificateFile;
  number: string;
  trust: Trust | null;
  offline: boolean;
  differs: boolean;
  revokedBatches: readonly { batch: string; reason: string; revokedAt: string }[];
}) {
  const t = useText("paper");
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
    <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)] lg:grid-rows-[auto_1fr] print:block">
      <div class="lg:col-start-2 lg:row-start-1">
        <Verdict file={props.file} verdict={verdict.latest} offline={props.offline} />
      </div>
      <div class="grid min-w-0 gap-4 lg:col-start-1 lg:row-span-2 lg:row-start-1">
        <Show when={props.differs}>
          <Notice tone="negative" title={t("public.differs")}>
            {t("public.differsBody")}
          </Notice>
        </Show>
        <For each={props.file.revocation ? [] : props.revokedBatches}>
          {(one) => (
            <Notice
              tone="warning"
              title={t("public.batchRevoked", { number: one.batch, date: f.date(one.revokedAt) })}
            >
              <p>{one.reason}</p>
              <p class="mt-1">
                {t("public.batchRevokedBody")}{" "}
                <a class="underline underline-offset-2" href={`/registry/batches/${one.batch}`}>
                  {t("public.batchPage", { number: one.batch })}
                </a>
              </p>
            </Notice>
          )}
        </For>
        <Engraved file={props.file} revoked={!!props.file.revocation} />
        <Facts document={document()} />
        <Lots document={document()} />
        <Standing status={props.file.status} />
      </div>
      <div class="grid min-w-0 gap-4 lg:col-start-2 lg:row-start-2">
        <Share file={props.file} />
        <Card title={t("public.checks")} subtitle={t("public.checksLead")}>
          <p class="mb-2 text-sm text-muted">{t("command.verify")}</p>
          <Command
            words={`verify ${document().number}.json --registry ${location.origin}/.well-known/evx-registry.json`}
          />
          <details class="mt-3">
            <summary class="tap text-sm text-accent underline underline-offset-2">{t("public.each")}</summary>
            <Show when={verdict.latest} fallback={<Skeleton lines={5} />}>
              {(found) => <Checks verification={found()} />}
            </Show>
          </details>
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
              <dd>
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
            hideLabel
            accept=".json,application/json"
            onFile={(file) => void readProof(file)}
          />
        </Card>
      </div>
    </div>
  );
}

/** What became of each run of its grams since, as the registry signed it. */
const Standing = (props: { status: unknown }) => {
  const t = useText("paper");
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
            <For each={found().unstated}>
              {(sum) => (
                <li class="flex items-start justify-between gap-4 py-2">
                  <span class="min-w-0 text-muted">
                    {t.n("public.unstated", sum.runs, { credits: f.credits(creditsOf(BigInt(sum.grams))) })}
                  </span>
                  <span class="shrink-0">{t(`state.${sum.state}`)}</span>
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
  const t = useText("paper");
  const f = useFormat();
  const onlyRevoked = () =>
    props.verdict?.checks.every(({ name, ok }) => ok !== false || name === "revocation") ?? false;
  return (
    <div aria-live="polite" class="min-h-62">
      <Switch fallback={<Notice>{t("public.checking")}</Notice>}>
        <Match when={props.verdict && props.file.revocation && onlyRevoked() && props.file.revocation}>
          {(revocation) => (
            <Notice tone="negative" title={t("public.revoked", { date: f.date(revocation().revokedAt) })}>
              <span class="wrap-anywhere">{revocation().reason}</span>
              <Ticks checks={props.verdict?.checks ?? []} />
            </Notice>
          )}
        </Match>
        <Match when={props.verdict && !props.verdict.ok}>
          <Notice tone="negative" title={t("public.bad")}>
            {t("public.badBody")}
            <Ticks checks={props.verdict?.checks ?? []} />
          </Notice>
        </Match>
        <Match when={props.verdict && (props.offline || props.verdict.verdict === "unknown_signer")}>
          <Notice tone="warning" title={t("public.offline")}>
            {t("public.offlineBody")}
            <Ticks checks={props.verdict?.checks ?? []} />
          </Notice>
        </Match>
        <Match when={props.verdict}>
          <Notice tone="positive" title={t("public.good")}>
            {t("public.goodBody")}
            <Ticks checks={props.verdict?.checks ?? []} />
          </Notice>
        </Match>
      </Switch>
    </div>
  );
};
