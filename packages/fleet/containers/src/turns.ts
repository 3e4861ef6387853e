/** Others get their turn between two steps: what is read of a large file must not hold up a server. */
export const turn = () => new Promise<void>((next) => setImmediate(next));

const slice = 64 * 1024;
/** So long a reader may work without a break. */
const atOnce_ms = 8;

/** Bytes in small parts, with a break for everybody else whenever their reader has worked for a while. */
export async function* inTurns(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let since = performance.now();
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += slice) {
      if (performance.now() - since > atOnce_ms) {
        await turn();
        since = performance.now();
      }
      yield chunk.subarray(at, at + slice);
    }
}
