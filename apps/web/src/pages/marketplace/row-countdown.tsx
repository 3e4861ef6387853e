export { Countdown as default } from "@evx/ui";
