import { Button, Card, EmptyState, LinkButton, ProgressBar, Select, StatusDot } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createEffect, createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Period } from "./period.tsx";

type File = Answer<typeof api.reports.exports.list>["items"][number];
export type Report = File["report"];

const formats = ["xlsx", "csv", "pdf"] as const;
const inRows = (report: Report) => report === "sales" || report === "trips";
const tones = {
  queued: "neutral",
  running: "info",
  done: "positive",
  failed: "negative",
  expired: "neutral",
} as const;

/** Has reports written into files, shows how far they are, and where they are. */
export const Files = (props: { period: Period; reports: readonly Report[]; everybody?: boolean }) => {
  const t = useText("reports");
  const client = useQueryClient();
  const [report, setReport] = createSignal<Report>(props.reports[0] ?? "personal");
  const [format, setFormat] = createSignal<(typeof formats)[number]>("xlsx");
  const [busy, setBusy] = createSignal(false);
  const [refused, setRefused] = createSignal<unknown>(null);
  const [unfinished, setUnfinished] = createSignal(false);
  const files = useQuery(
    api.reports.exports.list.with(() => ({ refetchInterval: unfinished() ? 1_500 : false })).queryOptions(),
  );
  createEffect(() =>
    setUnfinished(
      files.data?.items.some(({ status }) => status === "queued" || status === "running") ?? false,
    ),
  );
  const choices = () => formats.filter((one) => one !== "pdf" || !inRows(report()));
  const make = async () => {
    setBusy(true);
    setRefused(null);
    try {
      await api.reports.exports.ask.call({
        ...props.period.input(),
        report: report(),
        format: choices().includes(format()) ? format() : "xlsx",
        ...(props.everybody && inRows(report()) ? { everybody: true } : {}),
      });
      await client.invalidateQueries({ queryKey: api.reports.exports.list.key() });
    } catch (error) {
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card class="mt-7 min-w-0" title={t("files.title")} subtitle={t("files.lead")}>
      <div class="flex flex-wrap items-end gap-4">
        <Select
          class="w-64"
          label={t("files.what")}
          value={report()}
          options={props.reports.map((value) => ({ value, label: t(`report.${value}`) }))}
          onValue={setReport}
        />
        <Select
          class="w-32"
          label={t("files.format")}
          value={choices().includes(format()) ? format() : "xlsx"}
          options={choices().map((value) => ({ value, label: value.toUpperCase() }))}
          onValue={setFormat}
        />
        <Button variant="secondary" busy={busy()} onClick={() => void make()}>
          {t("files.make")}
        </Button>
      </div>
      <div aria-live="polite">
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      </div>
      <Loaded query={files}>
        {(data) => (
          <Show
            when={data().items.length > 0}
            fallback={
              <div class="mt-4">
                <EmptyState title={t("files.none")} />
              </div>
            }
          >
            <ul class="mt-5 divide-y divide-line">
              <For each={data().items}>{(file) => <FileRow file={file} />}</For>
            </ul>
          </Show>
        )}
      </Loaded>
    </Card>
  );
};

const FileRow = (props: { file: File }) => {
  const t = useText("reports");
  const f = useFormat();
  const running = () => props.file.status === "running" || props.file.status === "queued";
  return (
    <li class="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 text-sm">
      <span class="min-w-0 grow wrap-anywhere">
        {t(`report.${props.file.report}`)} <span class="text-muted">{props.file.fileName}</span>
      </span>
      <Show when={running()}>
        <ProgressBar
          class="w-40"
          label={props.file.fileName}
          value={props.file.rowsTotal === null ? undefined : props.file.rowsDone}
          max={props.file.rowsTotal ?? 1}
          note={t("files.progress", { done: f.number(props.file.rowsDone) })}
        />
      </Show>
      <Show when={props.file.status === "done"}>
        <span class="text-xs text-muted">
          {t.n("files.rows", props.file.rowsDone)}, {t("files.until", { day: f.date(props.file.expiresAt) })}
        </span>
      </Show>
      <Show when={props.file.status === "failed"}>
        <span class="text-xs text-muted">{t("files.failedBody")}</span>
      </Show>
      <StatusDot tone={tones[props.file.status]}>{t(`files.${props.file.status}`)}</StatusDot>
      <Show when={props.file.url}>
        {(url) => (
          <LinkButton
            size="sm"
            variant="secondary"
            rel="external"
            href={url()}
            download={props.file.fileName}
          >
            {t("files.get")}
          </LinkButton>
        )}
      </Show>
    </li>
  );
};
