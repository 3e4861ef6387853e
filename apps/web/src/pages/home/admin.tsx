import { Card, cx, Skeleton } from "@evx/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Flow } from "./flow.tsx";
import { Health, partsOf, useHealth } from "./health.tsx";
import { sumOf, type Task, tasksOf, type Waiting, waitingOf } from "./needs.ts";
import { Months } from "./venue.tsx";

const links: Record<Name, string> = {
  disputes: "/admin/disputes",
  payments: "/admin/payments?show=flagged",
  withdrawals: "/admin/payments?view=withdrawals",
  identity: "/cva/kyc",
  jobs: "/admin/jobs",
  requests: "/cva",
  signs: "/admin/collusion",
  messages: "/admin/messages",
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
  const signs = useQuery(api.verification.review.alerts.queryOptions());
  const messages = useInfiniteQuery(api.notifications.undelivered.pageOptions(() => ({ limit: 100 })));
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
  const sums = () => ({
    disputes: sumOf(
      disputes.data?.pages,
      ({ total, currency }) => ({ amount: total, currency }),
      (row) => row.status === "open",
    ),
    payments: sumOf(payments.data?.pages, (row) => row),
    withdrawals: sumOf(withdrawals.data?.pages, (row) => row),
  });
  const watched = () => ({
    requests: waitingOf(requests.data?.pages, (row) => row.submittedAt),
    // A sign waits for nobody: it has no oldest one.
    signs: signs.data && {
      count: signs.data.items.length,
      more: signs.data.items.length >= mostSigns,
      oldest: null,
    },
    // Some go to addresses that are no more, and nobody can do anything about those: watched, not worked off.
    messages: waitingOf(messages.data?.pages, (row) => row.createdAt),
  });
  return { lists, sums, watched };
};

/** As many signs as are listed at once. */
const mostSigns = 100;

/** The operator's home: what needs a decision, what flows and what stands, on one screen; the months below. */
export default function AdminHome() {
  const t = useText("home");
  const { lists, sums, watched } = useLists();
  const book = useQuery(api.payments.book.queryOptions());
  const health = useHealth();
  const tasks = () => tasksOf(lists());
  const isBalanced = () => Number(book.data?.sum ?? 0) === 0;
  const isWell = () => health.data !== undefined && partsOf(health.data).every(({ good }) => good);
  return (
    <Page
      title={t("admin.title")}
      heading={
        <Show when={tasks()} fallback={t("admin.looking")}>
          {(found) => <>{found().length === 0 ? t("admin.calm") : t.n("admin.needs", found().length)}</>}
        </Show>
      }
      lead={
        <Show when={book.data} fallback={<Skeleton class="h-5 w-72 max-w-full" />}>
          <span class={cx(!isBalanced() && "font-semibold text-negative")}>
            {t(isBalanced() ? "admin.balanced" : "admin.unbalanced")}
          </span>{" "}
          <Show when={health.data ?? health.error}>
            <span class={cx(!isWell() && "font-semibold text-negative")}>
              {t(isWell() ? "health.well" : "health.trouble")}
            </span>
          </Show>
        </Show>
      }
    >
      <div class="grid min-w-0 gap-5 sm:gap-7 lg:grid-cols-3">
        <Card title={t("admin.queues")}>
          <Queues lists={{ ...watched(), ...lists() }} sums={sums()} lit={tasks()?.[0]?.task} />
        </Card>
        <Flow book={book.data} />
        <Health />
      </div>
      <Months />
    </Page>
  );
}

/** What is listed: the operator's own tasks, the auditors', and what is only watched. */
type Name = Task | "requests" | "signs" | "messages";

type Sums = Partial<Record<Name, ReturnType<typeof sumOf>>>;

const yours = ["disputes", "withdrawals", "payments", "identity", "jobs"] as const;

/** What waits and for whom; the operator's own first, the one that waits longest lit. */
const Queues = (props: { lists: Record<Name, Waiting | undefined>; sums: Sums; lit: Task | undefined }) => {
  const t = useText("home");
  const group = (title: string, names: readonly Name[]) => (
    <>
      <h3 class="mt-3 mb-1 text-xs font-medium text-muted first:mt-0">{title}</h3>
      <ul class="divide-y divide-line">
        <For each={names}>
          {(name) => (
            <Queue
              name={name}
              waiting={props.lists[name]}
              sum={props.sums[name] ?? null}
              isLit={props.lit === name}
            />
          )}
        </For>
      </ul>
    </>
  );
  return (
    <div>
      {group(t("admin.you"), yours)}
      {group(t("admin.auditors"), ["requests"])}
      {group(t("admin.watch"), ["signs", "messages"])}
    </div>
  );
};

const Queue = (props: {
  name: Name;
  waiting: Waiting | undefined;
  sum: ReturnType<typeof sumOf>;
  isLit: boolean;
}) => {
  const t = useText("home");
  const f = useFormat();
  const isEmpty = () => !props.waiting?.count;
  return (
    <li
      class={cx(
        "relative flex min-h-11 items-center gap-3 py-1",
        props.isLit && "-mx-4 border-s-4 border-s-lit bg-warning-soft ps-3 pe-4 sm:-mx-5 sm:ps-4 sm:pe-5",
      )}
    >
      <span class={cx("figure w-12 shrink-0 text-[1.75rem]", isEmpty() && "text-muted")} data-figure>
        <Show when={props.waiting} fallback="–">
          {(waiting) => <>{`${f.number(waiting().count)}${waiting().more ? "+" : ""}`}</>}
        </Show>
      </span>
      <span class="min-w-0 grow">
        <a
          href={links[props.name]}
          class={cx("block after:absolute after:inset-0", isEmpty() ? "text-muted" : "font-semibold")}
        >
          {t(`queue.${props.name}`)}
        </a>
        <Show when={props.waiting?.oldest}>
          {(oldest) => (
            <span class="block text-[0.8125rem]/4.5 text-muted">
              {t("admin.since", { when: f.relative(oldest()) })}
              <Show when={props.sum}>
                {(sum) => (
                  <>
                    {", "}
                    {t(props.name === "withdrawals" ? "admin.amount" : "admin.atStake", {
                      amount: `${f.money(sum().amount, sum().currency)}${props.waiting?.more ? "+" : ""}`,
                    })}
                  </>
                )}
              </Show>
            </span>
          )}
        </Show>
      </span>
    </li>
  );
};
