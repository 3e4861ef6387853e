import { Card, type Column, ProgressBar, StatusDot, Table, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Submission = Answer<typeof api.verification.requests.submission>;
type Line = Submission["lines"][number];

const tones = { waiting: "neutral", done: "positive", refused: "warning" } as const;

/** How much at once is asked for, and what became of each car and year. */
export default function SubmissionPage() {
  const t = useText("fleet");
  const params = useParams<{ id: string }>();
  const submission = useQuery(
    api.verification.requests.submission
      .with({ refetchInterval: 3_000 })
      .queryOptions(() => ({ id: params.id as Submission["id"] })),
  );
  return (
    <Page
      title={t("submission.title")}
      lead={t("submission.lead")}
      above={<TextLink href="/owner/fleet">{t("fleet.title")}</TextLink>}
    >
      <Loaded query={submission}>{(data) => <Lines submission={data()} />}</Loaded>
    </Page>
  );
}

const Lines = (props: { submission: Submission }) => {
  const t = useText("fleet");
  const f = useFormat();
  const columns = (): Column<Line>[] => [
    {
      key: "car",
      header: t("column.car"),
      lead: true,
      cell: (row) => (
        <Show when={row.request} fallback={<span class="break-words">{row.name}</span>}>
          {(request) => (
            <a href={`/owner/requests/${request().id}`} class="font-medium break-words hover:underline">
              {row.name}
            </a>
          )}
        </Show>
      ),
    },
    {
      key: "year",
      header: t("submission.year"),
      align: "end",
      cell: (row) => (row.year ? String(row.year) : "–"),
    },
    { key: "trips", header: t("submission.trips"), align: "end", cell: (row) => f.number(row.tripCount) },
    {
      key: "credits",
      header: t("submission.credits"),
      align: "end",
      cell: (row) => (row.request ? f.creditsFigure(row.request.creditsRequested) : "–"),
    },
    {
      key: "status",
      header: t("submission.status"),
      cell: (row) => (
        <span>
          <StatusDot tone={tones[row.status]}>{t(`submission.${row.status}`)}</StatusDot>
          <Show when={row.refusal}>
            {(refusal) => <span class="block text-xs text-muted">{refusal().message}</span>}
          </Show>
        </span>
      ),
    },
  ];
  const figures = () => ({
    done: f.number(props.submission.tripsDone),
    total: f.number(props.submission.tripsTotal),
  });
  return (
    <div class="grid gap-4">
      <Show when={props.submission.status !== "done"}>
        <Card>
          <ProgressBar
            label={t("submission.progress", figures())}
            value={props.submission.tripsDone}
            max={Math.max(1, props.submission.tripsTotal)}
          />
        </Card>
      </Show>
      <Card
        flush
        title={t("submission.lines", {
          done: f.number(props.submission.linesDone),
          total: f.number(props.submission.linesTotal),
        })}
      >
        <Table caption={t("submission.title")} columns={columns()} rows={props.submission.lines} />
      </Card>
      <FlatRate />
    </div>
  );
};
