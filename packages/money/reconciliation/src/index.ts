export { reconcileDay } from "./days.ts";
