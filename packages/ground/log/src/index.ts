export { startSequencer } from "./loop.ts";
export { backlog, isEntered, lastOfKind, noteDown } from "./queries/log.ts";
export { type LogPorts, sequencePending, tilesIn } from "./sequencer.ts";
export { type Logged, loggedAt, publishedCheckpoint, tileBytes } from "./serving.ts";
export { askWitnesses, readWitnesses, type Witness } from "./witnesses.ts";
