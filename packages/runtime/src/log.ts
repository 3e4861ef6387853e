import type { Log } from "@evx/rpc";
import pino from "pino";
import type { Config } from "./config.ts";

/** One JSON line a record on standard output. Secrets that slip into a record's fields are blanked by name. */
export const createLog = (config: Pick<Config, "LOG_LEVEL">, service: string): Log =>
  pino({
    level: config.LOG_LEVEL,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    serializers: { error: pino.stdSerializers.err },
    redact: {
      paths: [
        "password",
        "token",
        "refreshToken",
        "authorization",
        "cookie",
        "bankAccount",
        "*.password",
        "*.token",
        "*.bankAccount",
      ],
      censor: "[removed]",
    },
  }) as unknown as Log;
