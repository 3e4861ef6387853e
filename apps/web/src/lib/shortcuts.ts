import { onCleanup } from "solid-js";

/** Whether keys belong to what has the focus: text that is typed, a list that is chosen from, a dialog. */
const isTaken = (target: EventTarget | null): boolean => {
  if (document.querySelector("[role=dialog], [role=menu]")) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input:not([type=checkbox]):not([type=radio])");
};

/** Single keys that do something on a page, for as long as the owner lives. Never with Ctrl, Alt or Meta. */
export const useShortcuts = (keys: Readonly<Record<string, () => void>>): void => {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || isTaken(event.target)) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", pressed);
  onCleanup(() => document.removeEventListener("keydown", pressed));
};
