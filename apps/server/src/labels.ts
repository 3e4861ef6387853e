const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** More shapes of addresses than the product has; beyond them a strange one is `/unknown`. */
const mostShapes = 500;

/** An address with its ids, numbers and days cut out. */
const shapeOf = (path: string): string =>
  path.startsWith("/trpc/")
    ? "/trpc"
    : path.startsWith("/api/")
      ? path
          .replace(/\/[a-z]{3}_[0-9a-z]{26}|\/EVX[-\w]*|\/\d[\d-]*(?=\/|$)/g, "/:id")
          .split("/")
          .slice(0, 6)
          .join("/")
      : "/web";

/**
 * Names requests in metrics, by a bounded number of words whatever strangers ask for: an address is called by its shape
 * once it has answered something; one that never did, and is refused for whatever reason, is `/unknown`.
 */
export const createLabels = () => {
  const known = new Set<string>(["/web", "/trpc"]);
  return (method: string, path: string, status: number): { method: string; path: string; status: number } => {
    const shape = shapeOf(path);
    if (status < 400 && known.size < mostShapes) known.add(shape);
    return {
      method: methods.has(method) ? method : "OTHER",
      path: status !== 404 && known.has(shape) ? shape : "/unknown",
      status,
    };
  };
};
