import { ConfirmDialog, NumberInput, Select } from "@evx/ui";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { notify } from "../../lib/notify.ts";
import type { OperatorPayment } from "./words.ts";

type Dispute = "none" | "open" | "won" | "lost";
const isDispute = (text: string): text is Dispute => ["none", "open", "won", "lost"].includes(text);

/** An operator writes down what a payment service tells by letter: a dispute, or what went back in its dashboard. */
export const NoteDialog = (props: {
  paymentId: OperatorPayment["id"];
  method: string;
  currency: string;
  onClose: () => void;
}) => {
  const t = useText("payments");
  const m = useText("money");
  const [dispute, setDispute] = createSignal<Dispute>("none");
  const [disputed, setDisputed] = createSignal("");
  const [fee, setFee] = createSignal("");
  const [refunded, setRefunded] = createSignal("");
  const [error, setError] = createSignal<unknown>(null);
  const written = (text: string) => text.trim() || undefined;
  const keep = async () => {
    setError(null);
    const is = dispute();
    try {
      await api.payments.noteFromGateway.call({
        paymentId: props.paymentId,
        refunded: written(refunded()),
        ...(is === "none" ? {} : { dispute: is, disputed: written(disputed()), fee: written(fee()) }),
      });
      void notify.success(m("note.done"));
    } catch (thrown) {
      setError(thrown);
      throw thrown;
    }
  };
  return (
    <ConfirmDialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={m("note.title", { method: props.method })}
      confirm={m("note.confirm")}
      cancel={t("admin.cancel")}
      onConfirm={keep}
    >
      <div class="grid gap-4">
        <p>{m("note.body", { method: props.method })}</p>
        <NumberInput
          label={m("note.refunded")}
          hint={m("note.refundedHint")}
          unit={props.currency}
          value={refunded()}
          onValue={setRefunded}
        />
        <Select
          label={m("note.dispute")}
          value={dispute()}
          options={(["none", "open", "won", "lost"] as const).map((value) => ({
            value,
            label: m(`note.dispute.${value}`),
          }))}
          onValue={(value) => isDispute(value) && setDispute(value)}
        />
        <Show when={dispute() !== "none"}>
          <NumberInput
            label={m("note.disputed")}
            hint={m("note.disputedHint")}
            unit={props.currency}
            value={disputed()}
            onValue={setDisputed}
          />
          <NumberInput
            label={m("note.fee")}
            hint={m("note.feeHint")}
            unit={props.currency}
            value={fee()}
            onValue={setFee}
          />
        </Show>
        <Show when={error()}>{(thrown) => <Failure error={thrown()} />}</Show>
      </div>
    </ConfirmDialog>
  );
};
