import { TabNav } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { Match, Switch } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { PaymentsIn } from "./admin-payments.tsx";
import { PaymentsOut } from "./admin-withdrawals.tsx";

/** Money in and money out, for an operator. */
export default function AdminPayments() {
  const t = useText("payments");
  const [search] = useSearchParams<{ view?: string }>();
  const out = () => search.view === "withdrawals";
  return (
    <Page title={t("admin.title")} lead={t("admin.lead")}>
      <TabNav
        label={t("admin.tabs")}
        items={[
          { href: "/admin/payments", label: t("admin.in"), current: !out() },
          { href: "/admin/payments?view=withdrawals", label: t("admin.out"), current: out() },
        ]}
      />
      <Switch fallback={<PaymentsIn />}>
        <Match when={out()}>
          <PaymentsOut />
        </Match>
      </Switch>
    </Page>
  );
}
