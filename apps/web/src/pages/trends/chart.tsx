export { TimeChart as default } from "@evx/ui";
