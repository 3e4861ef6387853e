import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import { createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { cx } from "./classes.ts";

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => JSX.Element;
  /** Figures stand at the end, so their digits line up. */
  align?: "start" | "end";
  /** The column that names the row: its cell heads the card on a phone, and is the row's header. */
  lead?: boolean;
  sortable?: boolean;
  /** Header only for screen readers, as over a column of buttons. */
  hideHeader?: boolean;
  /** On a phone it takes a third of the row, under its own name: for figures that are short. */
  narrow?: "third";
  class?: string;
};

export type Sort = { key: string; direction: "ascending" | "descending" };

export type TableProps<Row> = {
  /** What the table lists, for screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Shown in place of rows. */
  empty?: JSX.Element;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** Where its box is narrow each row becomes a card (`cards:` and `rows:` in a cell's classes); "scroll" keeps columns and scrolls inside the table's own box. */
  narrow?: "cards" | "scroll";
  /** Marks a row, as one's own bid. */
  marked?: (row: Row) => boolean;
  class?: string;
};

/** Said aloud again, because a table whose rows are laid out as blocks loses its meaning in some browsers. */
const role = (role: "table" | "rowgroup" | "row" | "columnheader" | "cell" | "rowheader") => ({ role });

/** A real table: caption, column headers, row headers, tabular figures. Never widens the page. */
export const Table = <Row,>(props: TableProps<Row>) => {
  const [overflows, setOverflows] = createSignal(false);
  /** A table wider than its box scrolls inside it, and then the keyboard must be able to scroll it too. */
  const watch = (box: HTMLElement) => {
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => setOverflows(box.scrollWidth > box.clientWidth));
    onMount(() => {
      observer.observe(box);
      const table = box.querySelector("table");
      if (table) observer.observe(table);
    });
    onCleanup(() => observer.disconnect());
  };
  const edge = (column: Column<Row>) => (column.align === "end" ? "text-end" : "text-start");
  const flip = (column: Column<Row>): Sort => ({
    key: column.key,
    direction:
      props.sort?.key === column.key && props.sort.direction === "descending" ? "ascending" : "descending",
  });
  return (
    <Show when={props.rows.length > 0 || !props.empty} fallback={props.empty}>
      <div
        ref={watch}
        class={cx("@container relative min-w-0 overflow-x-auto", props.class)}
        {...(overflows() ? { role: "region", "aria-label": props.caption, tabindex: 0 } : {})}
      >
        <table {...role("table")} class={cx("w-full border-collapse", props.narrow !== "scroll" && "stacks")}>
          <caption class="sr-only">{props.caption}</caption>
          <thead {...role("rowgroup")}>
            <tr {...role("row")} class="border-b border-line">
              <For each={props.columns}>
                {(column) => (
                  <th
                    {...role("columnheader")}
                    scope="col"
                    aria-sort={
                      column.sortable
                        ? props.sort?.key === column.key
                          ? props.sort.direction
                          : "none"
                        : undefined
                    }
                    class={cx(
                      "px-3 py-2.5 text-xs font-medium whitespace-nowrap text-muted first:ps-0 last:pe-0 in-data-flush:first:ps-5 in-data-flush:last:pe-5",
                      edge(column),
                    )}
                  >
                    <Show
                      when={column.sortable && props.onSort}
                      fallback={
                        <span class={column.hideHeader ? "sr-only" : undefined}>{column.header}</span>
                      }
                    >
                      <button
                        type="button"
                        class="inline-flex items-center gap-1 rounded hover:text-ink"
                        onClick={() => props.onSort?.(flip(column))}
                      >
                        {column.header}
                        <Show when={props.sort?.key === column.key}>
                          <Show
                            when={props.sort?.direction === "ascending"}
                            fallback={<ArrowDown size={12} />}
                          >
                            <ArrowUp size={12} />
                          </Show>
                        </Show>
                      </button>
                    </Show>
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody {...role("rowgroup")} class="divide-y divide-line">
            <For each={props.rows}>
              {(row) => (
                <tr {...role("row")} class={props.marked?.(row) ? "bg-accent-soft/40" : undefined}>
                  <For each={props.columns}>
                    {(column) => (
                      <Show
                        when={column.lead}
                        fallback={
                          <td
                            {...role("cell")}
                            data-label={column.hideHeader ? "" : column.header}
                            class={cx(
                              "px-3 py-2.5 first:ps-0 last:pe-0 in-data-flush:first:ps-5 in-data-flush:last:pe-5",
                              edge(column),
                              column.narrow === "third" && "stacks-third",
                              column.class,
                            )}
                          >
                            {column.cell(row)}
                          </td>
                        }
                      >
                        <th
                          {...role("rowheader")}
                          scope="row"
                          data-label={column.header}
                          class={cx(
                            "stacks-lead px-3 py-2.5 font-normal first:ps-0 last:pe-0 in-data-flush:first:ps-5 in-data-flush:last:pe-5",
                            edge(column),
                            column.class,
                          )}
                        >
                          {column.cell(row)}
                        </th>
                      </Show>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
};
