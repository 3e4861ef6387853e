import { createSignal } from "solid-js";

const local = () => performance.timeOrigin + performance.now();

const [offset, setOffset] = createSignal(0);
let bestTrip = Number.POSITIVE_INFINITY;

/** Milliseconds since 1970 by the server's clock, as well as its answers told it. */
export const serverNow = (): number => local() + offset();

/**
 * Learns the server's clock from an answer's Date header (whole seconds, so half a second is added).
 * The answer with the shortest round trip is believed; its error is at most half that trip and half a second.
 */
export const learnServerTime = (date: string | null, tripMs: number): void => {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(told) || tripMs >= bestTrip) return;
  bestTrip = tripMs;
  const found = told + 500 - (local() - tripMs / 2);
  setOffset(Math.abs(found) < 1000 ? 0 : found);
};
