import { Card, cx, DescriptionList, LinkButton, Skeleton } from "@evx/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Health } from "./health.tsx";
import { type Task, tasksOf, type Waiting, waitingOf } from "./needs.ts";
import { Months } from "./venue.tsx";

const links: Record<Task, string> = {
  disputes: "/admin/disputes",
  payments: "/admin/payments?show=flagged",
  withdrawals: "/admin/payments?view=withdrawals",
  identity: "/cva/kyc",
  jobs: "/admin/jobs",
};

/** The lists that an operator works off, and that of the auditors, which the operator only watches. */
const useLists = () => {
  const disputes = useInfiniteQuery(api.marketplace.disputes.list.pageOptions(() => ({ limit: 100 })));
  const payments = useInfiniteQuery(
    api.payments.all.pageOptions(() => ({ limit: 100, show: "flagged" as const })),
  );
  const withdrawals = useInfiniteQuery(
    api.payments.allWithdrawals.pageOptions(() => ({ limit: 100, status: "requested" as const })),
  );
  const identity = useInfiniteQuery(
    api.identity.kyc.queue.pageOptions(() => ({ limit: 100, status: "submitted" as const })),
  );
  const requests = useInfiniteQuery(
    api.verification.review.queue.pageOptions(() => ({
      limit: 100,
      status: "open" as const,
      sort: "oldest" as const,
    })),
  );
  const jobs = useInfiniteQuery(api.jobs.list.pageOptions(() => ({ limit: 100 })));
  const lists = (): Record<Task, Waiting | undefined> => ({
    disputes: waitingOf(
      disputes.data?.pages,
      (row) => row.openedAt,
      (row) => row.status === "open",
    ),
    payments: waitingOf(payments.data?.pages, (row) => row.createdAt),
    withdrawals: waitingOf(withdrawals.data?.pages, (row) => row.createdAt),
    identity: waitingOf(identity.data?.pages, (row) => row.submittedAt),
    jobs: waitingOf(jobs.data?.pages, (row) => row.failedAt),
  });
  return { lists, requests: () => waitingOf(requests.data?.pages, (row) => row.submittedAt) };
};

/** The operator's home: what needs a decision, then queues, money, months and health. */
export default function AdminHome() {
  const t = useText("home");
  const { lists, requests } = useLists();
  const book = useQuery(api.payments.book.queryOptions());
  const tasks = () => tasksOf(lists());
  const isBalanced = () => Number(book.data?.sum ?? 0) === 0;
  return (
    <Page
      title={t("admin.title")}
      heading={
        <Show when={tasks()} fallback={t("admin.looking")}>
          {(found) => (found().length === 0 ? t("admin.calm") : t.n("admin.needs", found().length))}
        </Show>
      }
      lead={
        <Show when={book.data} fallback={<Skeleton class="h-5 w-72 max-w-full" />}>
          <span class={cx(!isBalanced() && "font-semibold text-negative")}>
            {t(isBalanced() ? "admin.balanced" : "admin.unbalanced")}
          </span>
        </Show>
      }
    >
      <Show when={tasks()?.length}>
        <ul class="mb-7 grid gap-3 sm:grid-cols-2 sm:gap-4 lg:grid-cols-4">
          <For each={tasks()}>{(task, place) => <TaskCard task={task} lit={place() === 0} />}</For>
        </ul>
      </Show>
      <div class="grid min-w-0 gap-7 lg:grid-cols-[3fr_2fr]">
        <Card
          title={t("admin.money")}
          actions={
            <a class="tap text-sm font-semibold text-accent" href="/admin/payments?view=book">
              {t("admin.open")}
            </a>
          }
        >
          <Loaded query={book}>{(known) => <Money book={known()} />}</Loaded>
        </Card>
        <Card title={t("admin.queues")}>
          <Queues lists={{ requests: requests(), ...lists() }} />
        </Card>
      </div>
      <Months>
        <Health />
      </Months>
    </Page>
  );
}

const useCount = () => {
  const f = useFormat();
  return ({ count, more }: Waiting) => `${f.number(count)}${more ? "+" : ""}`;
};

const TaskCard = (props: { task: Waiting & { task: Task }; lit: boolean }) => {
  const t = useText("home");
  const f = useFormat();
  return (
    <li
      class={cx(
        "relative flex min-w-0 flex-col border-t-2 px-4 pt-3 pb-4",
        props.lit ? "border-t-lit bg-warning-soft" : "border-t-ink bg-surface",
      )}
    >
      <a href={links[props.task.task]} class="font-semibold after:absolute after:inset-0">
        {t.n(`task.${props.task.task}`, props.task.count)}
      </a>
      <p class="mt-1 text-sm text-muted">
        {props.task.oldest ? t("admin.since", { when: f.relative(props.task.oldest) }) : ""}
      </p>
    </li>
  );
};

const queues = ["requests", "identity", "withdrawals", "disputes", "payments", "jobs"] as const;

const Queues = (props: { lists: Record<Task | "requests", Waiting | undefined> }) => {
  const t = useText("home");
  const f = useFormat();
  const count = useCount();
  const link = (name: (typeof queues)[number]) => (name === "requests" ? "/cva" : links[name]);
  return (
    <ul class="divide-y divide-line">
      <For each={queues}>
        {(name) => (
          <li class="relative flex min-h-12 items-center gap-4 py-1.5">
            <span class="figure w-14 shrink-0 text-[2.125rem]" data-figure>
              <Show when={props.lists[name]} fallback="–">
                {(waiting) => count(waiting())}
              </Show>
            </span>
            <a href={link(name)} class="min-w-0 grow font-semibold after:absolute after:inset-0">
              {t(`queue.${name}`)}
            </a>
            <span class="text-end text-sm text-muted">
              {props.lists[name]?.oldest ? f.relative(props.lists[name]?.oldest ?? "") : t("queue.none")}
            </span>
          </li>
        )}
      </For>
    </ul>
  );
};

const accounts = ["escrow", "cash", "cva_pool", "platform_fee", "loss", "debt"] as const;

const Money = (props: {
  book: { currency: string; sum: string; accounts: readonly { kind: string; balance: string }[] };
}) => {
  const t = useText("home");
  const f = useFormat();
  const balance = (kind: string) =>
    props.book.accounts.find((account) => account.kind === kind)?.balance ?? "0";
  return (
    <>
      <DescriptionList
        items={accounts.map((kind) => ({
          label: t(`account.${kind}`),
          value: f.money(balance(kind), props.book.currency),
          strong: kind === "escrow" || kind === "cash",
        }))}
      />
      <p class="mt-3 text-sm font-semibold" data-figure>
        {t("admin.sum", { sum: f.money(props.book.sum, props.book.currency) })}
      </p>
      <LinkButton class="mt-4" variant="secondary" size="sm" href="/admin/log">
        {t("admin.log")}
      </LinkButton>
    </>
  );
};
