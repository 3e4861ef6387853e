import { type TripReason, tripReasonCodes, tripReasons } from "@evx/review/schema";
import { Button, Dialog, Select, TextArea } from "@evx/ui";
import { FormFailure } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { currentLocale } from "../../lib/locale.ts";
import { notify } from "../../lib/notify.ts";

/** One reason of the closed list for the chosen trips, and a note that the owner reads. */
export const RefuseDialog = (props: {
  requestId: string;
  tripIds: readonly string[];
  open: boolean;
  onOpen: (open: boolean) => void;
  onDone: () => Promise<unknown>;
}) => {
  const t = useText("review");
  const form = createForm({
    initial: { reason: "evidence_missing" as string, note: "" },
    check: ({ reason, note }) => ({ note: reason === "other" && !note.trim() && t("refuse.noteNeeded") }),
    submit: async ({ reason, note }) => {
      const trips = props.tripIds.map((tripId) => ({ tripId, reason, ...(note.trim() ? { note } : {}) }));
      await api.verification.review.refuseTrips.call({ id: props.requestId, trips });
      await props.onDone();
      props.onOpen(false);
      form.reset();
      void notify.success(t("refuse.done"));
    },
  });
  return (
    <Dialog
      open={props.open}
      onOpen={props.onOpen}
      title={t.n("refuse.title", props.tripIds.length)}
      description={t("refuse.lead")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <Select
          label={t("refuse.reason")}
          options={tripReasonCodes.map((value: TripReason) => ({
            value: value as string,
            label: tripReasons[value][currentLocale()],
          }))}
          {...form.text("reason")}
        />
        <TextArea
          label={t("refuse.note")}
          optional={form.values.reason !== "other"}
          required={form.values.reason === "other"}
          {...form.text("note")}
        />
        <FormFailure form={form} />
        <Button type="submit" variant="danger" wide busy={form.busy()}>
          {t("review.refuse")}
        </Button>
      </form>
    </Dialog>
  );
};
