import { Button, Dialog, TextArea } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { type JSX, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

type Request = Answer<typeof api.verification.review.byId>["request"];

export type Decision = "approve" | "reject" | "ask" | "interest";

/** After a step of the review all of its reads are asked anew. */
export const useReviewRefresh = () => {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [api.verification.review.byId, api.verification.review.trips, api.verification.review.queue].map(
        (node) => client.invalidateQueries({ queryKey: node.key() }),
      ),
    );
};

/** A reviewer's words on a request. Each says what will happen before it does. */
export const DecisionDialog = (props: {
  request: Request;
  /** Trips that are marked as refused at this moment. */
  refused: number;
  /** Credits that are left without them; null where not all of them are known here. */
  left: string | null;
  decision: Decision | null;
  onClose: () => void;
}) => (
  <>
    <Show when={props.decision === "approve"}>
      <ApproveDialog
        request={props.request}
        refused={props.refused}
        left={props.left}
        onClose={props.onClose}
      />
    </Show>
    <Show when={props.decision === "reject"}>
      <RejectDialog request={props.request} onClose={props.onClose} />
    </Show>
    <Show when={props.decision === "ask"}>
      <AskDialog request={props.request} onClose={props.onClose} />
    </Show>
    <Show when={props.decision === "interest"}>
      <InterestDialog request={props.request} onClose={props.onClose} />
    </Show>
  </>
);

const Asking = (props: {
  title: string;
  description: JSX.Element;
  onClose: () => void;
  children: JSX.Element;
}) => (
  <Dialog
    open
    onOpen={(open) => !open && props.onClose()}
    title={props.title}
    description={props.description}
  >
    {props.children}
  </Dialog>
);

const ApproveDialog = (props: {
  request: Request;
  refused: number;
  left: string | null;
  onClose: () => void;
}) => {
  const t = useText("review");
  const f = useFormat();
  const refresh = useReviewRefresh();
  const first = () => props.request.approvalsNeeded > 1 && props.request.approvals === 0;
  const form = createForm({
    initial: { notes: "" },
    submit: async ({ notes }) => {
      const { certificate } = await api.verification.review.approve.call({
        id: props.request.id,
        ...(notes.trim() ? { notes } : {}),
      });
      await refresh();
      props.onClose();
      void notify.success(t(certificate ? "approve.done" : "approve.doneFirst"));
    },
  });
  const lead = () => {
    if (first()) return t("approve.leadFirst");
    const owner = props.request.ownerName;
    const refused = t.n("trips", props.refused);
    if (props.refused > 0 && props.left)
      return t("approve.leadLeft", { refused, owner, credits: f.credits(props.left) });
    if (props.refused > 0) return t("approve.leadRefused", { refused, owner });
    return t("approve.lead", { credits: f.credits(props.request.creditsRequested), owner });
  };
  return (
    <Asking title={t("approve.title")} description={lead()} onClose={props.onClose}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea label={t("approve.notes")} optional {...form.text("notes")} />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()} data-autofocus="">
          {t(first() ? "approve.confirmFirst" : "approve.confirm")}
        </Button>
      </form>
    </Asking>
  );
};

const RejectDialog = (props: { request: Request; onClose: () => void }) => {
  const t = useText("review");
  const refresh = useReviewRefresh();
  const form = createForm({
    initial: { reason: "" },
    submit: async ({ reason }) => {
      await api.verification.review.reject.call({ id: props.request.id, reason });
      await refresh();
      props.onClose();
      void notify.success(t("reject.done"));
    },
  });
  return (
    <Asking title={t("reject.title")} description={t("reject.lead")} onClose={props.onClose}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea
          label={t("reject.reason")}
          hint={t("reject.reasonHint")}
          rows={4}
          required
          {...form.text("reason")}
        />
        <FormFailure form={form} />
        <Button type="submit" variant="danger" wide busy={form.busy()}>
          {t("reject.confirm")}
        </Button>
      </form>
    </Asking>
  );
};

const AskDialog = (props: { request: Request; onClose: () => void }) => {
  const t = useText("review");
  const refresh = useReviewRefresh();
  const form = createForm({
    initial: { question: "" },
    submit: async ({ question }) => {
      await api.verification.review.ask.call({ id: props.request.id, question });
      await refresh();
      props.onClose();
      void notify.success(t("ask.done"));
    },
  });
  return (
    <Asking title={t("ask.title")} description={t("ask.lead")} onClose={props.onClose}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea label={t("ask.question")} rows={4} required {...form.text("question")} />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("ask.confirm")}
        </Button>
      </form>
    </Asking>
  );
};

const InterestDialog = (props: { request: Request; onClose: () => void }) => {
  const t = useText("review");
  const refresh = useReviewRefresh();
  const form = createForm({
    initial: { reason: "" },
    submit: async ({ reason }) => {
      await api.verification.review.declareInterest.call({ subjectId: props.request.ownerId, reason });
      await refresh();
      props.onClose();
      void notify.success(t("work.declared"));
    },
  });
  return (
    <Asking
      title={t("review.interest")}
      description={t("review.interestLead", { owner: props.request.ownerName })}
      onClose={props.onClose}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea label={t("work.why")} required {...form.text("reason")} />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("work.declare")}
        </Button>
      </form>
    </Asking>
  );
};
