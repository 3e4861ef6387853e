import { minute_ms } from "@evx/kernel";

/** A hash of how drives follow one another, and when the first of them began. */
export type Trace = { feature: number; minute: number; rank: number };

/** What is kept of a request: one feature in 2^rank. */
export type KeptTraces = { rank: number; traces: Trace[] };

/** Of a request about so many features are kept. */
const kept = 1_000;

/** Well mixed 32 bits of small whole numbers, many times faster than a keyed hash, which only what is kept gets. */
class Mixed {
  #state = 0x9e3779b9;

  add(value: number): void {
    let mixed = Math.imul(this.#state ^ (value | 0), 0x85ebca6b);
    mixed ^= mixed >>> 13;
    this.#state = (Math.imul(mixed, 0xc2b2ae35) ^ (mixed >>> 16)) + 0x7f4a7c15;
  }

  /** How many of its lowest bits are zero: one of 2^rank texts has this rank or more. */
  rank(): number {
    let mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x85ebca6b);
    mixed ^= mixed >>> 13;
    return mixed === 0 ? 31 : Math.min(31, 31 - Math.clz32(mixed & -mixed));
  }
}

/** Gathers what is kept of a request's features. Its memory does not grow with the trips. */
export class Kept {
  #found: { numbers: readonly number[]; at: number; rank: number }[] = [];
  rank = 0;
  /** Whether what is added now is only looked at for what comes after it. */
  passing = false;

  add(numbers: readonly number[], at: number): void {
    if (this.passing) return;
    const mixed = new Mixed();
    for (const number of numbers) mixed.add(number);
    const rank = mixed.rank();
    if (rank < this.rank) return;
    this.#found.push({ numbers, at, rank });
    while (this.#found.length > 2 * kept) {
      this.rank++;
      this.#found = this.#found.filter((one) => one.rank >= this.rank);
    }
  }

  /** What was kept, under a name of its own, so that features of two kinds are never taken for one another. */
  end(key: Uint8Array, name: string): KeptTraces {
    const traces = this.#found.map(({ numbers, at, rank }) => {
      const digest = new Bun.CryptoHasher("sha256", key).update(`${name} ${numbers.join(" ")}`).digest();
      return {
        feature: (digest.readUInt32BE(24) & 0xfffff) * 0x1_0000_0000 + digest.readUInt32BE(28),
        minute: Math.floor(at / minute_ms),
        rank,
      };
    });
    return { rank: this.rank, traces };
  }
}
