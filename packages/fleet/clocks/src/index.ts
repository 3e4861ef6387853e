export { withoutZone, zoneInHeader } from "./header-zones.ts";
export { type DateOrder, type MomentReading, readMoment } from "./times.ts";
export {
  durationUnitOf,
  isDateOnly,
  orderShown,
  readDuration,
  readTimeOfDay,
  saysZone,
} from "./written-times.ts";
export { zoneWritten } from "./zone-names.ts";
