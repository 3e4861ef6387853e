import { createSignal } from "solid-js";
import type { Answer, api } from "../lib/api.ts";

export type Standing = Answer<typeof api.venue.standing>;

/** What the server wrote into the page; null where all is as always. */
const told = (): Standing | null => {
  const written = document.querySelector<HTMLMetaElement>('meta[name="evx:venue"]')?.content;
  if (!written) return null;
  try {
    return JSON.parse(written) as Standing;
  } catch {
    return null;
  }
};

const [standing, setStanding] = createSignal<Standing | null>(told());

/** What the venue says of itself at the top of every page; null until something is to be said. */
export { setStanding, standing };

const key = "evx.closed-announcements";

const closedBefore = (): string[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
};

const [closed, setClosed] = createSignal<readonly string[]>(closedBefore());

/** Whether this reader closed an announcement; it stays closed in this browser. */
export const isClosed = (id: string): boolean => closed().includes(id);

/** Closes an announcement for this reader. The last fifty are kept. */
export const closeAnnouncement = (id: string): void => {
  const ids = [...closed(), id].slice(-50);
  setClosed(ids);
  try {
    localStorage.setItem(key, JSON.stringify(ids));
  } catch {
    // Without storage it stays closed until the page is loaded again.
  }
};
