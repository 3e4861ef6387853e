type Says = (fields: object, message: string) => void;

/** The same log, naming these in every line: which request it serves, and for whom. */
export const logAbout = <L extends { debug: Says; info: Says; warn: Says; error: Says }>(
  log: L,
  about: Readonly<Record<string, string>>,
) => ({
  debug: (fields: object, message: string) => log.debug({ ...about, ...fields }, message),
  info: (fields: object, message: string) => log.info({ ...about, ...fields }, message),
  warn: (fields: object, message: string) => log.warn({ ...about, ...fields }, message),
  error: (fields: object, message: string) => log.error({ ...about, ...fields }, message),
});
