import { onlineManager } from "@tanstack/solid-query";
import { createSignal } from "solid-js";

const [lost, setLost] = createSignal(false);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether the server cannot be reached at present. */
export const connectionLost = lost;

let waiting: (() => void)[] = [];

const answers = () =>
  fetch("/health", { method: "HEAD", cache: "no-store" }).then(
    // A gateway says these where no server is behind it.
    ({ status }) => status !== 502 && status !== 504,
    () => false,
  );

const ask = async () => {
  if (await answers()) reachable();
  else timer = setTimeout(ask, 3000);
};

/** After this long without an answer the reader is told that we still wait. */
const patience_ms = 3_000;
const [late, setLate] = createSignal(0);

/** Whether some request has been waiting for longer than people expect. */
export const answersLate = (): boolean => late() > 0;

/** A request was sent; call what this answers once it is over. */
export const awaitingAnswer = (): (() => void) => {
  let counted = false;
  const timer = setTimeout(() => {
    counted = true;
    setLate((count) => count + 1);
  }, patience_ms);
  return () => {
    clearTimeout(timer);
    if (counted) setLate((count) => count - 1);
  };
};

/** Some call did not reach the server: say so, hold further reads, and try again every 3 s until it answers. */
export const unreachable = (): void => {
  if (lost()) return;
  setLost(true);
  onlineManager.setOnline(false);
  clearTimeout(timer);
  timer = setTimeout(ask, 1500);
};

/** The server answered: held reads go on by themselves. */
export const reachable = (): void => {
  if (!lost()) return;
  clearTimeout(timer);
  setLost(false);
  onlineManager.setOnline(true);
  for (const go of waiting) go();
  waiting = [];
};

const untilReachable = () => new Promise<void>((go) => void waiting.push(go));

/**
 * Code or words that come when they are needed. What fails while the server cannot be reached is asked for once more when
 * it can; what fails although it answers is no longer there, and fails. A browser says that it is online before anything
 * gets through, so its word alone is not enough.
 */
export const fetched = async <T>(load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch {
    if (!(await answers())) {
      unreachable();
      await untilReachable();
    }
    return load();
  }
};

/** Follows the browser's own idea of being offline as well. */
export const watchConnection = (): void => {
  addEventListener("offline", unreachable);
  addEventListener("online", () => lost() && ask());
};
