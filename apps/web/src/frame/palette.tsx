import { cx, Dialog } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { createSignal, createUniqueId, For } from "solid-js";
import { setLocale, useText } from "../i18n/index.ts";
import { currentLocale, locales } from "../lib/locale.ts";
import { signOut, useSession } from "../lib/session.ts";
import { currentTheme, nextTheme, setTheme } from "../lib/theme.ts";
import type { NavEntry } from "../nav/entry.ts";
import visitor from "../nav/visitor.ts";
import { findsFor, matches } from "./palette-places.ts";

type Choice = { readonly label: string; readonly note: string; readonly act: () => void };

/** All places, searches and switches by their names: type, arrows, Enter. */
export default function Palette(props: {
  open: boolean;
  onOpen: (open: boolean) => void;
  entries: readonly NavEntry[];
}) {
  const t = useText("palette");
  return (
    <Dialog open={props.open} onOpen={props.onOpen} title={t("title")} description={t("lead")}>
      <Search entries={props.entries} onDone={() => props.onOpen(false)} />
    </Dialog>
  );
}

/** What can be chosen for the words that were typed. */
const useChoices = (entries: () => readonly NavEntry[], typed: () => string) => {
  const t = useText("palette");
  const frame = useText("frame");
  const session = useSession();
  const navigate = useNavigate();
  const places = (): Choice[] => {
    const known = new Map([...entries(), ...visitor].map((entry) => [entry.href, entry]));
    return [...known.values()].map((entry) => ({
      label: frame(entry.label),
      note: t("place"),
      act: () => navigate(entry.href),
    }));
  };
  const switches = (): Choice[] => {
    const other = locales.find(({ value }) => value !== currentLocale()) ?? locales[0];
    return [
      {
        label: frame("header.language", { language: other?.label ?? "" }),
        note: t("setting"),
        act: () => void setLocale(other?.value ?? "en"),
      },
      {
        label: frame(`header.theme.${currentTheme()}`),
        note: t("setting"),
        act: () => setTheme(nextTheme[currentTheme()]),
      },
      ...(session.framedFor() === null
        ? [{ label: frame("header.signIn"), note: t("account"), act: () => navigate("/sign-in") }]
        : [
            { label: frame("header.profile"), note: t("account"), act: () => navigate("/account") },
            { label: frame("header.signOut"), note: t("account"), act: () => void signOut() },
          ]),
    ];
  };
  const finds = (): Choice[] =>
    findsFor(typed(), session.framedFor()).map(({ kind, href }) => ({
      label: t(`find.${kind}`, { words: typed().trim() }),
      note: t("find"),
      act: () => navigate(href),
    }));
  return (): Choice[] => [
    ...[...places(), ...switches()].filter(({ label }) => matches(label, typed())),
    ...finds(),
  ];
};

const Search = (props: { entries: readonly NavEntry[]; onDone: () => void }) => {
  const t = useText("palette");
  const list = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [active, setActive] = createSignal(0);
  const choices = useChoices(() => props.entries, typed);
  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    props.onDone();
    choice.act();
  };
  const move = (step: number) => {
    const count = Math.max(1, choices().length);
    setActive((active() + step + count) % count);
    document.getElementById(`${list}-${active()}`)?.scrollIntoView({ block: "nearest" });
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => take(choices()[active()]),
  };
  return (
    <div class="min-w-0">
      <input
        class="control"
        role="combobox"
        aria-label={t("title")}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={choices().length > 0 ? `${list}-${active()}` : undefined}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={t("placeholder")}
        value={typed()}
        data-autofocus=""
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act || event.isComposing) return;
          event.preventDefault();
          act();
        }}
      />
      {/* Its height does not change with what fits, so that nothing jumps while somebody types. */}
      <div id={list} role="listbox" aria-label={t("title")} class="mt-3 h-80 overflow-y-auto">
        <For each={choices()} fallback={<p class="px-2 py-3 text-muted">{t("none")}</p>}>
          {(choice, place) => (
            <button
              type="button"
              id={`${list}-${place()}`}
              role="option"
              tabindex="-1"
              aria-selected={place() === active()}
              class={cx(
                "flex min-h-11 w-full text-start items-center justify-between gap-4 rounded-control px-2",
                place() === active() && "bg-accent-soft text-on-accent-soft",
              )}
              onPointerMove={() => setActive(place())}
              onClick={() => take(choice)}
            >
              <span class="min-w-0 break-words">{choice.label}</span>
              <span class={cx("text-[0.8125rem]/4.5", place() !== active() && "text-muted")}>
                {choice.note}
              </span>
            </button>
          )}
        </For>
      </div>
      <p class="sr-only" aria-live="polite">
        {t.n("found", choices().length)}
      </p>
    </div>
  );
};
