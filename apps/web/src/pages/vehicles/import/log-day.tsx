import { Button, Card, TextInput } from "@evx/ui";
import { createSignal } from "solid-js";
import { useText } from "../../../i18n/index.ts";

/** What a log leaves open that names no day: the day alone, or the hour too where it counts from zero. */
export type Undated = "day" | "hour";

/** Asks on which day a log begins. Kept nowhere: the next log is another day's. */
export const LogDay = (props: {
  asks: Undated;
  onBegan: (logBegan: string) => void;
  onOther: () => void;
}) => {
  const t = useText("vehicles");
  const [day, setDay] = createSignal("");
  const [hour, setHour] = createSignal("");
  const complete = () => day() !== "" && (props.asks === "day" || hour() !== "");
  return (
    <Card title={t("import.undated")} subtitle={t("import.undatedLead")}>
      <form
        novalidate
        class="grid max-w-md gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete()) props.onBegan(hour() === "" ? day() : `${day()}T${hour()}`);
        }}
      >
        <div class="grid gap-4 sm:grid-cols-2">
          <TextInput type="date" label={t("import.logDay")} value={day()} onValue={setDay} required />
          <TextInput
            type="time"
            label={t("import.logHour")}
            hint={t(props.asks === "hour" ? "import.logHourNeeded" : "import.logHourHint")}
            value={hour()}
            onValue={setHour}
            {...(props.asks === "hour" ? { required: true } : { optional: true })}
          />
        </div>
        <div class="flex flex-wrap gap-3">
          <Button type="submit" disabled={!complete()}>
            {t("import.readLog")}
          </Button>
          <Button variant="secondary" onClick={() => props.onOther()}>
            {t("import.other")}
          </Button>
        </div>
      </form>
    </Card>
  );
};
