// Runs before the first paint, so that the chosen theme and language do not flash in late, and names the first page's
// files, so that they come beside the app's own and not after it.
// An external file: the content security policy allows no inline script.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("evx.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    const asked = new URLSearchParams(location.search).get("lang");
    const chosen = asked === "vi" || asked === "en" ? asked : localStorage.getItem("evx.locale");
    const vietnamese = chosen
      ? chosen === "vi"
      : /^vi\b/i.test(navigator.languages?.[0] ?? navigator.language);
    root.lang = vietnamese ? "vi" : "en";
  } catch {
    // Without storage the system's theme and the browser's language decide.
  }
  /** The build writes here: language, then address, then files. */
  const first = {};
  const words = first[root.lang] ?? {};
  for (const file of [...(words["*"] ?? []), ...(words[location.pathname] ?? [])]) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = file;
    document.head.append(link);
  }
})();
