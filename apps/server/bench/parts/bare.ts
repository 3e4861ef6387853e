/** The least that a server can do: it refuses what is too large and cuts it off, and answers everything else at once. */
const server = Bun.serve({
  port: 0,
  hostname: "localhost",
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  async fetch(request) {
    if (!request.body) return new Response("ok");
    await request.body.cancel();
    return new Response("too large", { status: 413, headers: { connection: "close" } });
  },
});
console.log(server.port);
