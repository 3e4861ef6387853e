import type { CertificateFile } from "@evx/proof";
import { EmptyState, LinkButton, Skeleton } from "@evx/ui";
import { useLocation, useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createResource, Match, Show, Switch } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { registryTrust } from "./trust.ts";

/** The sheet itself, and all that is beside it: fetched beside the certificate's data. */
const Shown = part(() => import("./shown.tsx"), "min-h-[60rem]");
void Shown.preload();

/** The code that checks signatures and proofs; fetched beside the certificate itself. */
const prover = () => import("@evx/proof");

/**
 * A certificate for anyone who has its number or scanned its code. The signature is checked here, in the browser,
 * with the venue's published keys. A scanned code carries the signed document itself: it is checked even when the
 * registry cannot be reached, and compared with the registry's own when it can.
 */
export default function PublicCertificate() {
  const t = useText("paper");
  const f = useFormat();
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

  /** What it says, in a sentence; its number is on the sheet itself. */
  const heading = () => (
    <Show when={file()} fallback={t("public.title", { number: params.number })}>
      {(found) => {
        const { kind, credits, holder, retirement } = found().certificate;
        return t(`public.heading.${kind}`, {
          mass: f.creditsMass(credits),
          name: retirement?.beneficiary ?? holder,
        });
      }}
    </Show>
  );

  return (
    <Page title={t("public.title", { number: params.number })} heading={heading()}>
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
            action={<LinkButton href="/certificates">{t("public.check")}</LinkButton>}
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
