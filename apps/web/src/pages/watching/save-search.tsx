import { Button, Checkbox, Dialog, TextInput } from "@evx/ui";
import { createSignal } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { queryClient } from "../../lib/queries.tsx";
import type { inputOf } from "../marketplace/search.ts";

/** Keeps the search on the screen under a name, and tells of what it will find. */
export default function SaveSearch(props: { input: ReturnType<typeof inputOf> }) {
  const t = useText("watching");
  const [open, setOpen] = createSignal(false);
  const [alerts, setAlerts] = createSignal(true);
  const form = createForm({
    initial: { name: "" },
    check: ({ name }) => ({ name: !name.trim() && t("save.check") }),
    submit: async ({ name }) => {
      const { limit: _, sort: __, ...filter } = props.input;
      await api.marketplace.searches.save.call({ name, filter, alerts: alerts() });
      await queryClient.invalidateQueries({ queryKey: api.marketplace.searches.list.key() });
      form.reset();
      setOpen(false);
      void notify.success(t("save.done"));
    },
  });
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        {t("save.action")}
      </Button>
      <Dialog open={open()} title={t("save.title")} onOpen={setOpen}>
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <TextInput label={t("save.name")} maxLength={80} {...form.text("name")} required />
          <Checkbox label={t("save.alerts")} checked={alerts()} onChecked={setAlerts} />
          <FormFailure form={form} />
          <Button type="submit" class="justify-self-start" busy={form.busy()}>
            {t("save.action")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
