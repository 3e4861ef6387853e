export { type Rebuilt, rebuildReports } from "./rebuild.ts";
export { personalReport, platformReport, publicTotals, revenueReport, savingsReport } from "./reports.ts";
