import { TabNav } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { Match, Switch } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { oneOf } from "../../lib/asked.ts";
import { Books } from "./admin-book.tsx";
import { GatewayDays } from "./admin-days.tsx";
import { PaymentsIn } from "./admin-payments.tsx";
import { PaymentsOut } from "./admin-withdrawals.tsx";

/** Money in and money out, for an operator. */
export default function AdminPayments() {
  const t = useText("payments");
  const [search] = useSearchParams<{ view?: string }>();
  const m = useText("money");
  const view = oneOf(search, "view", ["withdrawals", "book", "days"]);
  const out = () => view() === "withdrawals";
  const book = () => view() === "book";
  const days = () => view() === "days";
  return (
    <Page title={t("admin.title")} lead={t("admin.lead")}>
      <TabNav
        label={t("admin.tabs")}
        items={[
          { href: "/admin/payments", label: t("admin.in"), current: !out() && !book() && !days() },
          { href: "/admin/payments?view=withdrawals", label: t("admin.out"), current: out() },
          { href: "/admin/payments?view=book", label: m("book.tab"), current: book() },
          { href: "/admin/payments?view=days", label: m("tab.days"), current: days() },
        ]}
      />
      <Switch fallback={<PaymentsIn />}>
        <Match when={book()}>
          <Books />
        </Match>
        <Match when={days()}>
          <GatewayDays />
        </Match>
        <Match when={out()}>
          <PaymentsOut />
        </Match>
      </Switch>
    </Page>
  );
}
