import type { Drawn, Wanted } from "./draw.ts";

// The thread that draws pages, so that the server's own answers others meanwhile.
declare const self: Worker;

type Draws = (...args: readonly unknown[]) => Promise<Uint8Array<ArrayBuffer>>;

const draw = async ({ id, module, name, args }: Wanted): Promise<Drawn> => {
  try {
    const drawing: Record<string, Draws | undefined> = await import(module);
    const work = drawing[name];
    if (!work) throw new Error(`${module} has no ${name}`);
    return { id, bytes: await work(...args) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

self.onmessage = async ({ data }: MessageEvent<Wanted>) => {
  self.postMessage(await draw(data));
};
