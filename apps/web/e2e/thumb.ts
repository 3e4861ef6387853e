import type { Page } from "playwright-core";

type Thumb = {
  /** Everything in sight that can be pressed and stands alone. */
  all: () => HTMLElement[];
  labelOf: (element: HTMLElement) => Element | null;
  nameOf: (element: Element) => string;
  pressable: string;
};

/** Runs in the page: what the two looks below have in common. */
const prepare = () => {
  const pressable =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=switch], label:has(> input.sr-only)";
  const inSentence = (element: Element) =>
    getComputedStyle(element).display === "inline" &&
    [...(element.parentElement?.childNodes ?? [])].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim().length > 1,
    );
  const seen = (element: HTMLElement) => {
    const { width, height } = element.getBoundingClientRect();
    const { visibility, opacity } = getComputedStyle(element);
    return (
      width > 1.5 &&
      height > 1.5 &&
      visibility !== "hidden" &&
      (opacity !== "0" || element.closest("label") !== null)
    );
  };
  const made: Thumb = {
    pressable,
    labelOf: (element) =>
      element.matches("input[type=checkbox], input[type=radio], input[type=file]")
        ? (element.closest("label") ?? (element as HTMLInputElement).labels?.[0] ?? null)
        : null,
    nameOf: (element) =>
      `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}"`,
    all: () =>
      [...document.querySelectorAll<HTMLElement>(pressable)].filter(
        (element) =>
          !element.closest("[inert], [aria-hidden=true], [data-strip]") &&
          seen(element) &&
          !inSentence(element),
      ),
  };
  Object.assign(globalThis, { thumb: made });
};

/** Runs in the page: what answers on less than 44 px either way. */
const small = () => {
  const { all, labelOf, nameOf } = (globalThis as unknown as { thumb: Thumb }).thumb;
  const least = 43.5;
  /** What answers a press on it: itself, or what its ::after covers of the box that it is placed in. */
  const reach = (element: Element): DOMRect => {
    const cover = getComputedStyle(element, "::after");
    if (cover.position !== "absolute" || cover.content === "none") return element.getBoundingClientRect();
    let box: Element | null = element;
    while (box && getComputedStyle(box).position === "static") box = box.parentElement;
    const { left, top, right, bottom } = (box ?? document.body).getBoundingClientRect();
    const inset = (side: string) => Number.parseFloat(side) || 0;
    const x = left + inset(cover.left);
    const y = top + inset(cover.top);
    return new DOMRect(x, y, right - inset(cover.right) - x, bottom - inset(cover.bottom) - y);
  };
  return all()
    .map((element) => ({ element, box: reach(labelOf(element) ?? element) }))
    .filter(({ box }) => box.width < least || box.height < least)
    .map(
      ({ element, box }) => `${nameOf(element)} is ${Math.round(box.width)} by ${Math.round(box.height)} px`,
    );
};

/** Runs in the page: what lies under another such thing, near its corners or in its middle. */
const covered = () => {
  const { all, labelOf, nameOf, pressable } = (globalThis as unknown as { thumb: Thumb }).thumb;
  const coveredBy = (element: HTMLElement): string | undefined => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const inset = Math.min(6, (bottom - top) / 3);
    for (const [x, y] of [
      [left + inset, top + inset],
      [right - inset, bottom - inset],
      [(left + right) / 2, (top + bottom) / 2],
    ] as const) {
      // A button within a field is meant to be there, and what the bar at the foot covers can be scrolled from it.
      if (y > innerHeight - 80) continue;
      const hit = document.elementFromPoint(x, y)?.closest(pressable);
      if (element.matches("input") && element.parentElement?.contains(hit ?? null)) continue;
      if (
        hit &&
        hit !== element &&
        hit !== labelOf(element) &&
        !hit.contains(element) &&
        !element.contains(hit)
      )
        return nameOf(hit);
    }
    return undefined;
  };
  return all().flatMap((element) => {
    const by = coveredBy(element);
    return by ? [`${nameOf(element)} lies under ${by}`] : [];
  });
};

/**
 * What a thumb would miss: everything that can be pressed and is smaller than 44 px either way, or lies under another
 * such thing; only what is within the window is tried for that. Links within a sentence are as high as its lines, what
 * lies in a label is pressed anywhere on it, and the strip under the header is a picture whose page is in the menu, too.
 */
export const smallTargets = async (page: Page): Promise<string[]> => {
  await page.evaluate(prepare);
  return [...(await page.evaluate(small)), ...(await page.evaluate(covered))].slice(0, 12);
};
