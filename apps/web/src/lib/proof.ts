import { createSignal } from "solid-js";

/** Whoever waits to hear whether the person gave their password once more. */
type Waiting = { hear: (proven: boolean) => void };

const [waiting, setWaiting] = createSignal<Waiting | null>(null);

/** Whether the person is being asked for their password. */
export const provingWaits = (): boolean => waiting() !== null;

/** Asks for the password once more; a second question at the same time waits for the same answer. */
export const askForProof = (): Promise<boolean> =>
  new Promise((resolve) => {
    const before = waiting();
    setWaiting({
      hear: (proven) => {
        before?.hear(proven);
        resolve(proven);
      },
    });
  });

/** The password was right, or the person thought better of it. */
export const endProof = (proven: boolean): void => {
  const known = waiting();
  setWaiting(null);
  known?.hear(proven);
};
