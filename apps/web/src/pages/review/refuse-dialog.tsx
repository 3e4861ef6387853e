import { fittingReasons, type TripReason, tripReasonCodes, tripReasons } from "@evx/review/schema";
import { Button, Dialog, RadioCards, TextArea } from "@evx/ui";
import { createEffect, on } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { currentLocale } from "../../lib/locale.ts";
import { notify } from "../../lib/notify.ts";

/**
 * One reason of the closed list for the chosen trips, and a note that the owner reads. Reasons that the trips' flags
 * speak for come first and say so; none is chosen until the reviewer chooses, because the owner is told it as a fact.
 */
export const RefuseDialog = (props: {
  requestId: string;
  tripIds: readonly string[];
  /** Codes of the chosen trips' flags, as often as they occur. */
  flags: readonly string[];
  open: boolean;
  onOpen: (open: boolean) => void;
  onDone: () => Promise<unknown>;
}) => {
  const t = useText("review");
  const form = createForm({
    initial: { reason: "" as TripReason | "", note: "" },
    check: ({ reason, note }) => ({
      reason: reason === "" && t("refuse.reasonNeeded"),
      note: reason === "other" && !note.trim() && t("refuse.noteNeeded"),
    }),
    submit: async ({ reason, note }) => {
      const trips = props.tripIds.map((tripId) => ({ tripId, reason, ...(note.trim() ? { note } : {}) }));
      await api.verification.review.refuseTrips.call({ id: props.requestId, trips });
      await props.onDone();
      props.onOpen(false);
      form.reset();
      void notify.success(t("refuse.done"));
    },
  });
  // What was chosen for some trips is never carried over to others.
  createEffect(
    on(
      () => props.tripIds.join(),
      () => form.text("reason").onValue(""),
      { defer: true },
    ),
  );
  const options = () => {
    const fitting = fittingReasons(props.flags);
    return [...fitting, ...tripReasonCodes.filter((code) => !fitting.includes(code))].map((value, at) => ({
      value,
      label: `${at + 1}. ${tripReasons[value][currentLocale()]}`,
      ...(fitting.includes(value) ? { hint: t("refuse.fits") } : {}),
    }));
  };
  /** A reason by its number; in the note a digit is a digit. */
  const byNumber = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.altKey || event.metaKey) return;
    const found = /^[1-9]$/.test(event.key) ? options()[Number(event.key) - 1] : undefined;
    if (!found) return;
    event.preventDefault();
    form.text("reason").onValue(found.value);
  };
  return (
    <Dialog
      open={props.open}
      onOpen={props.onOpen}
      title={t.n("refuse.title", props.tripIds.length)}
      description={t("refuse.lead")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit} onKeyDown={byNumber}>
        <RadioCards label={t("refuse.reason")} options={options()} {...form.text("reason")} />
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
