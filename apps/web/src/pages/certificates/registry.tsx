import type { BatchVerdict, Verification } from "@evx/proof";
import {
  Button,
  Card,
  type Column,
  EmptyState,
  FileDrop,
  LinkButton,
  Notice,
  Select,
  Table,
  TextInput,
  TextLink,
} from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import ScanQrCode from "lucide-solid/icons/scan-qr-code";
import { createSignal, Match, Show, Switch } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Checks } from "./checks.tsx";
import { Standing } from "./standing.tsx";
import { registryTrust } from "./trust.ts";

const Scan = part(() => import("./scan.tsx"));

type Certificate = Answer<typeof api.verification.certificates.search>["items"][number];

const kinds = ["issuance", "purchase", "transfer", "retirement"] as const;

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
        <TextLink href="/keys">{t("keys.title")}</TextLink>
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
          <Notice tone={now().revocation ? "negative" : "positive"} title={t("file.now")}>
            <Show when={now().revocation} fallback={t("file.nowGood", { date: f.dateTime(now().asOf) })}>
              {(revocation) => (
                <>
                  {t("file.nowRevoked", { date: f.date(revocation().revokedAt) })}
                  <span class="block break-words">{revocation().reason}</span>
                </>
              )}
            </Show>
          </Notice>
        )}
      </Match>
    </Switch>
  );
};

const FileForm = () => {
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

const Search = () => {
  const t = useText("certificates");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ q?: string; kind?: string }>();
  const kind = () => kinds.find((name) => name === search.kind);
  const filter = () => ({
    ...(search.q?.trim() ? { q: search.q.trim() } : {}),
    ...(kind() ? { kind: kind() } : {}),
  });
  const found = useInfiniteQuery(api.verification.certificates.search.pageOptions(filter));
  const csv = () => `/api/public/certificates.csv?${new URLSearchParams(filter() as Record<string, string>)}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const type = (q: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => setSearch({ q: q || undefined }, { replace: true }), 250);
  };
  const columns = (): Column<Certificate>[] => [
    {
      key: "number",
      header: t("column.number"),
      lead: true,
      cell: (row) => (
        <a
          href={`/c/${row.certificateNumber}`}
          class="font-mono text-[0.8125rem] whitespace-nowrap hover:underline"
        >
          {row.certificateNumber}
        </a>
      ),
    },
    { key: "kind", header: t("column.kind"), cell: (row) => t(`kind.${row.kind}`) },
    {
      key: "holder",
      header: t("column.holder"),
      cell: (row) => <span class="break-words">{row.beneficiaryName ?? row.holderName}</span>,
    },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsAmount),
    },
    {
      key: "date",
      header: t("column.date"),
      cell: (row) => <span class="whitespace-nowrap">{f.date(row.issueDate)}</span>,
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => <Standing status={row.status} current={row.current} credits={row.creditsAmount} />,
    },
  ];
  return (
    <Card
      flush
      class="mt-4"
      title={t("registry.search")}
      actions={
        <LinkButton variant="secondary" size="sm" rel="external" href={csv()} download="">
          {t("registry.csv")}
        </LinkButton>
      }
    >
      <div class="grid gap-4 px-4 pb-4 sm:grid-cols-[minmax(0,1fr)_14rem] sm:px-5">
        <TextInput label={t("registry.searchLabel")} type="search" value={search.q ?? ""} onValue={type} />
        <Select
          label={t("registry.kind")}
          placeholder={t("registry.all")}
          value={kind() ?? ""}
          options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onValue={(value) => setSearch({ kind: value || undefined })}
        />
      </div>
      <LoadedPages query={found}>
        {(rows) => (
          <Table
            caption={t("registry.search")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={t("registry.empty")}>{t("registry.emptyBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </Card>
  );
};
