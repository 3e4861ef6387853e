/** A process of four clients that read an address a hundred times a second each; says what they waited, in milliseconds. */
const [url = "", ms = "", token = ""] = process.argv.slice(2);
const end = performance.now() + Number(ms);
const waits: number[] = [];
let failed = 0;

await Promise.all(
  Array.from({ length: 4 }, async () => {
    while (performance.now() < end) {
      const start = performance.now();
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => null);
      await answer?.text();
      if (answer?.status !== 200) failed++;
      const took = performance.now() - start;
      waits.push(took);
      await Bun.sleep(Math.max(0, 10 - took));
    }
  }),
);
console.log(JSON.stringify({ waits, failed }));
