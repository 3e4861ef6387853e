/** `bun run chaos [--seed N] [--seeds A-B] [--minutes M] [--write]` */
import { type Outcome, runSeed } from "./chaos.ts";
import { keep } from "./report.ts";

const usage = `Usage: bun run chaos [--seed N | --seeds A-B] [--minutes M] [--within S] [--quiet] [--write]

Starts the real product on ports and in a folder of its own, lets everybody work, and kills server, workers,
database, sequencer, witness and gateways at moments that follow from the seed. Afterwards books, sales,
grams, the registry, the queues and every acknowledged write are checked. A seed that failed is played again
by its number.

  --seed 7        this one; a new one unless told
  --seeds 1-20    one after the other
  --minutes 0.5   how long each lasts; 1 unless told
  --within 180    no further seed is begun after so many seconds
  --quiet         only what was found
  --write         keeps what was seen in docs/survival.md`;

const bad = (sentence: string): never => {
  console.error(`${sentence}\n\n${usage}`);
  process.exit(2);
};

const options = (args: readonly string[]) => {
  const value = (name: string): string | undefined => {
    const place = args.indexOf(`--${name}`);
    return place < 0 ? undefined : (args[place + 1] ?? "");
  };
  const takes = ["--seed", "--seeds", "--minutes", "--within"];
  const flags = ["--quiet", "--write"];
  const strange = args.filter(
    (one, n) => ![...takes, ...flags].includes(one) && !takes.includes(args[n - 1] ?? ""),
  );
  if (strange.length > 0) bad(`There is no option ${strange.join(" ")}.`);
  const minutes = Number(value("minutes") ?? 1);
  if (!(minutes > 0 && minutes <= 60)) bad("--minutes is more than 0 and at most 60.");
  const range = /^(\d{1,9})-(\d{1,9})$/.exec(value("seeds") ?? "");
  if (value("seeds") !== undefined && !range) bad("--seeds is two numbers, such as 1-20.");
  const single = value("seed") ?? String(Math.floor(Math.random() * 1_000_000));
  if (!/^\d{1,9}$/.test(single)) bad("--seed is a whole number.");
  const [first, last] = range ? [Number(range[1]), Number(range[2])] : [Number(single), Number(single)];
  if (last < first || last - first > 999) bad("--seeds is at most a thousand, the lower one first.");
  const within = Number(value("within") ?? 86_400);
  if (!(within > 0)) bad("--within is a number of seconds.");
  return { first, last, within, minutes, quiet: args.includes("--quiet"), write: args.includes("--write") };
};

const summary = ({ seed, done, promised, calls, looks, drained_s, faults }: Outcome): string => {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, one) => all + one, 0);
  return [
    `seed ${seed}: ${faults.length === 0 ? "holds" : `${faults.length} FAULTS`};`,
    `${sum(done)} faults suffered, ${sum(promised)} writes acknowledged, ${calls.asked} calls`,
    `(${calls.refused} refused, ${calls.unknown} unanswered), ${looks} looks from outside, drained in ${drained_s} s`,
  ].join(" ");
};

const { first, last, within, minutes, quiet, write } = options(process.argv.slice(2));
const say = quiet ? undefined : (line: string) => console.log(`  ${line}`);
let failed = 0;
for (let seed = first; seed <= last; seed++) {
  if (performance.now() > within * 1_000) {
    console.log(`Not begun within ${within} s: seeds ${seed} to ${last}. Play them apart.`);
    break;
  }
  const outcome = await runSeed({ seed, run_ms: minutes * 60_000, ...(say ? { say } : {}) });
  console.log(summary(outcome));
  for (const fault of outcome.faults.slice(0, 40)) console.log(`    ${fault}`);
  if (!quiet)
    console.log(
      JSON.stringify({
        done: outcome.done,
        promised: outcome.promised,
        refusals: outcome.refusals,
        silences: outcome.silences,
      }),
    );
  if (outcome.faults.length > 0) {
    failed++;
    console.log(`    again: bun run chaos --seed ${seed} --minutes ${minutes}`);
  }
  if (write) keep({ ...outcome, trial: "chaos" });
}
process.exit(failed > 0 ? 1 : 0);
