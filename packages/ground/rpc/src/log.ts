/** Structured logging, as pino does it. Never give it a secret, a card, a bank account or a position. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
