import { useText } from "../../i18n/index.ts";
import { LegalText } from "./text.tsx";

const parts = [
  "collect",
  "purpose",
  "public",
  "auditors",
  "share",
  "keep",
  "cookies",
  "rights",
  "security",
] as const;

/** What the venue knows of people, who sees it, and for how long. */
export default function Privacy() {
  const t = useText("legal");
  return (
    <LegalText
      title={t("privacy.title")}
      lead={t("privacy.lead")}
      contents={t("contents")}
      parts={parts.map((id) => ({
        id,
        title: t(`privacy.${id}.title`),
        body: t(`privacy.${id}.body`),
      }))}
    />
  );
}
