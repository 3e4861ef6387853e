export { submitFleet, submitOrQueue } from "./submissions.ts";
export { workOff } from "./work.ts";
