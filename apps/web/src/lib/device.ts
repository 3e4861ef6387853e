/** The browser and system in a user agent, as people call them. */
export const deviceOf = (agent: string | null): string | null => {
  if (!agent) return null;
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : (/(Firefox|Chrome|Safari|curl|Bun)\//.exec(agent)?.[1] ?? agent.slice(0, 40));
  // Android calls itself Linux first.
  const system = /Android/.test(agent)
    ? "Android"
    : /(Windows|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1]?.replace("Mac OS X", "macOS");
  return system ? `${browser}, ${system}` : browser;
};
