import { Button, Card, LinkButton, Menu, Notice, Stat, Stats, StatusDot } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { useSession } from "../../lib/session.ts";
import { useShortcuts } from "../../lib/shortcuts.ts";
import { Calculation } from "../requests/calculation.tsx";
import { History } from "../requests/history.tsx";
import { WholePage } from "../requests/whole-page.tsx";
import { toneOfStatus, useRequestWords } from "../requests/words.ts";
import { Alerts } from "./alerts.tsx";
import { type Decision, DecisionDialog, useReviewRefresh } from "./decisions.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { leftOf } from "./left.ts";
import { Odometer } from "./odometer.tsx";
import { QueuePane } from "./queue-pane.tsx";
import { RiskReasons } from "./risk.tsx";
import { SeenOdometer } from "./seen-odometer.tsx";
import { ReviewTrips } from "./trips.tsx";
import { Twins } from "./twins.tsx";

type Detail = Answer<typeof api.verification.review.byId>;
type Interest = "own_request" | "own_vehicle" | "same_person" | "declared" | "traded";

/** One request before its reviewer: trips, both methods, flags, odometer, and the decision. */
export default function Review() {
  const t = useText("review");
  const params = useParams<{ id: string }>();
  const detail = useQuery(
    api.verification.review.byId.with({ refetchInterval: 20_000 }).queryOptions(() => ({ id: params.id })),
  );
  return (
    <WholePage query={detail} title={t("queue.title")} above={<a href="/cva">{t("review.back")}</a>}>
      {(data) => (
        <div class="xl:grid xl:grid-cols-[18rem_minmax(0,1fr)] xl:ps-8">
          <div class="pt-8">
            <QueuePane current={params.id} />
          </div>
          <Shown detail={data()} />
        </div>
      )}
    </WholePage>
  );
}

/** The steps that ask nothing first: each is busy, then says its sentence or its failure. */
const useSteps = (request: () => Detail["request"]) => {
  const t = useText("review");
  const f = useFormat();
  const refresh = useReviewRefresh();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const step = async (work: () => Promise<string>) => {
    setBusy(true);
    setFailure(null);
    try {
      const sentence = await work();
      await refresh();
      void notify.success(sentence);
    } catch (error) {
      setFailure(apiError(error));
    } finally {
      setBusy(false);
    }
  };
  const claim = () =>
    step(async () => {
      await api.verification.review.claim.call({ id: request().id });
      return t("review.claimed");
    });
  const release = () =>
    step(async () => {
      await api.verification.review.release.call({ id: request().id });
      return t("review.released");
    });
  const recompute = () =>
    step(async () => {
      const found = await api.verification.review.recompute.call({ id: request().id });
      if (found.matches) return t("review.recomputed", { kg: f.number(found.foundKg) });
      return t("review.recomputeFailed", {
        found: f.number(found.foundKg),
        expected: f.number(found.expectedKg),
      });
    });
  return { busy, failure, claim, release, recompute };
};

