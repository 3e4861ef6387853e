import { IconButton } from "@evx/ui";
import Monitor from "lucide-solid/icons/monitor";
import Moon from "lucide-solid/icons/moon";
import Sun from "lucide-solid/icons/sun";
import { Match, Switch } from "solid-js";
import { setLocale, useText } from "../i18n/index.ts";
import { currentLocale, locales } from "../lib/locale.ts";
import { currentTheme, nextTheme, setTheme } from "../lib/theme.ts";

/** One press to the other language; its name stands in that language. */
export const LanguageSwitch = () => {
  const t = useText("frame");
  const other = () => locales.find(({ value }) => value !== currentLocale()) ?? locales[0];
  return (
    <button
      type="button"
      class="inline-flex h-11 items-center justify-center max-sm:min-w-11 rounded-control px-2.5 text-[0.8125rem] font-medium text-muted hover:bg-sunken hover:text-ink sm:h-9"
      title={t("header.language", { language: other()?.label ?? "" })}
      onClick={() => void setLocale(other()?.value ?? "en")}
    >
      <span class="uppercase" aria-hidden="true">
        {other()?.value}
      </span>
      <span class="sr-only">{t("header.language", { language: other()?.label ?? "" })}</span>
    </button>
  );
};

/** System, light, dark, in turn. */
export const ThemeSwitch = () => {
  const t = useText("frame");
  return (
    <IconButton
      label={t(`header.theme.${currentTheme()}`)}
      onClick={() => setTheme(nextTheme[currentTheme()])}
    >
      <Switch fallback={<Monitor size={17} aria-hidden="true" />}>
        <Match when={currentTheme() === "light"}>
          <Sun size={17} aria-hidden="true" />
        </Match>
        <Match when={currentTheme() === "dark"}>
          <Moon size={17} aria-hidden="true" />
        </Match>
      </Switch>
    </IconButton>
  );
};
