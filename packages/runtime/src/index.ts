export { compose, localeOf, type RequestFacts, type Runtime } from "./compose.ts";
export {
  type Config,
  ConfigError,
  environmentWith,
  readConfig,
  readScriptSettings,
  type ScriptSettings,
} from "./config.ts";
export { createLog } from "./log.ts";
export { onceTheDatabaseAnswers, run, untilTold } from "./process.ts";
