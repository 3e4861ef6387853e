import { Button, RadioCards, TextInput } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { FormFailure } from "../../../frame/failure.tsx";
import { type Standing, setStanding } from "../../../frame/venue.ts";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { serverNow } from "../../../lib/time.ts";

type Mode = Standing["mode"];

const modes = ["open", "read_only", "maintenance"] as const;

/** Closes the venue or opens it. No mode is preselected: it is chosen, and a reason is given. */
export const ModeForm = (props: { mode: Mode }) => {
  const t = useText("venue");
  const f = useFormat();
  const client = useQueryClient();
  const form = createForm({
    initial: { mode: "" as Mode | "", until: "", reason: "" },
    check: ({ mode, until, reason }) => ({
      mode: !mode && t("mode.modeCheck"),
      until: Boolean(until) && new Date(until).getTime() <= serverNow() && t("mode.untilCheck"),
      reason: !reason.trim() && t("mode.reasonCheck"),
    }),
    submit: async ({ mode, until, reason }) => {
      if (!mode) return false;
      const { givenBack } = await api.venue.set.call({
        mode,
        reason,
        ...(until && mode !== "open" ? { until: new Date(until).toISOString() } : {}),
      });
      void notify.success(
        mode === "open"
          ? t("mode.givenBack", {
              auctions: f.number(givenBack.auctions),
              orders: f.number(givenBack.orders),
            })
          : t("mode.saved"),
      );
      form.set("mode", "");
      form.set("until", "");
      form.set("reason", "");
      setStanding(await api.venue.standing.fetch());
      await Promise.all([
        client.invalidateQueries({ queryKey: api.venue.standing.key() }),
        client.invalidateQueries({ queryKey: api.venue.history.key() }),
      ]);
      return true;
    },
  });
  return (
    <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
      <RadioCards
        label={t("mode.choose")}
        options={modes
          .filter((mode) => mode !== props.mode)
          .map((value) => ({ value, label: t(`mode.${value}`), hint: t(`mode.${value}.hint`) }))}
        {...form.text("mode")}
      />
      <Show when={form.values.mode === "read_only" || form.values.mode === "maintenance"}>
        <TextInput
          type="datetime-local"
          label={t("mode.until")}
          hint={t("mode.untilHint")}
          {...form.text("until")}
          optional
        />
      </Show>
      <TextInput label={t("mode.reason")} maxlength={500} {...form.text("reason")} required />
      <FormFailure form={form} />
      <Button type="submit" variant="lit" class="justify-self-start" busy={form.busy()}>
        {t("mode.set")}
      </Button>
    </form>
  );
};
