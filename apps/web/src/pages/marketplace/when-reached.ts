import { createEffect, onCleanup } from "solid-js";
import { serverNow } from "../../lib/time.ts";

/** The longest that a browser's timer can be set for. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `then` once a moment has come by the server's clock; a moment that is past, or null, is waited for no more. */
export const whenReached = (moment: () => string | null, then: () => void): void =>
  createEffect(() => {
    const at = moment();
    const left = at === null ? 0 : new Date(at).getTime() - serverNow();
    if (left <= 0 || left > LONGEST_MS) return;
    const timer = setTimeout(then, left + 50);
    onCleanup(() => clearTimeout(timer));
  });
