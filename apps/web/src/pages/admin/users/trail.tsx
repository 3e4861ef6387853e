import { Badge, type Column, EmptyState, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { LoadedPages } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { useActionName } from "./actions-words.ts";
import { ChangeLines } from "./change.tsx";
import { useWhenColumn } from "./lines.tsx";

type Line = Answer<typeof api.identity.audit.list>["items"][number];

/** Lines of the trail, newest first, by whatever is asked for. */
export const Trail = (props: {
  caption: string;
  /** True where the reader chose what to look for, so that nothing found may be a slip of theirs. */
  searched?: boolean;
  filter: {
    actorId?: string | undefined;
    object?: string | undefined;
    action?: string | undefined;
    level?: Line["level"] | undefined;
    requestId?: string | undefined;
  };
  /** Where the lines of one request are shown together. */
  requestLink?: (requestId: string) => string;
}) => {
  const t = useText("people");
  const when = useWhenColumn<Line>(() => props.requestLink);
  const lines = useInfiniteQuery(
    api.identity.audit.list.pageOptions(() => ({
      limit: 25,
      ...Object.fromEntries(Object.entries(props.filter).filter(([, value]) => value)),
    })),
  );
  const named = useActionName();
  const columns = (): Column<Line>[] => [
    {
      key: "what",
      header: t("log.what"),
      lead: true,
      cell: (line) => (
        <div class="max-w-sm min-w-0 rows:min-w-60">
          <span class="block font-medium break-words" title={line.action}>
            {named(line.action)}
          </span>
          <span class="serial block text-muted">{line.object}</span>
          <Show when={line.level !== "notice"}>
            <Badge tone={line.level === "alarm" ? "accent" : "neutral"}>{t(`level.${line.level}`)}</Badge>
          </Show>
        </div>
      ),
    },
    {
      key: "who",
      header: t("log.who"),
      cell: (line) => <span class="break-words">{line.actorName ?? t("log.venue")}</span>,
    },
    {
      key: "change",
      header: t("log.change"),
      cell: (line) => <ChangeLines before={line.before} after={line.after} />,
    },
    { key: "from", header: t("log.from"), cell: (line) => line.origin ?? "" },
    when(),
  ];
  return (
    <LoadedPages query={lines}>
      {(rows) => (
        <Table
          caption={props.caption}
          columns={columns()}
          rows={rows()}
          empty={
            props.searched ? (
              <EmptyState title={t("log.none")}>{t("log.noneBody")}</EmptyState>
            ) : (
              <EmptyState title={t("log.nothing")} />
            )
          }
        />
      )}
    </LoadedPages>
  );
};
