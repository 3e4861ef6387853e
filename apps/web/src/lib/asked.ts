import { createEffect, createMemo, createSignal, onCleanup } from "solid-js";

type Unread = { readonly name: string; readonly text: string };

const [unread, setUnread] = createSignal<readonly Unread[]>([]);

/** What the address asks for and the page does not have; `Page` says so at its head. */
export const unreadInAddress = unread;

type Search = { readonly [name: string]: string | string[] | undefined };

/** The longest part of an address that is said back. */
const MOST = 40;

/**
 * What a part of the address asks for, such as `?month=2026-03`. What it cannot mean counts as not asked, and is said:
 * whoever mistyped it would take what is shown for what they asked for.
 */
export const readAs = <T>(search: Search, name: string, read: (text: string) => T | undefined) => {
  const text = () => String(search[name] ?? "");
  const found = createMemo(() => (text() === "" ? undefined : read(text())));
  createEffect(() => {
    if (text() === "" || found() !== undefined) return;
    const said = { name, text: text().slice(0, MOST) };
    setUnread((before) => [...before, said]);
    onCleanup(() => setUnread((before) => before.filter((one) => one !== said)));
  });
  return found;
};

/** As `readAs`, one of these names. */
export const oneOf = <T extends string>(search: Search, name: string, known: readonly T[]) =>
  readAs(search, name, (text) => known.find((one) => one === text));
