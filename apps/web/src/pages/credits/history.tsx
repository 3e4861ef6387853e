import {
  Button,
  Card,
  type Column,
  EmptyState,
  LinkButton,
  Select,
  StatusDot,
  Table,
  TextInput,
} from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import Download from "lucide-solid/icons/download";
import { createSignal, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { SerialsBrief } from "./serials.tsx";
import { goesOut, type Movement, movementTones, movementTypes } from "./words.ts";

const MovementDialog = part(() => import("./movement.tsx"));

const day = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (text: string): boolean => {
  const at = day.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return (
    at !== null && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text && text >= "1900"
  );
};

/** The reader's midnight at which a day begins, or the next one does. */
const midnight = (text: string, plus: number): string => {
  // What is no day goes as it was typed: the server says so, and a period that nobody asked for is not shown for it.
  if (!isDay(text)) return text;
  const [year = 0, month = 1, date = 1] = text.split("-").map(Number);
  return new Date(year, month - 1, date + plus).toISOString();
};

/** All movements of a person's credits, filtered, with the whole list as a file. */
export const History = (props: { userId: string }) => {
  const t = useText("credits");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ type?: string; from?: string; to?: string }>();
  const [chosen, setChosen] = createSignal<Movement | null>(null);
  const type = oneOf(search, "type", movementTypes);
  const shown = (text: string | undefined) => (text && day.test(text) ? text : "");
  const filters = () => {
    const [kind, from, to] = [type(), search.from, search.to];
    return {
      ...(kind ? { type: kind } : {}),
      ...(from ? { from: midnight(from, 0) } : {}),
      ...(to ? { to: midnight(to, 1) } : {}),
    };
  };
  const filtered = () => Object.keys(filters()).length > 0;
  const history = useInfiniteQuery(
    api.credits.history.pageOptions(() => ({ userId: props.userId, limit: 25, ...filters() })),
  );
  const file = () => `/api/credits/history/${props.userId}/csv?${new URLSearchParams(filters())}`;

  const columns = (): Column<Movement>[] => [
    {
      key: "what",
      header: t("column.what"),
      lead: true,
      cell: (row) => <StatusDot tone={movementTones[row.type]}>{t(`type.${row.type}`)}</StatusDot>,
    },
    {
      key: "amount",
      header: t("column.amount"),
      align: "end",
      cell: (row) => (
        <span class="whitespace-nowrap" data-figure>
          {goesOut(row.type) ? "−" : "+"}
          {f.creditsFigure(row.amount)}
        </span>
      ),
    },
    {
      key: "with",
      header: t("column.with"),
      cell: (row) => <span class="break-words">{row.counterparty?.name || "–"}</span>,
    },
    { key: "serials", header: t("column.serials"), cell: (row) => <SerialsBrief serials={row.serials} /> },
    {
      key: "when",
      header: t("column.when"),
      cell: (row) => <span class="whitespace-nowrap">{f.dateTime(row.createdAt)}</span>,
    },
    {
      key: "details",
      header: t("column.details"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <Button
          variant="quiet"
          size="sm"
          aria-label={t("details.open", { what: t(`type.${row.type}`), when: f.dateTime(row.createdAt) })}
          onClick={() => setChosen(row)}
        >
          {t("column.details")}
        </Button>
      ),
    },
  ];

  return (
    <Card
      title={t("history.title")}
      actions={
        <LinkButton
          variant="secondary"
          size="sm"
          href={file()}
          download=""
          icon={<Download size={14} aria-hidden="true" />}
        >
          {t("history.csv")}
        </LinkButton>
      }
    >
      <div class="mb-4 flex flex-wrap items-end gap-3">
        <Select
          label={t("history.type")}
          class="w-full sm:w-52"
          value={type() ?? "all"}
          options={[
            { value: "all", label: t("history.all") },
            ...movementTypes.map((value) => ({ value, label: t(`type.${value}`) })),
          ]}
          onValue={(value) => setSearch({ type: value === "all" ? undefined : value })}
        />
        <TextInput
          label={t("history.from")}
          class="min-w-0 flex-1 sm:max-w-44"
          type="date"
          value={shown(search.from)}
          onValue={(value) => setSearch({ from: value || undefined })}
        />
        <TextInput
          label={t("history.to")}
          class="min-w-0 flex-1 sm:max-w-44"
          type="date"
          value={shown(search.to)}
          onValue={(value) => setSearch({ to: value || undefined })}
        />
      </div>
      <LoadedPages query={history}>
        {(rows) => (
          <Table
            caption={t("history.title")}
            columns={columns()}
            rows={rows()}
            empty={
              <Show
                when={filtered()}
                fallback={<EmptyState title={t("history.empty")}>{t("history.emptyBody")}</EmptyState>}
              >
                <EmptyState
                  title={t("history.emptyFiltered")}
                  action={
                    <Button
                      variant="secondary"
                      onClick={() => setSearch({ type: undefined, from: undefined, to: undefined })}
                    >
                      {t("history.clear")}
                    </Button>
                  }
                >
                  {t("history.emptyFilteredBody")}
                </EmptyState>
              </Show>
            }
          />
        )}
      </LoadedPages>
      <Show when={chosen()}>
        {(movement) => <MovementDialog movement={movement()} onClose={() => setChosen(null)} />}
      </Show>
    </Card>
  );
};
