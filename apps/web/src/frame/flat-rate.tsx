import { useText } from "../i18n/index.ts";

/** What the flat rate assumes, under figures that were counted by it. */
export const FlatRate = (props: { class?: string }) => {
  const t = useText("frame");
  return (
    <p class={`text-xs/4.5 text-muted ${props.class ?? ""}`}>
      {t("flatRate")}{" "}
      <a href="/methods" class="underline underline-offset-2 hover:text-ink">
        {t("flatRate.more")}
      </a>
    </p>
  );
};
