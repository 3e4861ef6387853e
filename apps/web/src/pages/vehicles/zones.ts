import { todaysZone, todaysZones } from "@evx/kernel";
import { zoneName } from "../../lib/zones.ts";

/** All zones that the browser knows, with the chosen one among them even if it does not. */
export const zoneOptions = (chosen: string): { value: string; label: string }[] => {
  const known = todaysZones();
  const all = known.includes(todaysZone(chosen)) ? known : [chosen, ...known];
  // Of a zone that was kept under its old name the choice keeps it: nothing is changed that nobody chose.
  return all.map((zone) => ({ value: zone === todaysZone(chosen) ? chosen : zone, label: zoneName(zone) }));
};
