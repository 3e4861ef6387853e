import { Badge, Card, type Column, EmptyState, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { Announcements } from "./announcements.tsx";
import { ModeForm } from "./mode-form.tsx";

type Line = Answer<typeof api.venue.history>["items"][number];

/** The switch that closes the venue for changes, and what is announced to everybody. */
export default function Venue() {
  const t = useText("venue");
  const standing = useQuery(api.venue.standing.queryOptions());
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="grid min-w-0 gap-7">
        <div class="grid min-w-0 items-start gap-7 lg:grid-cols-2">
          <Loaded query={standing}>
            {(now) => (
              <Card title={t("mode.title")} subtitle={t("mode.now", { mode: t(`mode.${now().mode}`) })}>
                <ModeForm mode={now().mode} />
              </Card>
            )}
          </Loaded>
          <Card title={t("history.title")}>
            <History />
          </Card>
        </div>
        <Announcements />
      </div>
    </Page>
  );
}

const History = () => {
  const t = useText("venue");
  const f = useFormat();
  const history = useQuery(api.venue.history.queryOptions());
  const columns = (): Column<Line>[] => [
    {
      key: "mode",
      header: t("history.mode"),
      lead: true,
      cell: (line) => (
        <Show when={line.mode !== "open"} fallback={t("mode.open")}>
          <Badge tone="accent">{t(`mode.${line.mode}`)}</Badge>
        </Show>
      ),
    },
    {
      key: "reason",
      header: t("history.reason"),
      cell: (line) => <span class="block max-w-xs break-words">{line.reason}</span>,
    },
    { key: "who", header: t("history.who"), cell: (line) => line.setByName ?? "" },
    { key: "when", header: t("history.when"), cell: (line) => f.dateTime(line.at) },
  ];
  return (
    <Loaded query={history}>
      {(data) => (
        <Table
          caption={t("history.title")}
          columns={columns()}
          rows={data().items}
          empty={<EmptyState title={t("history.none")}>{t("history.noneBody")}</EmptyState>}
        />
      )}
    </Loaded>
  );
};