const Shown = (props: { detail: Detail }) => {
  const t = useText("review");
  const f = useFormat();
  const words = useRequestWords();
  const session = useSession();
  const [decision, setDecision] = createSignal<Decision | null>(null);
  const [keys, setKeys] = createSignal(false);
  const request = () => props.detail.request;
  const reviews = () => session.role() === "cva";
  const mine = () => reviews() && request().reviewerId === session.userId();
  const open = () => !["approved", "rejected"].includes(request().status);
  const mayClaim = () =>
    reviews() && open() && !request().reviewerId && !request().interest && !approvedByMe();
  const approvedByMe = () => props.detail.approvals.some(({ reviewerId }) => reviewerId === session.userId());

  const { busy, failure, claim, release, recompute } = useSteps(request);
  const reportAddress = () => `/api/verification/requests/${request().id}/report?locale=${f.locale()}`;
  const more = () => [
    { label: t("review.recompute"), onSelect: () => void recompute() },
    ...(mine() && request().status === "in_review"
      ? [{ label: t("review.release"), onSelect: () => void release() }]
      : []),
    ...(reviews() && !request().interest
      ? [{ label: t("review.interest"), onSelect: () => setDecision("interest") }]
      : []),
  ];

  const decide = (next: Decision) => {
    if (mine() && open()) setDecision(next);
  };
  useShortcuts({
    c: () => mayClaim() && !busy() && void claim(),
    a: () => decide("approve"),
    q: () => request().status === "in_review" && decide("ask"),
    "?": () => setKeys(true),
  });

  return (
    <Page
      title={words.vehicle(request())}
      above={<a href={reviews() ? "/cva" : "/admin"}>{t("review.back")}</a>}
      lead={
        <span class="inline-flex flex-wrap items-center gap-2">
          <StatusDot tone={toneOfStatus(request().status)}>{t(`status.${request().status}`)}</StatusDot>
          {t("review.lead", {
            owner: request().ownerName,
            trips: words.trips(request().tripCount),
            when: f.relative(request().submittedAt),
          })}
        </span>
      }
      actions={
        <>
          <LinkButton variant="secondary" rel="external" href={reportAddress()} download="">
            {t("review.report")}
          </LinkButton>
          <Show when={mayClaim()}>
            <Button busy={busy()} onClick={() => void claim()}>
              {t("review.claim")}
            </Button>
          </Show>
          <Show when={mine() && open()}>
            <Show when={request().status === "in_review"}>
              <Button variant="secondary" onClick={() => setDecision("ask")}>
                {t("review.ask")}
              </Button>
            </Show>
            <Button variant="secondary" onClick={() => setDecision("reject")}>
              {t("review.reject")}
            </Button>
            <Button onClick={() => setDecision("approve")}>{t("review.approve")}</Button>
          </Show>
          <Button
            variant="quiet"
            class="max-sm:hidden"
            aria-label={t("keys.title")}
            title={t("keys.title")}
            onClick={() => setKeys(true)}
          >
            ?
          </Button>
          <Menu
            label={t("column.status")}
            trigger={<Ellipsis size={16} aria-hidden="true" />}
            items={more()}
          />
        </>
      }
    >
      <div class="grid gap-4">
        <Situation detail={props.detail} mine={mine()} approvedByMe={approvedByMe()} />
        <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
        <Stats>
          <Stat
            label={t(request().creditsIssued ? "own.issued" : "review.stat.credits")}
            value={f.creditsFigure(request().creditsIssued ?? request().creditsRequested)}
            note={f.creditsMass(request().creditsIssued ?? request().creditsRequested)}
          />
          <Stat
            label={t("review.stat.trips")}
            value={f.number(request().tripCount)}
            note={`${f.km(request().distanceKm)}, ${words.span(request())}`}
          />
          <Stat
            label={t("review.stat.flagged")}
            value={f.number(request().flaggedTripCount)}
            note={f.percent(request().flaggedTripCount / Math.max(1, request().tripCount))}
          />
          <Stat
            label={t("review.stat.risk")}
            value={`${request().riskScore}/100`}
            note={`${t(`risk.${request().riskLevel}`)}, ${t(`quality.${request().qualityTier}`).toLowerCase()}`}
          />
        </Stats>
        <div class="grid items-start gap-4 lg:grid-cols-2">
          <Calculation methods={props.detail.methods} factorSet={request().factorSet} />
          <RiskReasons request={request()} />
          <Alerts alerts={props.detail.alerts} />
          <Twins twins={props.detail.twins} />
          <Odometer picture={props.detail.odometer} zone={request().zone} />
          <Flags flags={props.detail.flags} />
          <Show when={mine() && open()}>
            <SeenOdometer requestId={request().id} zone={request().zone} />
          </Show>
        </div>
        <Show when={open() && props.detail.refusedTrips > 0}>
          <Notice tone="warning">{t.n("review.refusedCount", props.detail.refusedTrips)}</Notice>
        </Show>
        <ReviewTrips
          requestId={request().id}
          vehicleId={request().vehicleId}
          zone={request().zone}
          mayMark={mine() && open()}
        />
        <History
          messages={props.detail.messages.map((message) => ({ ...message, who: message.authorName }))}
        />
      </div>
      <KeysDialog open={keys()} onOpen={setKeys} />
      <DecisionDialog
        request={request()}
        refused={props.detail.refusedTrips}
        left={leftOf(props.detail)}
        decision={decision()}
        onClose={() => setDecision(null)}
      />
    </Page>
  );
};

/** What stands between this reviewer and a decision, if anything does. */
const Situation = (props: { detail: Detail; mine: boolean; approvedByMe: boolean }) => {
  const t = useText("review");
  const request = () => props.detail.request;
  const open = () => !["approved", "rejected"].includes(request().status);
  return (
    <Show when={open()}>
      <Switch>
        <Match when={request().interest}>
          {(interest) => <Notice tone="warning">{t(`interest.${interest() as Interest}`)}</Notice>}
        </Match>
        <Match when={props.mine && request().status === "needs_info"}>
          <Notice>{t("review.waiting")}</Notice>
        </Match>
        <Match when={!props.mine && request().reviewerName}>
          {(name) => <Notice>{t("review.heldBy", { name: name() })}</Notice>}
        </Match>
        <Match when={props.approvedByMe}>
          <Notice>{t("review.firstIsYours")}</Notice>
        </Match>
        <Match when={props.detail.approvals[0]}>
          {(first) => <Notice>{t("review.second", { name: first().reviewerName })}</Notice>}
        </Match>
      </Switch>
    </Show>
  );
};

const Flags = (props: { flags: Detail["flags"] }) => {
  const t = useText("review");
  const f = useFormat();
  return (
    <Card title={t("review.flagsTitle")}>
      <Show when={props.flags.length > 0} fallback={<p class="text-muted">{t("review.flagsNone")}</p>}>
        <ul class="divide-y divide-line">
          <For each={props.flags}>
            {(flag) => (
              <li class="flex items-baseline justify-between gap-4 py-2">
                <span class="min-w-0 break-words">{flag.message}</span>
                <span class="shrink-0 text-muted" data-figure>
                  {f.number(flag.count)}
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Card>
  );
};
