import { zoneName } from "../../lib/zones.ts";

/** All zones that the browser knows, with the chosen one among them even if it does not. */
export const zoneOptions = (chosen: string): { value: string; label: string }[] => {
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const all = known.includes(chosen) ? known : [chosen, ...known];
  return all.map((value) => ({ value, label: zoneName(value) }));
};
