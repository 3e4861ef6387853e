import { Button, Dialog, TextArea } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { useQueryClient } from "@tanstack/solid-query";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";

/** Sends what failed again, with a word on what has changed. */
export const Resubmit = (props: {
  detail: Answer<typeof api.verification.requests.byId>;
  open: boolean;
  onOpen: (open: boolean) => void;
}) => {
  const t = useText("review");
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = createForm({
    initial: { explanation: "" },
    submit: async ({ explanation }) => {
      const { request } = await api.verification.requests.resubmit.call({
        id: props.detail.request.id,
        ...(explanation.trim() ? { explanation } : {}),
      });
      await client.invalidateQueries({ queryKey: api.verification.requests.list.key() });
      await client.invalidateQueries({ queryKey: api.verification.requests.byId.key() });
      props.onOpen(false);
      void notify.success(t("own.resubmitted"));
      navigate(`/owner/requests/${request.id}`);
    },
  });
  return (
    <Dialog
      open={props.open}
      onOpen={props.onOpen}
      title={t("own.resubmitTitle")}
      description={t("own.resubmitLead")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextArea label={t("own.explanation")} rows={4} optional {...form.text("explanation")} />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("own.resubmit")}
        </Button>
      </form>
    </Dialog>
  );
};
