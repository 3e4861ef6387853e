export { activityColumnsOf, isNoDrive } from "./activities.ts";
export { daysOf } from "./days.ts";
export { guessedRole } from "./guesses.ts";
export { words } from "./languages.ts";
export { plainHeader } from "./plain.ts";
export { moments, readingSynonyms, speeds } from "./reading-synonyms.ts";
export { type ColumnRole, type Columns, columnRoles, type Synonyms, type VehicleKind } from "./roles.ts";
export { ownSynonyms } from "./synonyms.ts";
