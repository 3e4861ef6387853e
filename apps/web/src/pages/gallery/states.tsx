import {
  Card,
  Checkbox,
  EmptyState,
  FileDrop,
  Notice,
  NumberInput,
  PasswordInput,
  RadioCards,
  Segmented,
  Select,
  Skeleton,
  Table,
  TextArea,
  TextInput,
} from "@evx/ui";
import { For } from "solid-js";
import { useFormat } from "../../lib/format.ts";
import { w } from "./words.ts";

const nothing = () => {};
const longName = "Công ty Cổ phần Thương mại Dịch vụ Vận tải Xanh Đồng bằng Sông Cửu Long";
const rows = [
  { name: longName, credits: "10000000.000001" },
  { name: "Lotus Bay Hotels", credits: "0.000001" },
  { name: "Tràng An Textiles", credits: "0" },
];

/** What one does to a field or a list, one state beside the other: each control as it is, filled in, wrong and locked. */
export const States = () => (
  <div class="mt-4 grid min-w-0 gap-4">
    <Card title={w("States of a field")} subtitle={w("As it is, with a hint, filled in, wrong, locked")}>
      <div class="grid gap-x-6 gap-y-5 sm:grid-cols-2 lg:grid-cols-4">
        <For each={["plain", "filled", "wrong", "locked"] as const}>
          {(state) => <Fields state={state} />}
        </For>
      </div>
    </Card>
    <Lists />
    <Card title={w("What the venue says")} subtitle={w("Every tone, with and without a title")}>
      <div class="grid gap-3 sm:grid-cols-2">
        <Notice tone="positive" title={w("Your credits are in your wallet.")} />
        <Notice tone="warning">{w("Your bid was outbid at $8.12.")}</Notice>
        <Notice tone="negative" title={w("The payment was declined. Nothing was charged.")}>
          {longName}
        </Notice>
        <Notice>{w("Try part of the number or of a name.")}</Notice>
      </div>
    </Card>
  </div>
);

const Fields = (props: { state: "plain" | "filled" | "wrong" | "locked" }) => {
  const f = useFormat();
  const given = (value: string) => (props.state === "plain" ? "" : value);
  const shared = (error: string) => ({
    onValue: nothing,
    disabled: props.state === "locked",
    ...(props.state === "wrong" ? { error } : {}),
  });
  return (
    <div class="grid content-start gap-4">
      <TextInput
        label={w("Name of the company")}
        hint={w("As it should appear on certificates.")}
        value={given(longName)}
        required
        {...shared(w("Enter the company's name."))}
      />
      <NumberInput
        label={w("Amount")}
        unit="USD"
        value={given("10000000.25")}
        {...shared(w("More than you have: 0.21679 credits."))}
      />
      <PasswordInput label={w("Password")} value={given("a long sentence")} {...shared(w("Choose one."))} />
      <Select
        label={w("Country")}
        placeholder={w("Choose")}
        value={given("VN")}
        options={["VN", "DE"].map((value) => ({ value, label: f.country(value) }))}
        {...shared(w("Choose one."))}
      />
      <TextArea
        label={w("Message")}
        optional
        value={given(longName)}
        {...shared(w("At most 500 characters."))}
      />
      <Checkbox
        label={w("I have read the terms")}
        checked={props.state === "filled"}
        onChecked={nothing}
        disabled={props.state === "locked"}
        {...(props.state === "wrong" ? { error: w("Accept the terms to continue.") } : {})}
      />
      <RadioCards
        label={w("What brings you here?")}
        value={props.state === "filled" ? "owner" : ""}
        options={[
          { value: "owner", label: w("I drive an electric car"), hint: w("Turn CO₂ into credits.") },
          { value: "buyer", label: w("I want to buy credits"), hint: w("Buy and retire.") },
        ]}
        onValue={nothing}
        {...(props.state === "wrong" ? { error: w("Choose one.") } : {})}
      />
      <FileDrop
        label={w("A file with your trips")}
        onFile={nothing}
        {...(props.state === "wrong" ? { error: w("The file is larger than 50 MB. Nothing was read.") } : {})}
      />
      <Segmented
        label={w("Period")}
        value="month"
        options={[
          { value: "day", label: w("Day") },
          { value: "month", label: w("Month") },
        ]}
        onValue={nothing}
      />
    </div>
  );
};

const Lists = () => {
  const f = useFormat();
  const columns = () =>
    [
      { key: "name", header: w("Holder"), lead: true, cell: (row: (typeof rows)[number]) => row.name },
      {
        key: "credits",
        header: w("Credits"),
        align: "end",
        cell: (row: (typeof rows)[number]) => f.creditsFigure(row.credits),
      },
    ] as const;
  const empty = () => (
    <EmptyState title={w("Nothing found")}>{w("Try part of the number or of a name.")}</EmptyState>
  );
  return (
    <Card title={w("States of a list")} subtitle={w("Nothing, loading, and a name of sixty letters")}>
      <div class="grid items-start gap-6 lg:grid-cols-3">
        <Table caption={w("Nothing found")} columns={columns()} rows={[]} empty={empty()} />
        <Skeleton lines={4} class="h-8 w-full" />
        <Table caption={w("Credits")} columns={columns()} rows={rows} />
      </div>
    </Card>
  );
};
