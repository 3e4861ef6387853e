export { keepOffline } from "./offline.ts";
export { listenForPalette } from "./palette-key.ts";

/** Puts keyboard and screen reader at a new page's heading; where the page still loads, as soon as it has one. */
export const focusHeading = (main: HTMLElement): void => {
  const heading = () => main.querySelector<HTMLElement>("h1");
  const found = heading();
  (found ?? main).focus({ preventScroll: true });
  if (found) return;
  const watch = new MutationObserver(() => {
    const late = heading();
    if (!late) return;
    watch.disconnect();
    // Whoever went on in the meantime is not taken away from where they are.
    if (document.activeElement === main || document.activeElement === document.body)
      late.focus({ preventScroll: true });
  });
  watch.observe(main, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), 10_000);
};

/** The nearest of an element's former surroundings that is still there, and in it what names it. */
const survivor = (path: readonly HTMLElement[], main: HTMLElement): HTMLElement => {
  const around = path.find((each) => each.isConnected && main.contains(each)) ?? main;
  const place = around.closest<HTMLElement>("section, form, [role=region], main") ?? main;
  return place.querySelector<HTMLElement>("h1, h2, h3") ?? place;
};

/** A dialog takes the focus, or a page comes back, within this time. */
const pause_ms = 120;

/**
 * Keeps the keyboard where the work is. A button that its own deed takes away ("Take into review") or a row that leaves
 * its list would drop the focus to the top of the page: it goes to the heading of what stood around instead.
 */
export const keepFocus = (main: () => HTMLElement | undefined): (() => void) => {
  let path: HTMLElement[] = [];
  const entered = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement) || !main()?.contains(target)) return;
    path = [];
    for (let each: HTMLElement | null = target; each; each = each.parentElement) path.push(each);
  };
  const left = () =>
    setTimeout(() => {
      // Left on purpose: a press beside every control.
      if (document.activeElement === document.body && path[0]?.isConnected) path = [];
    });
  const lost = () => path.length > 0 && (!document.activeElement || document.activeElement === document.body);
  const restore = () => {
    const within = main();
    if (!within || !lost()) return;
    // A page that was away for a moment, while more of its code came, has it back.
    const next = path[0]?.isConnected ? path[0] : survivor(path, within);
    path = [];
    if (next.tabIndex < 0) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  };
  const changed = new MutationObserver(() => {
    if (lost() && !path[0]?.isConnected) setTimeout(restore, pause_ms);
  });
  document.addEventListener("focusin", entered);
  document.addEventListener("focusout", left);
  changed.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", entered);
    document.removeEventListener("focusout", left);
    changed.disconnect();
  };
};
