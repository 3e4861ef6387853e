import { minute_ms, networkOf, siteOf } from "@evx/kernel";

/** So many refusals a minute are answered at once: more than a page that asks too much ever sees. */
const atOnce = 60;
const wait_ms = 250;
/** Each holds a connection and a timer, no place in the server's traffic. */
const mostWaiting = 2_000;
/** More networks than that in a minute are forgotten together. */
const mostKnown = 50_000;

/** Holds back answers to whoever repeats what is refused. */
export type Repeats = { pause(ip: string): Promise<void> };

/**
 * Whoever asks over and over for what is refused, each time as soon as they were answered, would have the server refuse as
 * fast as it can. Their answers come a moment later instead: such a sender has a hundredth of the speed, whoever stopped
 * asking notices nothing, and what is answered to others of the network that is no refusal comes at once.
 */
export const createRepeats = (): Repeats => {
  const told = new Map<string, number>();
  let [since, waiting] = [performance.now(), 0];
  return {
    async pause(ip) {
      if (performance.now() - since > minute_ms || told.size > mostKnown) {
        told.clear();
        since = performance.now();
      }
      const network = siteOf(ip) ?? networkOf(ip);
      const before = told.get(network) ?? 0;
      told.set(network, before + 1);
      if (before < atOnce || waiting >= mostWaiting) return;
      waiting++;
      await Bun.sleep(wait_ms);
      waiting--;
    },
  };
};
