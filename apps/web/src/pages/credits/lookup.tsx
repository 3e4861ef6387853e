import { Button, Card, TextInput } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { createSignal } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { lifeOf } from "./words.ts";

/** Goes to the life of the serial number that somebody read on a certificate. */
export default function Lookup() {
  const t = useText("credits");
  const navigate = useNavigate();
  const [serial, setSerial] = createSignal("");
  const [wrong, setWrong] = createSignal(false);
  const look = (event: SubmitEvent) => {
    event.preventDefault();
    const text = serial().trim();
    if (!/^EVX-.+-\d+-\d+$/.test(text)) return setWrong(true);
    navigate(lifeOf(text));
  };
  return (
    <Card>
      <form novalidate class="flex flex-wrap items-start gap-3" onSubmit={look}>
        <TextInput
          label={t("registry.lookup")}
          class="min-w-0 flex-1 basis-72"
          hint={<span class="break-all">{t("registry.lookupHint")}</span>}
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          value={serial()}
          error={wrong() ? t("registry.lookupCheck") : undefined}
          onValue={(text) => {
            setSerial(text);
            setWrong(false);
          }}
        />
        <Button class="w-full sm:mt-[1.625rem] sm:w-auto" type="submit">
          {t("registry.lookupDo")}
        </Button>
      </form>
    </Card>
  );
}
