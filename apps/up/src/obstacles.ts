/** Two databases, their logs, and room to work. */
const least_bytes = 2 * 1024 ** 3;

type Machine = {
  production: boolean;
  /** Whether somebody named a database of their own. */
  given: boolean;
  nginx: boolean;
  free: number;
  dataDir: string;
  taken: readonly string[];
};

/** Why a cluster cannot be started on this machine, in a sentence; null when it can. */
export const obstacleTo = ({ production, given, nginx, free, dataDir, taken }: Machine): string | null => {
  if (production) return "NODE_ENV is production, and this is a world for development.";
  if (given) return "DATABASE_URL is set, and the cluster has databases of its own.";
  if (!nginx) return "There is no nginx on this machine, and it is what stands in front of two servers.";
  if (free < least_bytes)
    return `The disk of ${dataDir} has ${(free / 1024 ** 3).toFixed(1)} GB left, and two databases need 2.`;
  if (taken.length > 0)
    return `Port ${taken.join(", ")} is in use by another program. Stop it, or choose others with PORT=….`;
  return null;
};
