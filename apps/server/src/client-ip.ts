import { isIP } from "node:net";

const plain = (address: string) => address.trim().replace(/^::ffff:(?=[\d.]+$)/i, "");

/** The address in an entry of X-Forwarded-For, without the brackets and the port that some proxies write; null for anything else. */
const addressIn = (entry: string): string | null => {
  const text = entry.trim().replace(/^"(.*)"$/, "$1");
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = plain(bare);
  return isIP(address) ? address : null;
};

/**
 * Whether a request came through a proxy that nobody configured: it names a client that is not believed, and the address
 * that is left is the proxy's own, which says nothing of where the client is.
 */
export const isThroughStranger = (
  peer: string,
  forwardedFor: string | null,
  trusted: readonly string[],
): boolean => forwardedFor !== null && !trusted.map(plain).includes(plain(peer));

/**
 * The address of the client. Only a proxy that is configured as trusted is believed when it says for whom it speaks;
 * of its X-Forwarded-For the last entry counts that no trusted proxy wrote, so a client cannot choose its own address. An
 * entry that is no address counts as the proxy's own: else each would be another client, with limits of its own.
 */
export const clientIp = (peer: string, forwardedFor: string | null, trusted: readonly string[]): string => {
  const proxies = new Set(trusted.map(plain));
  if (!proxies.has(plain(peer)) || !forwardedFor) return plain(peer);
  const hops = forwardedFor.split(",").filter((hop) => hop.trim());
  for (const hop of hops.reverse()) {
    const address = addressIn(hop);
    if (address === null) return plain(peer);
    if (!proxies.has(address)) return address;
  }
  return plain(peer);
};
