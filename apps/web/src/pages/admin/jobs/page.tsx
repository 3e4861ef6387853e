import { Badge, Button, Card, type Column, EmptyState, Notice, Table } from "@evx/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../../frame/failure.tsx";
import { Loaded, LoadedPages } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { QueueName, useQueueName } from "./queue-name.tsx";
import { WhyFailed } from "./why-failed.tsx";

type Ahead = Answer<typeof api.jobs.queues>;
type Queue = Ahead["queues"][number];
type Failed = Answer<typeof api.jobs.list>["items"][number];

/** The work that runs behind: what waits, since when, what failed for good, and a way to run it again. */
export default function JobsPage() {
  const t = useText("jobs");
  const ahead = useQuery(api.jobs.queues.with({ refetchInterval: 5_000 }).queryOptions());
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="grid gap-6">
        <Loaded query={ahead}>{(data) => <Unknown rows={data().unknown} />}</Loaded>
        <Card title={t("failed.title")} subtitle={t("failed.lead")}>
          <FailedJobs />
        </Card>
        <Card title={t("queues.title")} subtitle={t("queues.lead")}>
          <Loaded query={ahead}>{(data) => <Queues rows={data().queues} />}</Loaded>
        </Card>
      </div>
    </Page>
  );
}

const Unknown = (props: { rows: Ahead["unknown"] }) => {
  const t = useText("jobs");
  const named = useQueueName();
  const f = useFormat();
  return (
    <Show when={props.rows.length > 0}>
      <Notice tone="warning">
        <p>{t("unknown.lead")}</p>
        <ul class="mt-1">
          <For each={props.rows}>
            {(row) => (
              <li>
                {t("unknown.row", {
                  name: named(row.name),
                  count: f.number(row.waiting),
                  since: f.dateTime(row.oldest),
                })}
              </li>
            )}
          </For>
        </ul>
      </Notice>
    </Show>
  );
};

const Queues = (props: { rows: readonly Queue[] }) => {
  const t = useText("jobs");
  const f = useFormat();
  const columns = (): Column<Queue>[] => [
    {
      key: "queue",
      header: t("queue"),
      lead: true,
      cell: (row) => <QueueName code={row.queue} />,
    },
    { key: "waiting", header: t("waiting"), align: "end", cell: (row) => f.number(row.waiting) },
    { key: "active", header: t("active"), align: "end", cell: (row) => f.number(row.active) },
    {
      key: "failed",
      header: t("failed"),
      align: "end",
      cell: (row) =>
        row.failed > 0 ? <Badge tone="accent">{f.number(row.failed)}</Badge> : f.number(row.failed),
    },
    { key: "oldest", header: t("oldest"), cell: (row) => (row.oldest ? f.dateTime(row.oldest) : "") },
  ];
  return (
    <Table
      caption={t("queues.title")}
      columns={columns()}
      rows={props.rows.filter(({ waiting, active, failed }) => waiting + active + failed > 0)}
      empty={<EmptyState title={t("queues.none")}>{t("queues.noneBody")}</EmptyState>}
    />
  );
};

const FailedJobs = () => {
  const t = useText("jobs");
  const named = useQueueName();
  const f = useFormat();
  const client = useQueryClient();
  const [busy, setBusy] = createSignal<string | null>(null);
  const [refused, setRefused] = createSignal<unknown>(null);
  const failed = useInfiniteQuery(api.jobs.list.pageOptions(() => ({ limit: 25 })));

  const retry = async (job: Failed) => {
    setBusy(job.id);
    setRefused(null);
    try {
      await api.jobs.retry.call({ id: job.id });
      void notify.success(t("retried", { queue: named(job.queue) }));
    } catch (error) {
      setRefused(error);
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: api.jobs.list.key() }),
      client.invalidateQueries({ queryKey: api.jobs.queues.key() }),
    ]);
    setBusy(null);
  };

  const columns = (): Column<Failed>[] => [
    {
      key: "queue",
      header: t("queue"),
      lead: true,
      cell: (job) => (
        <div class="min-w-0 max-w-xs">
          <QueueName code={job.queue} />
          <span class="block font-mono text-xs break-all text-muted">{job.cause ?? ""}</span>
        </div>
      ),
    },
    {
      key: "error",
      header: t("error"),
      cell: (job) => (
        <div class="max-w-sm min-w-0 wrap-anywhere">
          <WhyFailed reason={job.reason} raw={[job.error, job.payload].filter(Boolean).join("\n")} />
        </div>
      ),
    },
    { key: "attempts", header: t("attempts"), align: "end", cell: (job) => f.number(job.attempts) },
    { key: "at", header: t("failedAt"), cell: (job) => f.dateTime(job.failedAt) },
    {
      key: "retry",
      header: t("action"),
      cell: (job) => (
        <Button variant="secondary" busy={busy() === job.id} onClick={() => void retry(job)}>
          {t("retry")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <div aria-live="polite">
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      </div>
      <LoadedPages query={failed}>
        {(rows) => (
          <Table
            caption={t("failed.title")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={t("failed.none")}>{t("failed.noneBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </>
  );
};
