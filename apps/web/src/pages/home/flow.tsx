import { Card, DescriptionList } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Book = Answer<typeof api.payments.book>;

/** What came in and went on this month, in credits and money, and what lies in the books now. */
export const Flow = (props: { book: Book | undefined }) => {
  const t = useText("home");
  const f = useFormat();
  const platform = useQuery(api.reports.platform.queryOptions(() => ({})));
  const report = () => (platform.data && "series" in platform.data ? platform.data : null);
  const month = () => report()?.series.at(-1);
  const balance = (kind: string) =>
    props.book?.accounts.find((account) => account.kind === kind)?.balance ?? "0";
  return (
    <Card
      title={t("admin.flow")}
      actions={
        <a class="tap text-sm font-semibold text-accent" href="/admin/payments?view=book">
          {t("admin.allBooks")}
        </a>
      }
    >
      <Show when={month()}>
        {(now) => (
          <>
            <h3 class="mb-1 text-xs font-medium text-muted">
              {t("admin.flowMonth", { month: f.period(now().period, "long") })}
            </h3>
            <DescriptionList
              items={[
                { label: t("flow.issued"), value: f.credits(now().creditsIssued) },
                { label: t("flow.sold"), value: f.credits(now().creditsTraded) },
                { label: t("flow.retired"), value: f.credits(now().creditsRetired) },
                { label: t("flow.paid"), value: f.money(now().volume, report()?.currency ?? "") },
                { label: t("flow.venueFees"), value: f.money(now().platformFees, report()?.currency ?? "") },
                { label: t("flow.auditorFees"), value: f.money(now().cvaFees, report()?.currency ?? "") },
              ]}
            />
          </>
        )}
      </Show>
      <Show when={props.book}>
        {(book) => (
          <>
            <h3 class="mt-4 mb-1 text-xs font-medium text-muted">{t("admin.held")}</h3>
            <DescriptionList
              items={(["escrow", "cash", "platform_fee"] as const).map((kind) => ({
                label: t(`account.${kind}`),
                value: f.money(balance(kind), book().currency),
                strong: kind !== "platform_fee",
              }))}
            />
          </>
        )}
      </Show>
    </Card>
  );
};
