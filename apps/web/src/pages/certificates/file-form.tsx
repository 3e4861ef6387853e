import type { CertificateDocument, StatusStatement, UnreadableCode, Verification } from "@evx/proof";
import { Card, FileDrop, Notice } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Checks } from "./checks.tsx";
import { registryTrust } from "./trust.ts";

/** Checks a certificate that somebody kept as a file, in this browser. */
export default function FileForm() {
  const t = useText("checkFile");
  const [asked, setAsked] = createSignal<string>();
  const [verdict, setVerdict] = createSignal<Verification>();
  const [unreadable, setUnreadable] = createSignal<UnreadableCode | "not_read">();
  const read = async (file: File) => {
    const { certificateText, isCertificateNumber, longestFile, Unreadable, verifyCertificate } = await import(
      "@evx/proof"
    );
    setVerdict(undefined);
    setAsked(undefined);
    setUnreadable(undefined);
    try {
      // What is larger than any certificate is not taken into memory.
      if (file.size > longestFile) throw new Unreadable("too_large");
      const text = await certificateText(new Uint8Array(await file.arrayBuffer()));
      const found = await verifyCertificate(text, (await registryTrust()) ?? {});
      setVerdict(found);
      const number = found.certificate?.number;
      if (number !== undefined && isCertificateNumber(number)) setAsked(number);
    } catch (error) {
      // A file may be gone from its place by the time it is read.
      setUnreadable(error instanceof Unreadable ? error.code : "not_read");
    }
  };
  return (
    <Card title={t("title")} subtitle={t("hint")}>
      <div class="grid gap-4">
        <FileDrop
          label={t("title")}
          hideLabel
          accept=".json,.pdf,application/json,application/pdf"
          error={unreadable() && t(unreadable() as UnreadableCode | "not_read")}
          onFile={(file) => void read(file)}
        />
        <Show when={verdict()}>
          {(found) => (
            <div aria-live="polite">
              <Show when={asked()}>{(number) => <p class="font-mono text-xs break-all">{number()}</p>}</Show>
              {/* Of a file that does not hold, nothing but its number is repeated. */}
              <Show when={found().ok && found().certificate}>
                {(certificate) => <Says certificate={certificate()} />}
              </Show>
              <Checks verification={found()} />
              <Show when={asked()}>{(number) => <Now number={number()} />}</Show>
            </div>
          )}
        </Show>
      </div>
    </Card>
  );
}

/** What was signed, in short: whatever the sheets of a PDF or the file's name say, this is what the checks are of. */
const Says = (props: { certificate: CertificateDocument }) => {
  const t = useText("paper");
  const f = useFormat();
  return (
    <p class="mb-1 wrap-anywhere">
      {t(`paper.${props.certificate.kind}`)}: {f.creditsFigure(props.certificate.credits)},{" "}
      {(props.certificate.retirement?.beneficiary ?? props.certificate.holder).slice(0, 200)}
    </p>
  );
};

type Said = Pick<StatusStatement, "status" | "revocation">;

const toneOf = ({ status, revocation }: Said): "negative" | "positive" | "warning" =>
  revocation ? "negative" : status === "valid" ? "positive" : "warning";

/** What is genuine and was not revoked may be the newest word on nothing any more: its grams were sold on, or retired. */
const wordOf = ({ status }: Said): "nowPassedOn" | "nowRetired" | "nowGood" =>
  status === "superseded" ? "nowPassedOn" : status === "retired" ? "nowRetired" : "nowGood";

/** What the registry says of a number now: a file that was kept tells of its own day alone. */
const Now = (props: { number: string }) => {
  const t = useText("checkFile");
  const f = useFormat();
  const status = useQuery(
    api.verification.certificates.status
      .with({ retry: false, staleTime: 10_000 })
      .queryOptions(() => ({ number: props.number })),
  );
  return (
    <Switch>
      <Match when={status.isError}>
        <Notice
          tone={status.error?.code === "certificate_not_found" ? "negative" : "warning"}
          title={t("now")}
        >
          {t(status.error?.code === "certificate_not_found" ? "nowUnknown" : "nowUnreachable")}
        </Notice>
      </Match>
      <Match when={!status.isPending && status.data}>
        {(now) => (
          <Notice tone={toneOf(now())} title={t("now")}>
            <Show when={now().revocation} fallback={t(wordOf(now()), { date: f.dateTime(now().asOf) })}>
              {(revocation) => (
                <>
                  {t("nowRevoked", { date: f.date(revocation().revokedAt) })}
                  <span class="block wrap-anywhere">{revocation().reason}</span>
                </>
              )}
            </Show>
          </Notice>
        )}
      </Match>
    </Switch>
  );
};
