import { retirementReasons } from "@evx/kernel";
import { Select, TextArea, TextInput } from "@evx/ui";
import { createMemo } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { countryOptions } from "./countries.ts";
import type { RetirementForm } from "./retirement.ts";

/** In whose name, what for and for which period: the fields of every retirement. Words are those of `credits`. */
export const RetireFields = (props: {
  form: Pick<ReturnType<typeof createForm<RetirementForm>>, "text">;
}) => {
  const t = useText("credits");
  const f = useFormat();
  const countries = createMemo(() => countryOptions(f.country, f.locale()));
  return (
    <>
      <TextInput
        label={t("retire.beneficiary")}
        hint={t("retire.beneficiaryHint")}
        autocomplete="organization"
        maxlength={200}
        {...props.form.text("beneficiaryName")}
        required
      />
      <div class="grid gap-4 sm:grid-cols-2">
        <Select
          label={t("retire.reason")}
          options={retirementReasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
          placeholder={t("retire.reasonChoose")}
          {...props.form.text("reason")}
          required
        />
        <Select
          label={t("retire.country")}
          options={countries()}
          placeholder={t("retire.countryNone")}
          {...props.form.text("beneficiaryCountry")}
          optional
        />
        <TextInput
          class="sm:col-span-2"
          label={t("retire.lei")}
          hint={t("retire.leiHint")}
          {...props.form.text("beneficiaryLei")}
          autocapitalize="characters"
          maxlength={30}
          optional
        />
        <TextInput label={t("retire.periodFrom")} type="date" {...props.form.text("periodFrom")} optional />
        <TextInput label={t("retire.periodTo")} type="date" {...props.form.text("periodTo")} optional />
      </div>
      <TextArea
        label={t("retire.message")}
        hint={t("retire.messageHint")}
        maxlength={500}
        {...props.form.text("message")}
        optional
      />
    </>
  );
};
