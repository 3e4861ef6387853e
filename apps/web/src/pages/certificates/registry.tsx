import type { BatchVerdict } from "@evx/proof";
import { Button, Card, TextInput, TextLink } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import ScanQrCode from "lucide-solid/icons/scan-qr-code";
import { createSignal, Show } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { Checks } from "./checks.tsx";
import { registryTrust } from "./trust.ts";

const Scan = part(() => import("./scan.tsx"), undefined, true);
// Beside and under what is asked first.
const FileForm = part(() => import("./file-form.tsx"), "min-h-52", true);
const Search = part(() => import("./search.tsx"), "min-h-[60rem]", true);

/** Check one by its number or its file, or look through all of them. No account is needed. */
export default function Registry() {
  const t = useText("certificates");
  return (
    <Page title={t("registry.title")} lead={t("registry.lead")}>
      <div class="grid items-start gap-4 lg:grid-cols-2">
        <div class="grid gap-4">
          <NumberForm />
          <BatchForm />
        </div>
        <FileForm />
      </div>
      <p class="my-4 text-sm">
        <TextLink href="/keys">{t("registry.keys")}</TextLink>
      </p>
      <Search />
    </Page>
  );
}

const NumberForm = () => {
  const t = useText("certificates");
  const navigate = useNavigate();
  const [number, setNumber] = createSignal("");
  const [error, setError] = createSignal<string>();
  const [scanning, setScanning] = createSignal(false);
  const check = async (event: SubmitEvent) => {
    event.preventDefault();
    const proof = await import("@evx/proof");
    const read = proof.readCertificateNumber(number());
    if (!proof.isCertificateNumber(read)) return setError(t("registry.bad"));
    navigate(`/c/${read}`);
  };
  return (
    <Card>
      <form novalidate class="grid gap-4" onSubmit={(event) => void check(event)}>
        <TextInput
          label={t("registry.number")}
          hint={t("registry.numberHint")}
          value={number()}
          error={error()}
          autocapitalize="characters"
          spellcheck={false}
          onValue={(value) => {
            setNumber(value);
            setError(undefined);
          }}
        />
        <div class="flex flex-wrap gap-2">
          <Button type="submit">{t("registry.check")}</Button>
          <Button
            variant="secondary"
            icon={<ScanQrCode size={16} aria-hidden="true" />}
            onClick={() => setScanning(true)}
          >
            {t("scan.open")}
          </Button>
        </div>
      </form>
      <Show when={scanning()}>
        <Scan onClose={() => setScanning(false)} />
      </Show>
    </Card>
  );
};

/** Checks in the browser that a batch's trips are those that the public log has. */
const BatchForm = () => {
  const t = useText("certificates");
  const [number, setNumber] = createSignal("");
  const [error, setError] = createSignal<string>();
  const [verdict, setVerdict] = createSignal<BatchVerdict>();
  const check = async (event: SubmitEvent) => {
    event.preventDefault();
    const digits = number().replace(/^#/, "").trim();
    setVerdict(undefined);
    if (!/^\d{1,18}$/.test(digits)) return setError(t("batch.bad"));
    const { checkBatch } = await import("@evx/proof");
    const read = async (address: string) => {
      const answer = await fetch(address, { signal: AbortSignal.timeout(30_000) });
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
    };
    const trust = (await registryTrust()) ?? {};
    setVerdict(await checkBatch({ url: location.origin, number: digits, fetch: read }, trust));
  };
  return (
    <Card title={t("batch.title")} subtitle={t("batch.lead")}>
      <form novalidate class="grid gap-4" onSubmit={(event) => void check(event)}>
        <TextInput
          label={t("batch.number")}
          hint={t("batch.numberHint")}
          inputmode="numeric"
          value={number()}
          error={error()}
          onValue={(value) => {
            setNumber(value);
            setError(undefined);
          }}
        />
        <div>
          <Button type="submit">{t("batch.check")}</Button>
        </div>
        <Show when={verdict()}>
          {(found) => (
            <div aria-live="polite">
              <Checks verification={{ checks: found().checks, trust: "known" }} />
            </div>
          )}
        </Show>
      </form>
    </Card>
  );
};
