import { Button, Card, FileDrop, NumberInput, Select, StatusDot, TextArea, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { FormFailure, useSentence } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { upload } from "../../lib/upload.ts";

type Dispute = Answer<typeof api.marketplace.disputes.byId>["dispute"];

const outcomes = ["refund", "partial_refund", "release"] as const;

/** One dispute for those on its sides: what is objected to, what was said, and the decision. */
export default function DisputePage() {
  const t = useText("disputes");
  const session = useSession();
  const params = useParams<{ id: string }>();
  const query = useQuery(
    api.marketplace.disputes.byId.queryOptions(() => ({ id: params.id as Dispute["id"] })),
  );
  const reload = () => void query.refetch();
  return (
    <Page
      title={t("one.title")}
      lead={t("one.lead")}
      narrow
      above={
        <Show when={session.role() === "admin"}>
          <TextLink href="/admin/disputes">{t("back")}</TextLink>
        </Show>
      }
    >
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-6">
            <Standing dispute={data().dispute} />
            <Evidence dispute={data().dispute} onDone={reload} />
            <Show when={data().dispute.status === "open"}>
              <Say dispute={data().dispute} onDone={reload} />
              <Show when={session.role() === "admin"}>
                <Decide dispute={data().dispute} onDone={reload} />
              </Show>
            </Show>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const Standing = (props: { dispute: Dispute }) => {
  const t = useText("disputes");
  const f = useFormat();
  const session = useSession();
  return (
    <Card title={t("reason")}>
      <p class="mb-3 text-muted">
        {t.rich(session.role() === "ev_owner" ? "stakeSeller" : "stake", {
          amount: (
            <strong class="text-ink" data-figure>
              {f.money(props.dispute.total, props.dispute.currency)}
            </strong>
          ),
        })}
      </p>
      <p class="break-words whitespace-pre-line">{props.dispute.reason}</p>
      <p class="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <StatusDot tone={props.dispute.status === "open" ? "warning" : "neutral"}>
          {props.dispute.outcome ? t(`outcome.${props.dispute.outcome}`) : t("status.open")}
        </StatusDot>
        <Show when={props.dispute.amount}>
          {(amount) => (
            <span data-figure>{t("amount", { amount: f.money(amount(), props.dispute.currency) })}</span>
          )}
        </Show>
        <Show when={session.role() === "admin" && props.dispute.paymentId}>
          {(paymentId) => <TextLink href={`/admin/payments/${paymentId()}`}>{t("payment")}</TextLink>}
        </Show>
        <Show when={session.role() === "buyer"}>
          <TextLink href={`/buyer/orders/${props.dispute.orderId}`}>{t("order")}</TextLink>
        </Show>
      </p>
      <h3 class="mt-6 font-semibold">{t("messages")}</h3>
      <ul class="mt-2 divide-y divide-line">
        <For each={props.dispute.messages} fallback={<li class="py-2.5 text-muted">{t("none")}</li>}>
          {(message) => (
            <li class="py-2.5">
              <p class="text-xs text-muted">
                {t(`author.${message.author}`)}, {f.dateTime(message.at)}
              </p>
              <p class="break-words whitespace-pre-line">{message.message}</p>
            </li>
          )}
        </For>
      </ul>
    </Card>
  );
};

/** Files of both sides, and a way to add one while the dispute is open. */
const Evidence = (props: { dispute: Dispute; onDone: () => void }) => {
  const t = useText("disputes");
  const f = useFormat();
  const sentence = useSentence();
  const [busy, setBusy] = createSignal(false);
  const [refused, setRefused] = createSignal<string | null>(null);
  const send = async (file: File) => {
    setRefused(null);
    setBusy(true);
    try {
      await upload(`/api/disputes/${props.dispute.id}/files`, file, {
        contentType: file.type || "application/octet-stream",
      });
      props.onDone();
    } catch (error) {
      setRefused(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t("files.title")}>
      <ul class="divide-y divide-line">
        <For each={props.dispute.files} fallback={<li class="py-2.5 text-muted">{t("files.none")}</li>}>
          {(file, at) => (
            <li class="py-2.5">
              <p class="text-xs text-muted">
                {t(`author.${file.author}`)}, {f.dateTime(file.at)}
              </p>
              <a
                href={`/api/dispute-files/${file.id}`}
                class="break-words text-accent underline underline-offset-2"
                download=""
              >
                {t(file.contentType === "application/pdf" ? "files.pdf" : "files.picture", {
                  n: f.number(at() + 1),
                })}
              </a>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.dispute.status === "open"}>
        <div class="mt-4">
          <FileDrop
            label={t("files.add")}
            hint={t("files.hint")}
            accept=".jpg,.jpeg,.png,.webp,.pdf"
            disabled={busy()}
            onFile={(file) => void send(file)}
          />
        </div>
        <div aria-live="polite">
          <Show when={refused()}>{(said) => <p class="mt-2 text-loss">{said()}</p>}</Show>
        </div>
      </Show>
    </Card>
  );
};

const Say = (props: { dispute: Dispute; onDone: () => void }) => {
  const t = useText("disputes");
  const form = createForm({
    initial: { message: "" },
    check: ({ message }) => ({ message: !message.trim() && t("say.check") }),
    submit: async ({ message }) => {
      await api.marketplace.disputes.say.call({ id: props.dispute.id, message });
      form.reset();
      props.onDone();
    },
  });
  return (
    <Card>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea label={t("say.label")} maxlength={2000} {...form.text("message")} required />
        <FormFailure form={form} />
        <Button type="submit" class="justify-self-start" busy={form.busy()}>
          {t("say.action")}
        </Button>
      </form>
    </Card>
  );
};

const Decide = (props: { dispute: Dispute; onDone: () => void }) => {
  const t = useText("disputes");
  const form = createForm({
    initial: { outcome: "", amount: "" },
    check: ({ outcome }) => ({ outcome: !outcomes.some((one) => one === outcome) && t("decide.check") }),
    submit: async ({ outcome, amount }) => {
      const chosen = outcomes.find((one) => one === outcome);
      if (!chosen) return;
      await api.marketplace.disputes.resolve.call({
        id: props.dispute.id,
        outcome: chosen,
        ...(chosen === "partial_refund" ? { amount } : {}),
      });
      props.onDone();
    },
  });
  return (
    <Card title={t("decide.title")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <Select
          label={t("decide.outcome")}
          placeholder={t("decide.choose")}
          options={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          {...form.text("outcome")}
          required
        />
        <Show when={form.values.outcome === "partial_refund"}>
          <NumberInput
            label={t("decide.amount")}
            unit={props.dispute.currency}
            {...form.text("amount")}
            required
          />
        </Show>
        <FormFailure form={form} />
        <Button type="submit" variant="lit" class="justify-self-start" busy={form.busy()}>
          {t("decide.action")}
        </Button>
      </form>
    </Card>
  );
};
