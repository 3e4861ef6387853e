/**
 * For the `ref` of what a dialog's next step begins with: the step before took the focus with it when it went, and a
 * dialog without focus hears neither Escape nor Tab.
 */
export const focused = (element: HTMLElement): void => queueMicrotask(() => element.focus());
