/** Where typed words may lead, besides the places that bear them in their names. */
export type Find = {
  readonly kind: "registry" | "certificate" | "serial" | "all";
  readonly href: string;
};

const certificate = /^[A-Z0-9]{2,}(-[A-Z0-9]+)+$/i;
const serial = /^EVX-/i;

/** Searches that fit what was typed: an operator searches everything. Nothing is asked of a server. */
export const findsFor = (typed: string, role: string | null): Find[] => {
  const words = typed.trim();
  if (words === "") return [];
  const q = encodeURIComponent(words);
  const finds: Find[] = [];
  if (serial.test(words)) finds.push({ kind: "serial", href: `/registry?q=${q}` });
  else if (certificate.test(words)) finds.push({ kind: "certificate", href: `/c/${q.toUpperCase()}` });
  if (role === "admin") finds.push({ kind: "all", href: `/admin/search?q=${q}` });
  if (!serial.test(words)) finds.push({ kind: "registry", href: `/registry?q=${q}` });
  return finds;
};

/** Without marks and case, so that "giao dich" finds "giao dịch". */
const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();

/** Whether each typed word begins a word of the name. */
export const matches = (name: string, typed: string): boolean => {
  const names = plain(name).split(/\s+/);
  return plain(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => names.some((each) => each.startsWith(word)));
};
