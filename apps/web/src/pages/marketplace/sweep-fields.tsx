import { NumberInput, Select } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import type { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import type { Terms } from "./sweep-terms.ts";
import { isNamedMethod } from "./words.ts";

/** What somebody wants to buy: how much, at what price at most, and of which kind. */
export default function TermFields(props: { form: ReturnType<typeof createForm<Terms>> }) {
  const t = useText("buying");
  const f = useFormat();
  const facets = useQuery(api.marketplace.listings.facets.with({ staleTime: 60_000 }).queryOptions());
  const market = useQuery(api.marketplace.listings.terms.with({ staleTime: 60_000 }).queryOptions());
  const known = () => (facets.isSuccess ? facets.data : { countries: [], vintages: [], methods: [] });
  const currency = () => (market.isSuccess ? market.data.currency : "");
  return (
    <>
      <NumberInput
        label={t("terms.credits")}
        hint={t("terms.creditsHint")}
        {...props.form.text("credits")}
        required
      />
      <NumberInput
        label={t("terms.maxPrice")}
        hint={t("terms.maxPriceHint")}
        unit={currency()}
        {...props.form.text("maxPrice")}
        optional
      />
      <Select
        label={t("terms.vintageFrom")}
        placeholder={t("terms.any")}
        options={known().vintages.map((year) => ({ value: String(year), label: t("terms.from", { year }) }))}
        {...props.form.text("vintageFrom")}
        optional
      />
      <Select
        label={t("terms.method")}
        placeholder={t("terms.any")}
        options={known().methods.map((value) => ({
          value,
          label: isNamedMethod(value) ? t(`method.${value}`) : value,
        }))}
        {...props.form.text("method")}
        optional
      />
      <Select
        label={t("terms.country")}
        placeholder={t("terms.any")}
        options={known().countries.map((value) => ({ value, label: f.country(value) }))}
        {...props.form.text("country")}
        optional
      />
      <Select
        label={t("terms.quality")}
        placeholder={t("terms.any")}
        options={(["connected", "export", "manual"] as const).map((value) => ({
          value,
          label: t(`quality.${value}`),
        }))}
        {...props.form.text("quality")}
        optional
      />
    </>
  );
}
