export { personalReport, platformReport, publicTotals, revenueReport, savingsReport } from "./reports.ts";
