import { isCurrency, minorFromText, textFromMinor } from "@evx/kernel";

/** A list that somebody works off: how many are known to wait, whether there are more, and since when the first does. */
export type Waiting = { count: number; more: boolean; oldest: string | null };

export type Task = "disputes" | "payments" | "withdrawals" | "identity" | "jobs";

/** What waits, of the pages of a list that were read: `more` where a further page exists. */
export const waitingOf = <Row>(
  pages: readonly { items: readonly Row[]; nextCursor?: string | null | undefined }[] | undefined,
  since: (row: Row) => string,
  waits: (row: Row) => boolean = () => true,
): Waiting | undefined => {
  if (!pages) return undefined;
  const moments = pages
    .flatMap(({ items }) => items)
    .filter(waits)
    .map(since)
    .sort();
  return {
    count: moments.length,
    more: Boolean(pages.at(-1)?.nextCursor),
    oldest: moments[0] ?? null,
  };
};

type Money = { readonly amount: string; readonly currency: string };

/** What those that wait are about, summed; null for nothing, and where not all of it is in one currency that is known. */
export const sumOf = <Row>(
  pages: readonly { items: readonly Row[] }[] | undefined,
  money: (row: Row) => Money,
  waits: (row: Row) => boolean = () => true,
): Money | null => {
  const all = (pages ?? []).flatMap(({ items }) => items.filter(waits).map(money));
  const currency = all[0]?.currency ?? "";
  if (!isCurrency(currency) || all.some((one) => one.currency !== currency)) return null;
  const minor = all.reduce((sum, { amount }) => sum + (minorFromText(amount, currency) ?? 0n), 0n);
  return { amount: textFromMinor(minor, currency), currency };
};

/** What needs the operator, longest waiting first; undefined while a list is not read yet. */
export const tasksOf = (
  lists: Record<Task, Waiting | undefined>,
): (Waiting & { task: Task })[] | undefined => {
  const known = Object.entries(lists).flatMap(([task, waiting]) =>
    waiting ? [{ task: task as Task, ...waiting }] : [],
  );
  if (known.length < Object.keys(lists).length) return undefined;
  return known
    .filter(({ count }) => count > 0)
    .sort((a, b) => (a.oldest ?? "").localeCompare(b.oldest ?? ""));
};
