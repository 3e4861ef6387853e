import { Button, Card, Dialog, Notice, Stat, Stats, TextArea, TextInput, TimeChart } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { pointsOf } from "../../lib/periods.ts";
import { useSession } from "../../lib/session.ts";
import { AuditorReport } from "../reports/auditor.tsx";

/** A reviewer's own work in figures, and the interests that bar them. */
export default function Work() {
  const t = useText("review");
  const f = useFormat();
  const session = useSession();
  const spent = (hours: number) => {
    if (Math.round(hours * 60) === 0) return t("work.moment");
    return hours < 1
      ? t("work.minutes", { minutes: f.number(Math.round(hours * 60)) })
      : t("work.hours", { hours: f.number(hours, { maximumFractionDigits: 1 }) });
  };
  const figures = useQuery(api.verification.review.statistics.queryOptions());
  return (
    <Page title={t("work.title")} lead={t("work.lead")}>
      <Show
        when={session.user()?.accredited}
        fallback={
          <Notice tone="warning" title={t("accreditation.title")}>
            {t("accreditation.body")}
          </Notice>
        }
      >
        <Loaded query={figures}>
          {(data) => (
            <div class="grid grid-cols-1 gap-4">
              <Stats>
                <Stat label={t("work.open")} value={f.number(data().open)} href="/cva?show=mine" />
                <Stat
                  label={t("work.decided")}
                  value={f.number(data().decided)}
                  note={t("work.decidedNote", {
                    approved: f.number(data().approved),
                    rejected: f.number(data().rejected),
                  })}
                />
                <Stat
                  label={t("work.issued")}
                  value={f.creditsFigure(data().creditsIssued)}
                  note={f.creditsMass(data().creditsIssued)}
                />
                <Stat
                  label={t("work.refused")}
                  value={f.number(data().tripsRefused)}
                  note={t("work.refusedNote", { trips: f.number(data().tripsReviewed) })}
                />
                <Stat
                  label={t("work.median")}
                  value={data().medianHours === null ? t("work.noneYet") : spent(data().medianHours ?? 0)}
                  note={t("work.medianNote")}
                />
              </Stats>
              <Show when={data().months.length > 0}>
                <Card title={t("work.months")}>
                  <TimeChart
                    mark="bars"
                    title={t("work.months")}
                    labelHeader={t("work.month")}
                    valueHeader={t("column.credits")}
                    points={pointsOf(data().months, 24, f, (month) => Number(month.creditsIssued))}
                    format={(value) => f.number(value, { maximumFractionDigits: 6 })}
                  />
                </Card>
              </Show>
              <Interests />
              <AuditorReport />
            </div>
          )}
        </Loaded>
      </Show>
    </Page>
  );
}

const Interests = () => {
  const t = useText("review");
  const f = useFormat();
  const client = useQueryClient();
  const [declaring, setDeclaring] = createSignal(false);
  const interests = useQuery(api.verification.review.interests.queryOptions());
  const form = createForm({
    initial: { subjectId: "", reason: "" },
    submit: async (values) => {
      await api.verification.review.declareInterest.call(values);
      await client.invalidateQueries({ queryKey: api.verification.review.interests.key() });
      setDeclaring(false);
      form.reset();
      void notify.success(t("work.declared"));
    },
  });
  return (
    <Card
      title={t("work.interests")}
      subtitle={t("work.interestsLead")}
      actions={
        <Button variant="secondary" size="sm" onClick={() => setDeclaring(true)}>
          {t("work.declare")}
        </Button>
      }
    >
      <Loaded query={interests}>
        {(data) => (
          <Show when={data().items.length > 0} fallback={<p class="text-muted">{t("work.interestsNone")}</p>}>
            <ul class="divide-y divide-line">
              <For each={data().items}>
                {(item) => (
                  <li class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2">
                    <span class="min-w-0 break-words">
                      <span class="font-medium">{item.subjectName ?? item.subjectId}</span>, {item.reason}
                    </span>
                    <span class="text-xs text-muted">{f.date(item.declaredAt)}</span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Dialog
        open={declaring()}
        onOpen={setDeclaring}
        title={t("work.declare")}
        description={t("work.interestsLead")}
      >
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <TextInput
            label={t("work.subject")}
            hint={t("work.subjectHint")}
            required
            {...form.text("subjectId")}
          />
          <TextArea label={t("work.why")} required {...form.text("reason")} />
          <FormFailure form={form} />
          <Button type="submit" wide busy={form.busy()}>
            {t("work.declare")}
          </Button>
        </form>
      </Dialog>
    </Card>
  );
};
