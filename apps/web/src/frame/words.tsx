import { UiProvider, type UiText } from "@evx/ui";
import { createMemo, type JSX } from "solid-js";
import { useText } from "../i18n/index.ts";
import { formatLocale } from "../lib/locale.ts";
import { serverNow } from "../lib/time.ts";

/** Gives the design system the reader's language and the server's clock. */
export const Words = (props: { children: JSX.Element }) => {
  const t = useText("frame");
  const text = createMemo<UiText>(() => ({
    close: t("close"),
    copy: t("copy"),
    copied: t("copied"),
    loading: t("loading"),
    loadMore: t("more"),
    required: t("required"),
    optional: t("optional"),
    ended: t("ended"),
    countdownUnits: [t("countdown.d"), t("countdown.h"), t("countdown.m"), t("countdown.s")],
    chartHint: t("chartHint"),
    axisFrom: (value) => t("axisFrom", { value }),
    showPassword: t("showPassword"),
    hidePassword: t("hidePassword"),
    chooseFile: t("chooseFile"),
    dropFile: t("dropFile"),
    notifications: t("messages"),
    details: t("error.details"),
    reference: t("error.reference"),
  }));
  return <UiProvider settings={{ locale: formatLocale, text, now: serverNow }}>{props.children}</UiProvider>;
};
