// Runs before the first paint, so that the chosen theme and language do not flash in late.
// An external file: the content security policy allows no inline script.
(() => {
  try {
    const theme = localStorage.getItem("evx.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const chosen = localStorage.getItem("evx.locale");
    const vietnamese = chosen
      ? chosen === "vi"
      : /^vi\b/i.test(navigator.languages?.[0] ?? navigator.language);
    if (vietnamese) document.documentElement.lang = "vi";
  } catch {
    // Without storage the system's theme and the browser's language decide.
  }
})();
