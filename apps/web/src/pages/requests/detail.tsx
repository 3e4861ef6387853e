import { Button, Card, DescriptionList, LinkButton, Notice, StatusDot, TextArea, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { Calculation } from "./calculation.tsx";
import { History } from "./history.tsx";
import { Refused } from "./refused.tsx";
import { Resubmit } from "./resubmit.tsx";
import { OwnTrips } from "./trips.tsx";
import { WholePage } from "./whole-page.tsx";
import { toneOfStatus, useRequestWords } from "./words.ts";

type Detail = Answer<typeof api.verification.requests.byId>;

/** One request of an owner's: where it stands, why, and what to do next. */
export default function OwnRequest() {
  const t = useText("review");
  const params = useParams<{ id: string }>();
  // The reviewer works elsewhere; a decision shows here without a reload.
  const request = useQuery(
    api.verification.requests.byId.with({ refetchInterval: 15_000 }).queryOptions(() => ({ id: params.id })),
  );
  return (
    <WholePage query={request} title={t("own.title")} above={<a href="/owner/requests">{t("own.back")}</a>}>
      {(data) => <Shown detail={data()} />}
    </WholePage>
  );
}

const Shown = (props: { detail: Detail }) => {
  const t = useText("review");
  const f = useFormat();
  const words = useRequestWords();
  const [resubmitting, setResubmitting] = createSignal(false);
  const request = () => props.detail.request;
  const decided = () => request().status === "approved" || request().status === "rejected";

  return (
    <Page
      title={t("own.detail", { vehicle: words.vehicle(request()) })}
      above={<a href="/owner/requests">{t("own.back")}</a>}
      lead={
        <span class="inline-flex flex-wrap items-center gap-2">
          <StatusDot tone={toneOfStatus(request().status)}>
            {request().status === "needs_info" ? t("own.question") : t(`status.${request().status}`)}
          </StatusDot>
          {t("own.submitted", { date: f.date(request().submittedAt) })}
        </span>
      }
      actions={
        <Show when={props.detail.resubmittable}>
          <Button onClick={() => setResubmitting(true)}>
            {props.detail.refused.length > 0 ? t("own.resubmit") : t("own.resubmitAll")}
          </Button>
        </Show>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div class="grid min-w-0 gap-4">
          <State detail={props.detail} />
          <Card>
            <DescriptionList
              items={[
                { label: t("own.asked"), value: f.credits(request().creditsRequested, { all: true }) },
                ...(request().creditsIssued
                  ? [
                      {
                        label: t("own.issued"),
                        value: f.credits(request().creditsIssued ?? "0", { all: true }),
                        strong: true,
                      },
                    ]
                  : []),
                { label: t("own.co2"), value: f.mass(request().co2SavedKg) },
                { label: t("own.distance"), value: f.km(request().distanceKm) },
                { label: t("column.period"), value: words.trips(request().tripCount) },
                { label: t("own.tripSpan"), value: words.span(request()) },
                { label: t("own.quality"), value: t(`quality.${request().qualityTier}`) },
              ]}
            />
          </Card>
          <Show when={props.detail.refused.length > 0}>
            <Refused detail={props.detail} />
          </Show>
          <Calculation methods={props.detail.methods} factorSet={request().factorSet} />
          <OwnTrips
            requestId={request().id}
            zone={request().zone}
            approved={request().status === "approved"}
          />
        </div>
        <div class="grid min-w-0 gap-4">
          <Show when={decided()}>
            <Card>
              <div class="flex flex-wrap gap-2">
                <Show when={request().certificateNumber}>
                  {(number) => (
                    <LinkButton variant="secondary" size="sm" href={`/c/${number()}`}>
                      {t("own.certificate")}
                    </LinkButton>
                  )}
                </Show>
                <LinkButton
                  variant="secondary"
                  size="sm"
                  rel="external"
                  href={`/api/verification/requests/${request().id}/report?locale=${f.locale()}`}
                  download=""
                >
                  {t("own.report")}
                </LinkButton>
              </div>
            </Card>
          </Show>
          <History
            messages={props.detail.messages.map((message) => ({
              ...message,
              who: message.mine ? t("history.you") : t("history.reviewer"),
            }))}
          />
        </div>
      </div>
      <Resubmit detail={props.detail} open={resubmitting()} onOpen={setResubmitting} />
    </Page>
  );
};

/** The one thing to know now, in words, and the one thing to do. */
const State = (props: { detail: Detail }) => {
  const t = useText("review");
  const f = useFormat();
  const request = () => props.detail.request;
  const question = () => props.detail.messages.findLast(({ kind }) => kind === "question")?.body;
  return (
    <>
      <Switch>
        <Match when={request().status === "needs_info"}>
          <Notice tone="warning" title={t("own.state.needs_info")}>
            <p class="whitespace-pre-line">{question()}</p>
          </Notice>
          <AnswerForm id={request().id} />
        </Match>
        <Match when={request().status === "approved"}>
          <Notice
            tone="positive"
            title={t("own.state.approved", { credits: f.credits(request().creditsIssued ?? "0") })}
          >
            <TextLink href="/owner/wallet">{t("own.toWallet")}</TextLink>
          </Notice>
        </Match>
        <Match when={request().status === "rejected"}>
          <Notice tone="negative" title={request().decisionNote ?? t("status.rejected")}>
            {t("own.state.rejected")}
          </Notice>
        </Match>
        <Match when={request().status === "in_review"}>
          <Notice>{t(request().approvals > 0 ? "own.state.second" : "own.state.in_review")}</Notice>
        </Match>
        <Match when={request().status === "pending"}>
          <Notice>{t("own.state.pending")}</Notice>
        </Match>
      </Switch>
      <Show when={request().resubmittedById}>
        {(next) => (
          <p>
            <TextLink href={`/owner/requests/${next()}`}>{t("own.next")}</TextLink>
          </p>
        )}
      </Show>
      <Show when={request().resubmitsId}>
        {(earlier) => (
          <p>
            <TextLink href={`/owner/requests/${earlier()}`}>{t("own.earlier")}</TextLink>
          </p>
        )}
      </Show>
    </>
  );
};

const AnswerForm = (props: { id: string }) => {
  const t = useText("review");
  const client = useQueryClient();
  const form = createForm({
    initial: { answer: "" },
    submit: async ({ answer }) => {
      await api.verification.requests.answer.call({ id: props.id, answer });
      await client.invalidateQueries({ queryKey: api.verification.requests.byId.key() });
      void notify.success(t("own.answered"));
    },
  });
  return (
    <Card>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea
          label={t("own.answer")}
          hint={t("own.answerHint")}
          rows={4}
          required
          {...form.text("answer")}
        />
        <FormFailure form={form} />
        <div>
          <Button type="submit" busy={form.busy()}>
            {t("own.answerSend")}
          </Button>
        </div>
      </form>
    </Card>
  );
};
