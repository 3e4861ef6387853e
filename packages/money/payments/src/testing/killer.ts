import type { JobContext } from "@evx/jobs";

/** What a program's work ends with where it is killed. */
class Killed extends Error {
  override readonly name = "Killed";
}

/** Stands before a server and hands each request on as a step. */
const between = (url: string, step: (work: () => Promise<Response>) => Promise<Response>) =>
  Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method } = request;
      const body = method === "GET" ? undefined : await request.arrayBuffer();
      const headers = new Headers(request.headers);
      headers.delete("host");
      const ask = async () => {
        const answer = await fetch(`${url}${pathname}${search}`, { method, headers, body });
        return new Response(await answer.arrayBuffer(), {
          status: answer.status,
          headers: { "content-type": answer.headers.get("content-type") ?? "application/json" },
        });
      };
      // Whoever asked is dead: what it would hear does not matter.
      return step(ask).catch(() => new Response(null, { status: 503 }));
    },
  });

/**
 * Kills a program at its nth step: a request to a gateway or a transaction. `before` the step is done, or `after`, so that
 * it was done and nobody heard. From then on it does nothing more, until it is started again.
 */
export const killer = () => {
  let plan: { at: number; when: "before" | "after" } | null = null;
  let steps = 0;
  let stepsOfLife = 0;
  let dead = false;
  let deaths = 0;
  const die = (): never => {
    dead = true;
    deaths++;
    throw new Killed();
  };
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    steps++;
    const mine = plan?.at === steps;
    if (mine && plan?.when === "before") die();
    const done = await work();
    return mine ? die() : done;
  };
  let server: ReturnType<typeof Bun.serve> | null = null;
  return {
    /** Stands between an adapter and its gateway, so that each request is a step. */
    via(url: string): string {
      server = between(url, step);
      return `http://127.0.0.1:${server.port}`;
    },
    /** A job's context whose every transaction is a step. */
    context: (context: JobContext): JobContext => ({
      ...context,
      transact: (work) => step(() => context.transact(work)),
    }),
    arm(at: number, when: "before" | "after"): void {
      plan = { at, when };
      steps = 0;
      dead = false;
    },
    /** Starts it again; it is not killed a second time. Answers whether it was dead. */
    revive(): boolean {
      if (!dead) return false;
      dead = false;
      plan = null;
      return true;
    },
    /** The acts are over: what follows is no step of this life. */
    endLife(): void {
      stepsOfLife = steps;
      dead = false;
      plan = null;
    },
    get dead() {
      return dead;
    },
    get deaths() {
      return deaths;
    },
    get stepsOfLife() {
      return stepsOfLife;
    },
    stop: () => server?.stop(true),
  };
};
