import { Button, Card, NumberInput, TextInput } from "@evx/ui";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { todayIn } from "../../lib/zones.ts";
import { useReviewRefresh } from "./decisions.tsx";

/** What the reviewer saw on the car's odometer: a reading that its owner did not write. */
export const SeenOdometer = (props: { requestId: string; zone: string }) => {
  const today = () => todayIn(props.zone);
  const t = useText("review");
  const refresh = useReviewRefresh();
  const form = createForm({
    initial: { odometerKm: "", readAt: today(), seen: "" },
    submit: async ({ odometerKm, readAt, seen }) => {
      await api.verification.review.seenOdometer.call({
        id: props.requestId,
        odometerKm,
        readAt,
        seen,
      });
      await refresh();
      form.reset();
      void notify.success(t("review.seenSaved"));
    },
  });
  return (
    <Card title={t("review.seenTitle")} subtitle={t("review.seenLead")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <div class="grid gap-4 sm:grid-cols-2">
          <NumberInput label={t("review.seenKm")} unit="km" {...form.text("odometerKm")} required />
          <TextInput
            type="date"
            label={t("review.seenWhen")}
            max={today()}
            {...form.text("readAt")}
            required
          />
        </div>
        <TextInput label={t("review.seenWhat")} {...form.text("seen")} required />
        <FormFailure form={form} />
        <Button type="submit" variant="secondary" busy={form.busy()}>
          {t("review.seenSave")}
        </Button>
      </form>
    </Card>
  );
};
