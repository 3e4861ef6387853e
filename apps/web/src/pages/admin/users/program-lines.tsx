import { Badge, type Column, EmptyState, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { LoadedPages } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";

type Line = Answer<typeof api.identity.audit.lines>["items"][number];

const aboutOf = (about: unknown): string =>
  typeof about === "object" && about !== null
    ? Object.entries(about)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(", ")
    : "";

/** What the programs warned of, newest first: by level, person and request. */
export const ProgramLines = (props: {
  filter: { level?: Line["level"] | undefined; userId?: string | undefined; requestId?: string | undefined };
  requestLink: (requestId: string) => string;
}) => {
  const t = useText("people");
  const f = useFormat();
  const lines = useInfiniteQuery(
    api.identity.audit.lines.pageOptions(() => ({
      limit: 25,
      ...Object.fromEntries(Object.entries(props.filter).filter(([, value]) => value)),
    })),
  );
  const columns = (): Column<Line>[] => [
    {
      key: "what",
      header: t("lines.what"),
      lead: true,
      cell: (line) => (
        <div class="max-w-md min-w-0 wrap-anywhere">
          <span class="block font-medium">{line.message}</span>
          <span class="block text-xs text-muted">{aboutOf(line.about)}</span>
        </div>
      ),
    },
    {
      key: "level",
      header: t("lines.level"),
      cell: (line) => (
        <Badge tone={line.level === "error" ? "accent" : "neutral"}>{t(`lines.${line.level}`)}</Badge>
      ),
    },
    {
      key: "service",
      header: t("lines.service"),
      cell: (line) => <span class="break-all">{line.service}</span>,
    },
    {
      key: "when",
      header: t("log.when"),
      cell: (line) => (
        <div class="min-w-0">
          <span class="block whitespace-nowrap">{f.dateTime(line.at)}</span>
          <Show when={line.requestId}>
            {(id) => (
              <a class="inline-block py-1 text-xs font-semibold text-accent" href={props.requestLink(id())}>
                {t("log.request")}
              </a>
            )}
          </Show>
        </div>
      ),
    },
  ];
  return (
    <LoadedPages query={lines}>
      {(rows) => (
        <Table
          caption={t("lines.title")}
          columns={columns()}
          rows={rows()}
          empty={<EmptyState title={t("lines.none")}>{t("lines.noneBody")}</EmptyState>}
        />
      )}
    </LoadedPages>
  );
};
