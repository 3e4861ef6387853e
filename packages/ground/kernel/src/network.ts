const groupsIn = (text: string): number[] =>
  text === ""
    ? []
    : text.split(":").flatMap((group) => {
        if (!group.includes(".")) return [Number.parseInt(group, 16)];
        const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
        return [a * 256 + b, c * 256 + d];
      });

/** The eight groups of an IPv6 address, written in whichever way; null for anything else. */
const groupsOf = (address: string): number[] | null => {
  const [plain = ""] = address.trim().split("%");
  if (!plain.includes(":")) return null;
  const [head = "", tail] = plain.split("::");
  const [before, after] = [groupsIn(head), groupsIn(tail ?? "")];
  const groups =
    tail === undefined
      ? before
      : [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
  return groups.length === 8 && groups.every((group) => group >= 0 && group <= 0xffff) ? groups : null;
};

const isMapped = (groups: readonly number[]): boolean =>
  groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;

const prefix = (groups: readonly number[], count: number): string =>
  `${groups
    .slice(0, count)
    .map((group) => group.toString(16))
    .join(":")}::/${count * 16}`;

/**
 * What one client cannot cheaply change of its address: all of an IPv4 address, also where it is written as IPv6, and the
 * /64 of an IPv6 address, of which every line gets 2^64. Anything else stays as it is.
 */
export const networkOf = (address: string): string => {
  const groups = groupsOf(address);
  if (!groups) return address.trim();
  const [high = 0, low = 0] = groups.slice(6);
  if (isMapped(groups)) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return prefix(groups, 4);
};

/** The /48 of an IPv6 address, of which one customer may have 65,536 networks; null for IPv4. */
export const siteOf = (address: string): string | null => {
  const groups = groupsOf(address);
  return groups && !isMapped(groups) ? prefix(groups, 3) : null;
};
