import type { StatusStatement, Verification } from "@evx/proof";
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
  const t = useText("certificates");
  const [asked, setAsked] = createSignal<string>();
  const [verdict, setVerdict] = createSignal<Verification>();
  const read = async (file: File) => {
    const { verifyCertificate } = await import("@evx/proof");
    // A certificate is a few kilobytes; what is larger is not read at all.
    const text = file.size > 5_000_000 ? "" : await file.text();
    const found = await verifyCertificate(text, (await registryTrust()) ?? {});
    setVerdict(found);
    setAsked(found.certificate?.number);
  };
  return (
    <Card title={t("registry.file")} subtitle={t("registry.fileHint")}>
      <div class="grid gap-4">
        <FileDrop
          label={t("registry.file")}
          accept=".json,application/json"
          onFile={(file) => void read(file)}
        />
        <Show when={verdict()}>
          {(found) => (
            <div aria-live="polite">
              <Show when={found().certificate}>
                {(certificate) => <p class="mb-1 font-mono text-xs break-all">{certificate().number}</p>}
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

type Said = Pick<StatusStatement, "status" | "revocation">;

const toneOf = ({ status, revocation }: Said): "negative" | "positive" | "warning" =>
  revocation ? "negative" : status === "valid" ? "positive" : "warning";

/** What is genuine and was not revoked may be the newest word on nothing any more: its grams were sold on, or retired. */
const wordOf = ({ status }: Said): "file.nowPassedOn" | "file.nowRetired" | "file.nowGood" =>
  status === "superseded" ? "file.nowPassedOn" : status === "retired" ? "file.nowRetired" : "file.nowGood";

/** What the registry says of a number now: a file that was kept tells of its own day alone. */
const Now = (props: { number: string }) => {
  const t = useText("certificates");
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
          title={t("file.now")}
        >
          {t(status.error?.code === "certificate_not_found" ? "file.nowUnknown" : "file.nowUnreachable")}
        </Notice>
      </Match>
      <Match when={!status.isPending && status.data}>
        {(now) => (
          <Notice tone={toneOf(now())} title={t("file.now")}>
            <Show when={now().revocation} fallback={t(wordOf(now()), { date: f.dateTime(now().asOf) })}>
              {(revocation) => (
                <>
                  {t("file.nowRevoked", { date: f.date(revocation().revokedAt) })}
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
