/**
 * The address of the client. Only a proxy that is configured as trusted is believed when it says for whom it speaks;
 * of its X-Forwarded-For the last entry counts that no trusted proxy wrote, so a client cannot choose its own address.
 */
export const clientIp = (peer: string, forwardedFor: string | null, trusted: readonly string[]): string => {
  const plain = (address: string) => address.replace(/^::ffff:/, "").trim();
  const proxies = new Set(trusted.map(plain));
  if (!proxies.has(plain(peer)) || !forwardedFor) return plain(peer);
  const hops = forwardedFor.split(",").map(plain).filter(Boolean);
  for (const hop of hops.reverse()) if (!proxies.has(hop)) return hop;
  return plain(peer);
};
