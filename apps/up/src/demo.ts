/** Demo worlds by name: the year of a town, or a street, which is laid out whole by the verbs and has the least of everything. */
export const worlds = ["town", "street"] as const;

/** The one that the environment asks for, or the town; null for a name that is none. */
export const demoWorld = (): (typeof worlds)[number] | null => {
  const asked = process.env.DEMO_WORLD || "town";
  return worlds.find((name) => name === asked) ?? null;
};
