const plain = (address: string) => address.replace(/^::ffff:/, "").trim();

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
 * of its X-Forwarded-For the last entry counts that no trusted proxy wrote, so a client cannot choose its own address.
 */
export const clientIp = (peer: string, forwardedFor: string | null, trusted: readonly string[]): string => {
  const proxies = new Set(trusted.map(plain));
  if (!proxies.has(plain(peer)) || !forwardedFor) return plain(peer);
  const hops = forwardedFor.split(",").map(plain).filter(Boolean);
  for (const hop of hops.reverse()) if (!proxies.has(hop)) return hop;
  return plain(peer);
};
