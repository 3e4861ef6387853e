import {
  Button,
  Card,
  Dialog,
  ErrorBox,
  FileDrop,
  Notice,
  ProgressBar,
  Select,
  StatusDot,
  TextInput,
  type Tone,
} from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { FormFailure, useSentence } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { currentLocale } from "../../lib/locale.ts";
import { notify } from "../../lib/notify.ts";
import { upload } from "../../lib/upload.ts";
import { countryOptions } from "../credits/countries.ts";

type Proof = Answer<typeof api.identity.kyc.mine>;

const proofTones: Record<Proof["status"], Tone> = {
  none: "neutral",
  submitted: "info",
  verified: "positive",
  rejected: "negative",
};

const documentTypes = [
  "national_id",
  "passport",
  "driving_licence",
  "residence_permit",
  "company_registration",
] as const;

/** Where one's proof of identity stands, and handing it in. */
export const Proof = () => {
  const t = useText("identity");
  const f = useFormat();
  const proof = useQuery(api.identity.kyc.mine.queryOptions());
  const [handing, setHanding] = createSignal(false);
  return (
    <Card title={t("proof.title")} subtitle={t("proof.lead")}>
      <Loaded query={proof}>
        {(data) => (
          <>
            <div class="flex flex-wrap items-center justify-between gap-3">
              <StatusDot tone={proofTones[data().status]}>{t(`proof.${data().status}`)}</StatusDot>
              <Show when={data().status === "none" || data().status === "rejected"}>
                <Button variant="secondary" size="sm" onClick={() => setHanding(true)}>
                  {t(data().status === "none" ? "proof.begin" : "proof.again")}
                </Button>
              </Show>
            </div>
            <Show when={data().status === "submitted" && data().file}>
              {(file) => (
                <p class="mt-2 text-muted">{t("proof.waiting", { when: f.relative(file().submittedAt) })}</p>
              )}
            </Show>
            <Show when={data().file?.reason}>
              {(reason) => (
                <Notice class="mt-3" tone="negative">
                  {reason()}
                </Notice>
              )}
            </Show>
          </>
        )}
      </Loaded>
      <Show when={handing()}>
        <HandIn onClose={() => setHanding(false)} />
      </Show>
    </Card>
  );
};

const HandIn = (props: { onClose: () => void }) => {
  const t = useText("identity");
  const f = useFormat();
  const client = useQueryClient();
  const sentence = useSentence();
  const [pictures, setPictures] = createSignal<{ id: string; name: string }[]>([]);
  const [sending, setSending] = createSignal<{ name: string; sent: number; total: number } | null>(null);
  const [refused, setRefused] = createSignal<string | null>(null);

  const send = async (file: File) => {
    setRefused(null);
    setSending({ name: file.name, sent: 0, total: file.size });
    try {
      const { document } = await upload<{ document: { id: string } }>("/api/account/kyc/documents", file, {
        contentType: file.type || "application/octet-stream",
        onProgress: ({ sent, total }) => setSending({ name: file.name, sent, total }),
      });
      setPictures((before) => [...before, { id: document.id, name: file.name }]);
    } catch (error) {
      setRefused(sentence(error));
    } finally {
      setSending(null);
    }
  };

  const form = createForm({
    initial: { legalName: "", countryCode: "VN", documentType: "national_id" as string, documentNumber: "" },
    check: ({ legalName, documentNumber }) => ({
      legalName: !legalName.trim() && t("check.name"),
      documentNumber: documentNumber.trim().length < 4 && t("proof.number"),
    }),
    submit: async (given) => {
      if (pictures().length === 0) {
        setRefused(t("proof.needed"));
        return;
      }
      await api.identity.kyc.submit.call({
        ...given,
        documentType: documentTypes.find((type) => type === given.documentType) ?? "national_id",
        documentIds: pictures().map((picture) => picture.id),
      });
      await client.invalidateQueries({ queryKey: api.identity.kyc.mine.key() });
      props.onClose();
      void notify.success(t("proof.done"));
    },
  });

  return (
    <Dialog open onOpen={(open) => !open && props.onClose()} title={t("proof.begin")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextInput label={t("proof.legalName")} {...form.text("legalName")} autocomplete="name" required />
        <div class="grid gap-4 sm:grid-cols-2">
          <Select
            label={t("proof.type")}
            options={documentTypes.map((value) => ({ value, label: t(`type.${value}`) }))}
            {...form.text("documentType")}
          />
          <Select
            label={t("proof.country")}
            options={countryOptions(f.country, currentLocale())}
            {...form.text("countryCode")}
          />
        </div>
        <TextInput
          label={t("proof.number")}
          {...form.text("documentNumber")}
          autocapitalize="characters"
          required
        />
        <FileDrop
          label={t("proof.pictures")}
          hint={t("proof.picturesHint")}
          accept="image/jpeg,image/png,image/webp,application/pdf"
          disabled={sending() !== null || pictures().length >= 4}
          onFile={(file) => void send(file)}
        />
        <Show when={sending()}>
          {(now) => <ProgressBar label={now().name} value={now().sent} max={now().total} />}
        </Show>
        <ul class="grid gap-1">
          <For each={pictures()}>
            {(picture) => (
              <li class="min-w-0">
                <StatusDot tone="positive">{t("proof.sent", { name: picture.name.slice(0, 60) })}</StatusDot>
              </li>
            )}
          </For>
        </ul>
        <Show when={refused()}>{(message) => <ErrorBox title={message()} />}</Show>
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("proof.send")}
        </Button>
      </form>
    </Dialog>
  );
};
