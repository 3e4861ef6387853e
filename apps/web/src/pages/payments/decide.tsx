import { ConfirmDialog, NumberInput, TextInput } from "@evx/ui";
import { createSignal, type JSX, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

/** A decision that is about to be taken: what it will do, in words, and how. */
export type Decision = {
  title: string;
  body: JSX.Element;
  confirm: string;
  done: string;
  danger?: boolean;
  /** Whether a reason must be written. */
  reason?: boolean;
  /** Whether a part can be chosen: the most, and its currency. Nothing written is all of it. */
  part?: { most: string; currency: string };
  act: (reason: string, part: string | undefined) => Promise<unknown>;
};

/** Asks an operator before money moves, with a reason where one is kept. Nothing is lost when it fails. */
export const DecideDialog = (props: { decision: Decision; onClose: () => void }) => {
  const t = useText("payments");
  const f = useFormat();
  const [reason, setReason] = createSignal("");
  const [part, setPart] = createSignal("");
  const [error, setError] = createSignal<unknown>(null);
  const decide = async () => {
    setError(null);
    try {
      await props.decision.act(reason().trim(), part().trim() || undefined);
      void notify.success(props.decision.done);
    } catch (thrown) {
      setError(thrown);
      throw thrown;
    }
  };
  return (
    <ConfirmDialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={props.decision.title}
      confirm={props.decision.confirm}
      cancel={t("admin.cancel")}
      danger={props.decision.danger ?? false}
      onConfirm={decide}
    >
      <div class="grid gap-4">
        <p>{props.decision.body}</p>
        <Show when={props.decision.part}>
          {(whole) => (
            <NumberInput
              label={t("admin.part")}
              hint={t("admin.partHint", { most: f.money(whole().most, whole().currency) })}
              unit={whole().currency}
              value={part()}
              onValue={setPart}
            />
          )}
        </Show>
        <Show when={props.decision.reason}>
          <TextInput
            label={t("admin.reason")}
            hint={t("admin.reasonHint")}
            value={reason()}
            onValue={setReason}
            maxlength={300}
            required
          />
        </Show>
        <Show when={error()}>{(thrown) => <Failure error={thrown()} />}</Show>
      </div>
    </ConfirmDialog>
  );
};
