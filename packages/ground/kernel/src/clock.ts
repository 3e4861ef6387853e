/** Where the time comes from. Only this file reads the machine's clock, so a test can stand at any moment. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. */
export const fixedClock = (
  at: Date | string,
): Clock & { set(at: Date | string): void; advance(millis: number): void } => {
  let moment = new Date(at);
  return {
    now: () => new Date(moment),
    set: (next) => {
      moment = new Date(next);
    },
    advance: (millis) => {
      moment = new Date(moment.getTime() + millis);
    },
  };
};
