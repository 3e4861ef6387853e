import { useShortcuts } from "../lib/shortcuts.ts";

/** "/" opens the palette, and so does Ctrl+K or Cmd+K, from a field too. */
export const listenForPalette = (open: () => void): void => {
  useShortcuts({ "/": open });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (document.querySelector("[role=dialog]")) return;
    event.preventDefault();
    open();
  });
};
