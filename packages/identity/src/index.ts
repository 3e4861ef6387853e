export { displayNames, userById } from "./users.ts";
