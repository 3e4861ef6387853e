export { type Rebuilt, rebuildReports } from "./counting.ts";
export { type Month, monthOf } from "./months.ts";
export { personalReport, platformReport, publicTotals, revenueReport, savingsReport } from "./reports.ts";
