import type { Trust } from "@evx/proof";

/**
 * Whom this page trusts: the keys, the log and the witnesses that the registry names. Null when it cannot be reached;
 * the file's own key then proves wholeness alone.
 */
export const registryTrust = async (): Promise<Trust | null> => {
  const { trustIn } = await import("@evx/proof");
  try {
    const answer = await fetch("/.well-known/evx-registry.json", { signal: AbortSignal.timeout(10_000) });
    return answer.ok ? trustIn(await answer.json()) : null;
  } catch {
    return null;
  }
};
