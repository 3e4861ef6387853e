import { Button, DescriptionList, Dialog, Notice, TextInput } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

type Detail = Answer<typeof api.identity.kyc.read>;

/** One file, with its pictures, and the decision on it. Opening it leaves a trace. */
export const ReviewFile = (props: { id: string; onClose: () => void }) => {
  const t = useText("people");
  const f = useFormat();
  // Read once: each reading is a line in the trail.
  const detail = useQuery(
    api.identity.kyc.read
      .with({ staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false })
      .queryOptions(() => ({ id: props.id })),
  );
  return (
    <Dialog open onOpen={(open) => !open && props.onClose()} title={t("checks.title")} size="lg">
      <Loaded query={detail}>
        {(data) => (
          <div class="grid gap-4">
            <Show when={data().sameDocument > 0}>
              <Notice tone="warning">{t.n("checks.same", data().sameDocument)}</Notice>
            </Show>
            <DescriptionList
              items={[
                { label: t("checks.account"), value: data().file.userName },
                { label: t("checks.legalName"), value: data().legalName, strong: true },
                { label: t("checks.document"), value: t(`type.${data().file.documentType}`) },
                { label: t("checks.number"), value: data().documentNumber, strong: true },
                { label: t("checks.country"), value: f.country(data().file.countryCode) },
                { label: t("checks.handedIn"), value: f.dateTime(data().file.submittedAt) },
              ]}
            />
            <ul class="grid gap-3 sm:grid-cols-2">
              <For each={data().documents}>{(picture, n) => <Picture picture={picture} n={n() + 1} />}</For>
            </ul>
            <p class="text-xs text-muted">{t("checks.recorded")}</p>
            <Show when={data().file.status === "submitted"}>
              <Decide detail={data()} onClose={props.onClose} />
            </Show>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
};

const Picture = (props: { picture: Detail["documents"][number]; n: number }) => {
  const t = useText("people");
  const address = () => `/api/account/kyc/documents/${props.picture.id}`;
  return (
    <li class="min-w-0">
      <Show
        when={props.picture.contentType !== "application/pdf"}
        fallback={
          <a href={address()} class="text-accent underline underline-offset-2" download="">
            {t("checks.pdf")}
          </a>
        }
      >
        <img
          src={address()}
          alt={t("checks.picture", { n: String(props.n) })}
          class="max-h-80 w-full rounded-card border border-line object-contain"
        />
      </Show>
    </li>
  );
};

const Decide = (props: { detail: Detail; onClose: () => void }) => {
  const t = useText("people");
  const client = useQueryClient();
  const [reason, setReason] = createSignal("");
  const [missing, setMissing] = createSignal(false);
  const [busy, setBusy] = createSignal<string | null>(null);
  const [failed, setFailed] = createSignal<unknown>(null);
  const decide = async (decision: "verified" | "rejected") => {
    setFailed(null);
    setMissing(decision === "rejected" && reason().trim().length < 3);
    if (missing()) return;
    setBusy(decision);
    try {
      const why = decision === "rejected" ? { reason: reason().trim() } : {};
      await api.identity.kyc.decide.call({ id: props.detail.file.id, decision, ...why });
      await client.invalidateQueries({ queryKey: api.identity.kyc.queue.key() });
      props.onClose();
      void notify.success(t("checks.done"));
    } catch (error) {
      setFailed(error);
    } finally {
      setBusy(null);
    }
  };
  return (
    <div class="grid gap-4">
      <TextInput
        label={t("checks.why")}
        hint={t("checks.whyHint")}
        value={reason()}
        onValue={setReason}
        error={missing() ? t("check.reason") : undefined}
        maxlength={500}
      />
      <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
      <div class="flex flex-wrap justify-end gap-2">
        <Button variant="danger" busy={busy() === "rejected"} onClick={() => decide("rejected")}>
          {t("checks.reject")}
        </Button>
        <Button busy={busy() === "verified"} onClick={() => decide("verified")}>
          {t("checks.verify")}
        </Button>
      </div>
    </div>
  );
};
