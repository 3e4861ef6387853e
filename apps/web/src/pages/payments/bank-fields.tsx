import { vietnameseBanks } from "@evx/payouts/schema";
import { Select, TextInput } from "@evx/ui";
import { Match, Show, Switch } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { createForm } from "../../lib/form.ts";

const places = ["VN", "US", "iban", "other", "paypal"] as const;
type Place = (typeof places)[number];

type BankValues = {
  place: Place;
  holder: string;
  bank: string;
  number: string;
  code: string;
  country: string;
};

/** An account of which nothing is written yet. */
export const emptyBank = (locale: string, holder = ""): BankValues => ({
  place: locale === "vi" ? "VN" : "iban",
  holder,
  bank: "",
  number: "",
  code: "",
  country: "",
});

/** Which field a refusal of the API is about. */
export const bankNames = {
  bankAccount: "number",
  "bankAccount.number": "number",
  "bankAccount.bankCode": "code",
  "bankAccount.country": "country",
} as const;

const banks = Object.entries(vietnameseBanks)
  .map(([value, { name }]) => ({ value, label: name }))
  .sort((a, b) => a.label.localeCompare(b.label, "vi"));

/** What is written of an account, as the API takes it: what its country needs, and nothing that was left from another. */
export const bankOf = ({ place, holder, bank, number, code, country }: BankValues) => ({
  number,
  holder,
  bankName: place === "VN" ? (vietnameseBanks[bank]?.name ?? "") : "",
  bankCode: place === "VN" ? bank : place === "US" || place === "other" ? code.trim() : "",
  country: place === "VN" || place === "US" ? place : place === "other" ? country.trim().toUpperCase() : "",
});

/** What is missing of an account, by its field. */
export const useBankChecks = () => {
  const t = useText("payments");
  const m = useText("money");
  return ({ place, bank, number, code, country }: BankValues) => ({
    number:
      place === "paypal"
        ? !/^\S+@\S+\.\S+$/.test(number.trim()) && m("bank.needAddress")
        : !number.trim() && t("check.number"),
    bank: place === "VN" && !bank && m("bank.needBank"),
    code: place === "US" && !code.trim() && m("bank.needRouting"),
    country: place === "other" && !/^[A-Za-z]{2}$/.test(country.trim()) && m("bank.needCountry"),
  });
};

/** The parts of a bank account that its country has: a bank by name, a routing number, an IBAN or a SWIFT code. */
export const BankFields = (props: {
  form: Pick<ReturnType<typeof createForm<BankValues>>, "text" | "values">;
  ways: readonly string[];
}) => {
  const t = useText("payments");
  const m = useText("money");
  const form = () => props.form;
  const place = () => form().values.place;
  return (
    <>
      <Select
        label={m("bank.country")}
        options={places
          .filter((value) => value !== "paypal" || props.ways.includes("paypal"))
          .map((value) => ({ value, label: m(`bank.country.${value}`) }))}
        {...form().text("place")}
      />
      <Show when={place() === "VN"}>
        <Select
          label={t("form.bank")}
          placeholder={m("bank.choose")}
          options={banks}
          {...form().text("bank")}
          required
        />
      </Show>
      <Show when={place() === "other"}>
        <TextInput
          label={m("bank.countryCode")}
          hint={m("bank.countryCodeHint")}
          {...form().text("country")}
          maxlength={2}
          required
        />
      </Show>
      <TextInput
        label={m(place() === "iban" ? "bank.iban" : place() === "paypal" ? "bank.address" : "bank.number")}
        hint={place() === "paypal" ? m("bank.addressHint") : t("form.numberHint")}
        {...form().text("number")}
        type={place() === "paypal" ? "email" : "text"}
        autocomplete={place() === "paypal" ? "email" : "off"}
        required
      />
      <Switch>
        <Match when={place() === "US"}>
          <TextInput
            label={m("bank.routing")}
            hint={m("bank.routingHint")}
            {...form().text("code")}
            autocomplete="off"
            inputmode="numeric"
            maxlength={9}
            required
          />
        </Match>
        <Match when={place() === "other"}>
          <TextInput
            label={m("bank.swift")}
            {...form().text("code")}
            optional
            autocomplete="off"
            maxlength={20}
          />
        </Match>
      </Switch>
      <Show when={place() !== "paypal"}>
        <TextInput
          label={t("form.holder")}
          hint={t("form.holderHint")}
          {...form().text("holder")}
          autocomplete="name"
          maxlength={80}
        />
      </Show>
    </>
  );
};
