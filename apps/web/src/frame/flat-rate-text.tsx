import { useText } from "../i18n/index.ts";

/** What the flat rate assumes, under figures that were counted by it. */
export default function FlatRateText(props: { class?: string }) {
  const t = useText("flat");
  return (
    <p class={`text-xs/4.5 text-muted ${props.class ?? ""}`}>
      {t("assumed")}{" "}
      <a href="/methods" class="underline underline-offset-2 hover:text-ink">
        {t("more")}
      </a>
    </p>
  );
}
