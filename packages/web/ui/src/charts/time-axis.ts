import type { ScaleTime } from "d3-scale";

const day_ms = 86_400_000;

/** How coarse a label of time is. */
export type TimeStep = "year" | "month" | "day" | "minute";

export type TimeTick = { at: number; label: string };

/** The coarsest word that still tells two moments this far apart from each other. */
const stepOf = (between_ms: number): TimeStep => {
  if (between_ms >= 360 * day_ms) return "year";
  if (between_ms >= 28 * day_ms) return "month";
  return between_ms >= day_ms ? "day" : "minute";
};

const options: Record<TimeStep, Intl.DateTimeFormatOptions> = {
  year: { year: "numeric" },
  month: { month: "short" },
  day: { day: "numeric", month: "short" },
  minute: { hour: "2-digit", minute: "2-digit" },
};
const withYear: Intl.DateTimeFormatOptions = { month: "short", year: "numeric" };

/** Moments named for an axis: a January is named by its year, and so is the first month where no January is. */
const named = (moments: readonly number[], locale: string): TimeTick[] => {
  const between = moments.slice(1).map((at, place) => at - (moments[place] ?? 0));
  const step = stepOf(between.length > 0 ? Math.min(...between) : 28 * day_ms);
  const isJanuary = (at: number) => step === "month" && new Date(at).getUTCMonth() === 0;
  const some = moments.some(isJanuary);
  return moments.map((at, place) => {
    // Vietnamese charts number their months: T9, T10.
    if (locale.startsWith("vi") && step === "month" && !isJanuary(at)) {
      const [month, year] = [new Date(at).getUTCMonth() + 1, new Date(at).getUTCFullYear()];
      return { at, label: !some && place === 0 ? `T${month}/${year}` : `T${month}` };
    }
    const asIs = step === "month" && !some && place === 0 ? withYear : options[step];
    // A day of a month is written in figures in Vietnamese.
    const inFigures = locale.startsWith("vi") && asIs.day && asIs.month;
    const bare: Intl.DateTimeFormatOptions = inFigures ? { ...asIs, month: "numeric" } : asIs;
    const format = new Intl.DateTimeFormat(locale, {
      timeZone: "UTC",
      ...(isJanuary(at) ? options.year : bare),
    });
    return { at, label: format.format(at) };
  });
};

/** Whether periods follow one another: months differ by three days, and that is all. */
const even = (starts: readonly number[]): boolean => {
  const between = starts.slice(1).map((at, place) => at - (starts[place] ?? 0));
  return between.length === 0 || Math.max(...between) < 1.5 * Math.min(...between);
};

/** Left out are moments that stand closer to the one before than a label is wide. */
const spaced = (moments: readonly number[], x: (at: number) => number, apart_px: number): number[] => {
  const kept: number[] = [];
  for (const at of moments) {
    const before = kept.at(-1);
    if (before === undefined || x(at) - x(before) >= apart_px) kept.push(at);
  }
  return kept;
};

/**
 * Ticks of a true time axis: periods are named by their own beginnings, each or some of them in turn, and round moments
 * stand where there are many.
 */
export const timeTicks = (
  starts: readonly number[],
  x: ScaleTime<number, number>,
  locale: string,
  label_px: number,
): TimeTick[] => {
  const [left = 0, right = 0] = x.range();
  const most = Math.max(2, Math.floor((right - left) / label_px));
  // A label at the right edge ends there, so it stands further left than its moment.
  const centre = (at: number) => Math.min(x(at), right - label_px / 2);
  // Few periods without room for each name are named in turn, the last one always: a round moment between two would name neither.
  // So are periods with holes between them: every third day with a sale says nothing of how time goes by.
  const every = Math.ceil(starts.length / most);
  const moments =
    starts.length > 0 && every <= 4 && even(starts)
      ? starts.filter((_, place) => (starts.length - 1 - place) % every === 0)
      : x.ticks(most).map((moment) => moment.getTime());
  return named(spaced(moments, centre, label_px), locale);
};

/** From the first moment to the end of the last period; one moment alone gets room on both sides. */
export const timeDomain = (
  points: readonly { from: number; to?: number | undefined }[],
): [number, number] => {
  const from = Math.min(...points.map((point) => point.from));
  const to = Math.max(...points.map((point) => point.to ?? point.from));
  if (points.length === 0) return [0, 1];
  return to > from ? [from, to] : [from - 1, to + 1];
};
