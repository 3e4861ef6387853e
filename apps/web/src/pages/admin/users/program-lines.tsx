import { Badge, type Column, EmptyState, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { LoadedPages } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { inWords, useWhenColumn } from "./lines.tsx";

type Line = Answer<typeof api.identity.audit.lines>["items"][number];

/** What the programs warned of, newest first: by level, person and request. */
export const ProgramLines = (props: {
  filter: { level?: Line["level"] | undefined; userId?: string | undefined; requestId?: string | undefined };
  requestLink: (requestId: string) => string;
}) => {
  const t = useText("people");
  const when = useWhenColumn<Line>(() => props.requestLink);
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
          <span class="block text-xs text-muted">{inWords(line.about)}</span>
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
    when(),
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
