import { Card, type Column, LinkButton, Stat, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Report = Extract<Answer<typeof api.reports.platform>, { series: unknown }>;
type Month = Report["series"][number];

const roles = ["ev_owner", "buyer", "cva", "admin"] as const;

/** The operator's home: the venue's totals and months. */
export default function AdminHome() {
  const t = useText("home");
  const f = useFormat();
  const platform = useQuery(api.reports.platform.queryOptions(() => ({})));

  const columns = (currency: string): Column<Month>[] => [
    { key: "period", header: t("column.month"), lead: true, cell: (row) => f.period(row.period) },
    {
      key: "issued",
      header: t("column.issued"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsIssued),
    },
    {
      key: "traded",
      header: t("admin.traded"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsTraded),
    },
    {
      key: "retired",
      header: t("column.retired"),
      align: "end",
      cell: (row) => f.creditsFigure(row.creditsRetired),
    },
    { key: "volume", header: t("admin.volume"), align: "end", cell: (row) => f.money(row.volume, currency) },
    { key: "disputes", header: t("admin.disputes"), align: "end", cell: (row) => f.number(row.disputes) },
  ];

  return (
    <Page
      title={t("admin.title")}
      lead={t("admin.lead")}
      actions={
        <>
          <LinkButton variant="secondary" href="/api/reports/platform?format=csv" download="platform.csv">
            {t("report.download")}
          </LinkButton>
          <LinkButton
            variant="secondary"
            rel="external"
            href={`/api/reports/platform?format=pdf&locale=${f.locale()}`}
            download="platform.pdf"
          >
            {t("report.pdf")}
          </LinkButton>
        </>
      }
    >
      <Loaded query={platform}>
        {(answer) => {
          const report = () => {
            const given = answer();
            return "series" in given ? given : null;
          };
          return (
            <Show when={report()}>
              {(known) => (
                <>
                  <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
                    <Stat
                      label={t("admin.issued")}
                      value={f.credits(known().creditsIssued)}
                      note={f.creditsMass(known().creditsIssued)}
                    />
                    <Stat
                      label={t("admin.traded")}
                      value={f.credits(known().creditsTraded)}
                      note={f.creditsMass(known().creditsTraded)}
                    />
                    <Stat
                      label={t("admin.retired")}
                      value={f.credits(known().creditsRetired)}
                      note={f.creditsMass(known().creditsRetired)}
                    />
                    <Stat label={t("admin.volume")} value={f.money(known().volume, known().currency)} />
                    <Stat label={t("admin.fees")} value={f.money(known().fees, known().currency)} />
                    <Stat label={t("admin.disputes")} value={f.number(known().disputes)} />
                  </div>
                  <div class="mt-4 grid gap-4 lg:grid-cols-[1fr_2fr]">
                    <Card class="min-w-0">
                      <h2 class="mb-3 text-base font-semibold">{t("admin.people")}</h2>
                      <dl class="grid gap-2 text-sm">
                        <For each={roles}>
                          {(role) => (
                            <div class="flex justify-between gap-4">
                              <dt class="text-muted">{t(`role.${role}`)}</dt>
                              <dd class="tabular-nums">{f.number(known().users[role] ?? 0)}</dd>
                            </div>
                          )}
                        </For>
                      </dl>
                    </Card>
                    <Card class="min-w-0">
                      <Table
                        caption={t("admin.title")}
                        columns={columns(known().currency)}
                        rows={[...known().series].reverse()}
                      />
                    </Card>
                  </div>
                </>
              )}
            </Show>
          );
        }}
      </Loaded>
    </Page>
  );
}
