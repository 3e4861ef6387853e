import { LinkButton } from "@evx/ui";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";

export default function NotFound() {
  const t = useText("aside");
  return (
    <Page title={t("notFound.title")} lead={t("notFound.body")} narrow>
      <LinkButton href="/">{t("notFound.action")}</LinkButton>
    </Page>
  );
}
