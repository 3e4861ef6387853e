// The offline shell: pages open without a connection, and checking a certificate's file works. Nothing of anybody's
// account is kept: answers of the API and of tRPC are never stored.

// The build names the files here: a new list is a new worker, and the old cache goes.
const shell = ["/", "/boot.js", "/icon.svg", "/manifest.webmanifest"];
const cacheName = `evx-shell-${shell.join("").length}-${shell.at(-1)}`;

try {
  // Push messages, where the product sends them.
  self.importScripts("/push-worker.js");
} catch {
  // It sends none.
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      await Promise.all(shell.map((file) => cache.add(file).catch(() => undefined)));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith("evx-shell-") && name !== cacheName) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

/** A page: the server's where it answers, else the shell that was kept. */
const openPage = async (request) => {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match("/", { cacheName });
    if (kept) return kept;
    throw error;
  }
};

/** A built file never changes under its name, so the kept one is the right one. */
const openFile = async (request) => (await caches.match(request, { cacheName })) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (/^\/(api|trpc|health|log|badge)(\/|$)/.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(openPage(request));
  else if (/^\/assets\//.test(url.pathname)) event.respondWith(openFile(request));
  else if (shell.includes(url.pathname))
    event.respondWith(fetch(request).catch(() => caches.match(request, { cacheName })));
});
