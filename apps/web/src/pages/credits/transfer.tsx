import { newId } from "@evx/kernel";
import { Button, CopyText, DescriptionList, Dialog, Notice, TextArea, TextInput } from "@evx/ui";
import { skipToken, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { FormFailure, useSentence } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { apiError } from "../../lib/errors.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { AmountInput, useAmountCheck } from "./amount.tsx";
import { walletMoved } from "./refresh.ts";
import { SerialList } from "./serials.tsx";
import { isWalletNumber, type Wallet } from "./words.ts";

type Receipt = { transfer: Awaited<ReturnType<typeof api.credits.transfer.call>>["transfer"] };
type Receiver = Answer<typeof api.credits.receiver>;

/** Names the receiver, asks once more, and answers with a receipt. */
export default function TransferDialog(props: { wallet: Wallet; onClose: () => void }) {
  const t = useText("transfer");
  const credits = useText("credits");
  const f = useFormat();
  const session = useSession();
  const sentence = useSentence();
  const client = useQueryClient();
  const checkAmount = useAmountCheck();
  const [sure, setSure] = createSignal(false);
  const [receipt, setReceipt] = createSignal<Receipt | null>(null);
  // One name for one intention: pressing again after a lost answer is the same transfer.
  let transferId = newId("transfer");

  const form = createForm({
    initial: { toUserId: "", amount: "", note: "" },
    check: ({ toUserId, amount }) => ({
      toUserId: !isWalletNumber(toUserId)
        ? t("toCheck")
        : toUserId.trim() === session.userId() && t("toSelf"),
      amount: checkAmount(amount, props.wallet.balance),
    }),
    submit: async ({ toUserId, amount, note }) => {
      if (!sure()) {
        // Asked again here, so that nobody is sent credits whose name the sender has not seen.
        await api.credits.receiver.fetch({ userId: toUserId.trim() });
        setSure(true);
        return;
      }
      const wish = {
        toUserId: toUserId.trim(),
        amount,
        transferId,
        ...(note.trim() ? { note: note.trim() } : {}),
      };
      const call = api.credits.transfer.call(wish).catch((error: unknown) => {
        if (apiError(error).code !== "network") transferId = newId("transfer");
        throw error;
      });
      setReceipt(await call);
      await walletMoved(client);
    },
  });

  const receiver = useQuery(
    api.credits.receiver.with({ retry: false, staleTime: 60_000 }).queryOptions(() => {
      const userId = form.values.toUserId.trim();
      return isWalletNumber(userId) && userId !== session.userId() ? { userId } : skipToken;
    }),
  );
  const named = (): Receiver | undefined => (receiver.isSuccess ? receiver.data : undefined);
  const amount = () => f.credits(form.values.amount || "0");

  const title = () => {
    const done = receipt();
    if (done) {
      const { toName, amount: sent } = done.transfer;
      return t("done", { name: toName, amount: f.credits(sent) });
    }
    return sure() ? t("confirm", { amount: amount(), name: named()?.name ?? "" }) : t("title");
  };

  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={title()}
      description={receipt() ? undefined : t(sure() ? "confirmBody" : "lead")}
    >
      <Switch>
        <Match when={receipt()}>
          {(done) => (
            <div class="grid gap-4">
              <DescriptionList
                items={[
                  { label: t("from"), value: session.user()?.fullName ?? "" },
                  { label: t("receiver"), value: done().transfer.toName },
                  {
                    label: t("amount"),
                    value: f.credits(done().transfer.amount, { all: true }),
                    strong: true,
                  },
                  { label: t("time"), value: f.dateTime(done().transfer.createdAt) },
                  {
                    label: t("id"),
                    value: <CopyText text={done().transfer.id} label={t("id")} />,
                  },
                ]}
              />
              <div>
                <h3 class="mb-2 font-medium">{credits("column.serials")}</h3>
                <SerialList serials={done().transfer.serials} />
              </div>
              <Button wide onClick={() => props.onClose()}>
                {t("close")}
              </Button>
            </div>
          )}
        </Match>
        <Match when={sure()}>
          <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
            <DescriptionList
              items={[
                { label: t("receiver"), value: named()?.name ?? "", strong: true },
                {
                  label: t("amount"),
                  value: f.credits(form.values.amount, { all: true }),
                  strong: true,
                },
                { label: credits("details.mass"), value: f.creditsMass(form.values.amount) },
                ...(form.values.note.trim()
                  ? [{ label: credits("details.note"), value: form.values.note.trim() }]
                  : []),
              ]}
            />
            <FormFailure form={form} />
            <div class="flex flex-wrap justify-end gap-2">
              <Button variant="secondary" onClick={() => setSure(false)}>
                {t("back")}
              </Button>
              <Button type="submit" busy={form.busy()}>
                {t("do", { amount: amount() })}
              </Button>
            </div>
          </form>
        </Match>
        <Match when={true}>
          <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
            <div class="grid gap-2">
              <TextInput
                label={t("to")}
                hint={t("toHint")}
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                {...form.text("toUserId")}
                required
              />
              <div aria-live="polite">
                <Show when={named()}>
                  {(person) => <Notice tone="positive">{t("is", { name: person().name })}</Notice>}
                </Show>
                <Show when={receiver.isError}>
                  <Notice tone="negative">{sentence(receiver.error)}</Notice>
                </Show>
              </div>
            </div>
            <AmountInput label={t("amount")} free={props.wallet.balance} {...form.text("amount")} />
            <TextArea label={t("note")} maxlength={200} rows={2} {...form.text("note")} optional />
            <FormFailure form={form} />
            <Button type="submit" wide busy={form.busy()}>
              {t("next")}
            </Button>
          </form>
        </Match>
      </Switch>
    </Dialog>
  );
}
