import { afterEach, describe, expect, mock, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@solidjs/testing-library";
import { createSignal } from "solid-js";
import {
  Button,
  CopyText,
  Countdown,
  Dialog,
  englishUiText,
  NumberInput,
  Segmented,
  Table,
  TextInput,
  UiProvider,
} from "./index.ts";

afterEach(cleanup);

const vietnamese = { locale: () => "vi-VN", text: () => englishUiText, now: () => 0 };

describe("Button", () => {
  test("a busy button takes no second press", () => {
    const press = mock(() => {});
    render(() => (
      <Button busy onClick={press}>
        Pay
      </Button>
    ));
    const button = screen.getByRole("button");
    fireEvent.click(button);
    expect(press).not.toHaveBeenCalled();
    expect(button.getAttribute("aria-busy")).toBe("true");
  });

  test("never submits a form unless it says so", () => {
    render(() => <Button>Cancel</Button>);
    expect(screen.getByRole("button").getAttribute("type")).toBe("button");
  });
});

describe("fields", () => {
  test("an error is tied to its control, and hint and error are both read", () => {
    render(() => (
      <TextInput
        label="VIN"
        hint="17 characters"
        error="That VIN is too short."
        value="X"
        onValue={() => {}}
      />
    ));
    const input = screen.getByLabelText("VIN");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    const said = (input.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent);
    expect(said).toEqual(["17 characters", "That VIN is too short."]);
  });

  test("a Vietnamese reader types 1.200,5 and the form gets 1200.5", () => {
    const [value, setValue] = createSignal("");
    render(() => (
      <UiProvider settings={vietnamese}>
        <NumberInput label="Price" value={value()} onValue={setValue} />
      </UiProvider>
    ));
    const input = screen.getByLabelText("Price") as HTMLInputElement;
    fireEvent.input(input, { target: { value: "1.200,5" } });
    expect(value()).toBe("1200.5");
    setValue("1000000");
    expect(input.value).toBe("1.000.000");
  });

  test("segmented choices are radios with a group name", () => {
    const choose = mock((_: string) => {});
    render(() => (
      <Segmented
        label="Period"
        value="day"
        options={[
          { value: "day", label: "Day" },
          { value: "year", label: "Year" },
        ]}
        onValue={choose}
      />
    ));
    expect(screen.getByRole("group", { name: "Period" })).toBeTruthy();
    fireEvent.click(screen.getByRole("radio", { name: "Year" }));
    expect(choose).toHaveBeenCalledWith("year");
  });
});

describe("Table", () => {
  const rows = [{ id: "a", name: "Hà Nội", km: "120.4" }];
  const columns = [
    { key: "name", header: "Route", lead: true, cell: (row: (typeof rows)[number]) => row.name },
    {
      key: "km",
      header: "Distance",
      align: "end" as const,
      sortable: true,
      cell: (row: (typeof rows)[number]) => row.km,
    },
  ];

  test("is a table with a caption, column headers and row headers", () => {
    render(() => <Table caption="Trips" columns={columns} rows={rows} />);
    expect(screen.getByRole("table").querySelector("caption")?.textContent).toBe("Trips");
    expect(screen.getAllByRole("columnheader")).toHaveLength(2);
    expect(screen.getByRole("rowheader").textContent).toBe("Hà Nội");
  });

  test("each cell carries its column's name for the narrow layout", () => {
    render(() => <Table caption="Trips" columns={columns} rows={rows} />);
    expect(screen.getByRole("cell").getAttribute("data-label")).toBe("Distance");
  });

  test("says how it is sorted, and a second press turns it around", () => {
    const sort = mock((_: { key: string; direction: string }) => {});
    render(() => (
      <Table
        caption="Trips"
        columns={columns}
        rows={rows}
        sort={{ key: "km", direction: "descending" }}
        onSort={sort}
      />
    ));
    expect(screen.getAllByRole("columnheader")[1]?.getAttribute("aria-sort")).toBe("descending");
    fireEvent.click(screen.getByRole("button", { name: "Distance" }));
    expect(sort).toHaveBeenCalledWith({ key: "km", direction: "ascending" });
  });

  test("an empty table shows its empty state instead of headers", () => {
    render(() => <Table caption="Trips" columns={columns} rows={[]} empty={<p>No trips yet</p>} />);
    expect(screen.queryByRole("table")).toBeNull();
    expect(screen.getByText("No trips yet")).toBeTruthy();
  });
});

describe("Dialog", () => {
  test("is named by its title and closes by its button", async () => {
    const [open, setOpen] = createSignal(true);
    render(() => (
      <Dialog open={open()} onOpen={setOpen} title="List credits">
        <p>Body</p>
      </Dialog>
    ));
    expect(screen.getByRole("dialog", { name: "List credits" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    await Promise.resolve();
    expect(open()).toBe(false);
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("Countdown", () => {
  test("runs by the given clock and calls onEnd exactly once", async () => {
    let now = Date.parse("2026-03-01T00:00:00Z");
    const end = mock(() => {});
    const settings = { locale: () => "en", text: () => englishUiText, now: () => now };
    render(() => (
      <UiProvider settings={settings}>
        <Countdown until="2026-03-01T00:00:01Z" onEnd={end} />
      </UiProvider>
    ));
    expect(screen.getByText("00:01")).toBeTruthy();
    now += 1500;
    await Bun.sleep(2200);
    expect(end).toHaveBeenCalledTimes(1);
    expect(screen.getByText("Ended")).toBeTruthy();
  });
});

describe("CopyText", () => {
  test("says what it copies", () => {
    render(() => <CopyText text="EVX-VN-1" label="serial number" />);
    expect(screen.getByRole("button", { name: "Copy: serial number" })).toBeTruthy();
  });
});
