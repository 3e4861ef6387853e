import {
  Badge,
  Card,
  type Column,
  EmptyState,
  LinkButton,
  Notice,
  Segmented,
  StatusDot,
  Table,
} from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import Inbox from "lucide-solid/icons/inbox";
import { Match, Show, Switch } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { toneOfStatus, useRequestWords } from "../requests/words.ts";
import { toneOfRisk } from "./risk.tsx";

type Request = Answer<typeof api.verification.review.queue>["items"][number];

const shows = ["open", "mine", "approved", "rejected"] as const;

const useColumns = () => {
  const t = useText("review");
  const f = useFormat();
  const words = useRequestWords();
  const session = useSession();
  return (): Column<Request>[] => [
    {
      key: "owner",
      header: t("column.owner"),
      lead: true,
      cell: (row) => (
        <a href={`/cva/requests/${row.id}`} class="block min-w-0 hover:underline">
          <span class="block font-medium break-words">{row.ownerName}</span>
          <span class="block text-xs font-normal text-muted">{words.vehicle(row)}</span>
        </a>
      ),
    },
    {
      key: "risk",
      header: t("column.risk"),
      cell: (row) => (
        <StatusDot tone={toneOfRisk[row.riskLevel]}>
          {t(`risk.${row.riskLevel}`)}, {row.riskScore}
        </StatusDot>
      ),
    },
    {
      key: "trips",
      header: t("column.period"),
      cell: (row) => (
        <span class="whitespace-nowrap">
          <span class="block">
            {words.trips(row.tripCount)}
            <Show when={row.flaggedTripCount > 0}>
              {", "}
              {t("queue.flagged", { count: f.number(row.flaggedTripCount) })}
            </Show>
          </span>
          <span class="block text-xs text-muted">{words.span(row)}</span>
        </span>
      ),
    },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsIssued ?? row.creditsRequested),
    },
    {
      key: "sent",
      header: t("column.submitted"),
      cell: (row) => <span class="whitespace-nowrap">{f.relative(row.submittedAt)}</span>,
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <span class="inline-flex flex-wrap items-center gap-1.5">
          <StatusDot tone={toneOfStatus(row.status)}>{t(`status.${row.status}`)}</StatusDot>
          <Switch>
            <Match when={row.interest}>
              <Badge tone="neutral">{t("queue.interest")}</Badge>
            </Match>
            <Match when={row.approvals > 0 && row.status === "in_review"}>
              <Badge>{t("queue.second")}</Badge>
            </Match>
          </Switch>
        </span>
      ),
    },
    {
      key: "reviewer",
      header: t("column.reviewer"),
      cell: (row) => (
        <Switch fallback={<span class="text-muted">{t("queue.nobody")}</span>}>
          <Match when={row.reviewerId === session.userId()}>
            <Badge>{t("queue.you")}</Badge>
          </Match>
          <Match when={row.reviewerName}>{(name) => <span class="break-words">{name()}</span>}</Match>
        </Switch>
      ),
    },
  ];
};

/** The reviewers' queue, riskiest first. */
export default function Queue() {
  const t = useText("review");
  const session = useSession();
  const f = useFormat();
  const columns = useColumns();
  const [search, setSearch] = useSearchParams<{ show?: string }>();
  const askedShow = oneOf(search, "show", shows);
  const shown = () => askedShow() ?? "open";
  const queue = useInfiniteQuery(
    api.verification.review.queue.pageOptions(() => {
      const show = shown();
      return show === "mine" ? { status: "open" as const, mine: true } : { status: show };
    }),
  );

  const rows = () => (queue.isPending ? undefined : queue.data?.pages.flatMap(({ items }) => items));
  /** The riskiest that the reader may judge: their own first, since it is begun. */
  const next = () => {
    const fit = (rows() ?? []).filter(
      (row) => row.interest === null && (row.reviewerId === null || row.reviewerId === session.userId()),
    );
    return fit.find((row) => row.reviewerId !== null) ?? fit[0];
  };
  const waiting = () => `${f.number(rows()?.length ?? 0)}${queue.hasNextPage ? "+" : ""}`;

  return (
    <Page
      title={t("queue.title")}
      heading={
        <Show when={shown() === "open" && rows()?.length} fallback={t("queue.title")}>
          {(count) =>
            count() === 1 ? t("queue.waiting_one") : t("queue.waiting_other", { count: waiting() })
          }
        </Show>
      }
      lead={t("queue.lead")}
      actions={
        <Show when={shown() === "open" && session.user()?.accredited && next()}>
          {(request) => (
            <LinkButton variant="lit" size="lg" href={`/cva/requests/${request().id}`}>
              {t(request().reviewerId === null ? "queue.begin" : "queue.goOn", { name: request().ownerName })}
            </LinkButton>
          )}
        </Show>
      }
    >
      <Show
        when={session.user()?.accredited}
        fallback={
          <Notice tone="warning" title={t("accreditation.title")}>
            {t("accreditation.body")}
          </Notice>
        }
      >
        <Segmented
          class="mb-4"
          label={t("queue.show")}
          value={shown()}
          options={shows.map((value) => ({ value, label: t(`queue.${value}`) }))}
          onValue={(value) => setSearch({ show: value === "open" ? undefined : value })}
        />
        <Card flush class="pt-2">
          <LoadedPages query={queue}>
            {(rows) => (
              <Table
                caption={t("queue.title")}
                columns={columns()}
                rows={rows()}
                marked={(row) => row.reviewerId === session.userId()}
                empty={
                  <EmptyState
                    icon={<Inbox size={18} />}
                    title={t(
                      shown() === "open"
                        ? "queue.empty"
                        : shown() === "mine"
                          ? "queue.emptyMine"
                          : "queue.emptyDecided",
                    )}
                  >
                    {shown() === "open"
                      ? t("queue.emptyBody")
                      : shown() === "mine"
                        ? t("queue.emptyMineBody")
                        : ""}
                  </EmptyState>
                }
              />
            )}
          </LoadedPages>
        </Card>
      </Show>
    </Page>
  );
}
