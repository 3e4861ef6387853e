/** Whether something can be bound to a port of this machine. */
export const isFree = async (port: number): Promise<boolean> => {
  try {
    const listener = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
    listener.stop(true);
    return true;
  } catch {
    return false;
  }
};

/** Waits for a port to become free: what a killed run left behind needs a moment to notice. */
export const waitUntilFree = async (port: number, patienceMs: number): Promise<boolean> => {
  const end = performance.now() + patienceMs;
  while (!(await isFree(port))) {
    if (performance.now() > end) return false;
    await Bun.sleep(100);
  }
  return true;
};

/** Asks an address until it answers with success. */
export const waitUntilHealthy = async (
  url: string,
  patienceMs: number,
  alive: () => boolean,
): Promise<boolean> => {
  const end = performance.now() + patienceMs;
  while (performance.now() < end && alive()) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return true;
    } catch {
      // Not listening yet.
    }
    await Bun.sleep(50);
  }
  return false;
};
