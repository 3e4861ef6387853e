import { Button, Dialog, LinkButton, TextArea } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import type { Order } from "./words.ts";

/** The way to object to a paid order; once somebody has, the way to what was said. */
export const ObjectTo = (props: { order: Order }) => {
  const t = useText("disputes");
  const navigate = useNavigate();
  const [asking, setAsking] = createSignal(false);
  const known = useQuery(api.marketplace.disputes.list.queryOptions(() => ({ orderId: props.order.id })));
  const last = () => (known.isSuccess ? known.data.items[0] : undefined);
  const form = createForm({
    initial: { reason: "" },
    check: ({ reason }) => ({ reason: !reason.trim() && t("open.check") }),
    submit: async ({ reason }) => {
      const { dispute } = await api.marketplace.disputes.open.call({ id: props.order.id, reason });
      navigate(`/disputes/${dispute.id}`);
    },
  });
  return (
    <Show
      when={last()}
      fallback={
        <>
          <Button variant="quiet" onClick={() => setAsking(true)}>
            {t("open.action")}
          </Button>
          <Dialog open={asking()} onOpen={setAsking} title={t("open.title")} description="">
            <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
              <TextArea label={t("open.label")} maxlength={2000} {...form.text("reason")} required />
              <FormFailure form={form} />
              <Button type="submit" class="justify-self-start" busy={form.busy()}>
                {t("open.send")}
              </Button>
            </form>
          </Dialog>
        </>
      }
    >
      {(dispute) => (
        <LinkButton variant="secondary" href={`/disputes/${dispute().id}`}>
          {t("open.see")}
        </LinkButton>
      )}
    </Show>
  );
};
