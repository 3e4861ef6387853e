import { Card } from "@evx/ui";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";

export default function Planted() {
  const t = useText("planted");
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Card>{t("title")}</Card>
    </Page>
  );
}
