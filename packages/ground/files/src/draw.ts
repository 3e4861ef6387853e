import { createGate, sha256Hex } from "@evx/kernel";

/** What the drawing thread is asked for: a function of a module, and what it is given. */
export type Wanted = { id: number; module: string; name: string; args: readonly unknown[] };

/** What it answers. */
export type Drawn = { id: number; bytes: Uint8Array<ArrayBuffer> } | { id: number; error: string };

type Waiting = { resolve: (bytes: Uint8Array<ArrayBuffer>) => void; reject: (error: Error) => void };

type Thread = { worker: Worker; waiting: Map<number, Waiting>; asked: number };

let thread: Thread | undefined;

/** Pages are drawn one after the other, and no more than these stand in line. */
const gate = createGate({ atOnce: 1, waiting: 24 });

const kept_bytes = 32_000_000;
const kept = new Map<string, Uint8Array<ArrayBuffer>>();
let keptNow = 0;

const keep = (key: string, bytes: Uint8Array<ArrayBuffer>): void => {
  kept.set(key, bytes);
  keptNow += bytes.byteLength;
  for (const [oldest, { byteLength }] of kept) {
    if (keptNow <= kept_bytes) return;
    kept.delete(oldest);
    keptNow -= byteLength;
  }
};

const begin = (): Thread => {
  const worker = new Worker(new URL("./draw.worker.ts", import.meta.url));
  const begun: Thread = { worker, waiting: new Map(), asked: 0 };
  worker.onmessage = ({ data }: MessageEvent<Drawn>) => {
    const one = begun.waiting.get(data.id);
    begun.waiting.delete(data.id);
    if ("bytes" in data) one?.resolve(data.bytes);
    else one?.reject(new Error(`A page could not be drawn: ${data.error}`));
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of begun.waiting.values())
      reject(new Error(`The drawing thread ended: ${message}`));
    thread = undefined;
  };
  return begun;
};

const ask = (module: string, name: string, args: readonly unknown[]): Promise<Uint8Array<ArrayBuffer>> =>
  new Promise((resolve, reject) => {
    thread ??= begin();
    const id = ++thread.asked;
    thread.waiting.set(id, { resolve, reject });
    thread.worker.postMessage({ id, module, name, args } satisfies Wanted);
  });

const textOf = (args: readonly unknown[]): string =>
  JSON.stringify(args, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));

/**
 * Draws a file in a thread of its own, since a page takes a third of a second in which a server could answer a hundred
 * requests. `name` is a function of `module` (`import.meta.resolve("./pdf.ts")`) that answers the file's bytes;
 * `args` must be plain values. What was drawn from equal values is answered from memory; at most 32 MB are kept.
 * Refuses `server_busy` when too many files wait to be drawn.
 */
export const drawApart = async (
  module: string,
  name: string,
  args: readonly unknown[],
): Promise<Uint8Array<ArrayBuffer>> => {
  const key = await sha256Hex(`${module}\n${name}\n${textOf(args)}`);
  const known = kept.get(key);
  if (known) return known;
  const bytes = await gate(() => ask(module, name, args));
  if (!kept.has(key)) keep(key, bytes);
  return bytes;
};
