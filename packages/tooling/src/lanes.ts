/** Work in lanes that run side by side, as long as there is any. */

export type Work = { readonly title: string; readonly folder: string; readonly command: readonly string[] };

export type Done = Work & { readonly ok: boolean; readonly said: string; readonly seconds: number };

/** Runs one to its end and keeps what it says, so that lanes do not write into each other's lines. */
const runOne = async (work: Work, env: Record<string, string | undefined>): Promise<Done> => {
  const start = performance.now();
  const child = Bun.spawn([...work.command], {
    cwd: work.folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env,
  });
  let said = "";
  const listen = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const part of stream) said += decoder.decode(part, { stream: true });
  };
  await Promise.all([listen(child.stdout), listen(child.stderr), child.exited]);
  return { ...work, ok: child.exitCode === 0, said, seconds: (performance.now() - start) / 1_000 };
};

/** Does all of it, in its order, in as many lanes; each is told about as soon as it has ended. */
export const inLanes = async (
  all: readonly Work[],
  lanes: number,
  env: Record<string, string | undefined>,
  tell: (done: Done) => void,
): Promise<Done[]> => {
  const waiting = [...all];
  const done: Done[] = [];
  const lane = async (): Promise<void> => {
    for (let work = waiting.shift(); work; work = waiting.shift()) {
      const one = await runOne(work, env);
      done.push(one);
      tell(one);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
};
