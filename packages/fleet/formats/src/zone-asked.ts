import { isZone } from "@evx/clocks";
import { refuse } from "./errors.ts";

/** Refuses what is no IANA name of a zone. */
export const requireZone = (zone: string): void => {
  if (!isZone(zone)) throw refuse("import_zone_unknown", { zone: zone.slice(0, 60) });
};
