/** Keeps the shell for times without a connection. Development builds have no files that could be kept. */
export const keepOffline = (): void => {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  const keep = () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  // Not beside the first page, which has a use for the line.
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep, { once: true });
};
