export { driversOf } from "./drivers.ts";
