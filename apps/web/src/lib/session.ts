import { useQuery } from "@tanstack/solid-query";
import { api } from "./api.ts";
import { queryClient } from "./queries.tsx";

const me = api.identity.me.with({ staleTime: 60_000 });

/** Asked at once, beside the first page's own reads. */
export const preloadSession = () => queryClient.prefetchQuery(me.queryOptions()());

export const homes = { ev_owner: "/owner", buyer: "/buyer", cva: "/cva", admin: "/admin" } as const;

export type Role = keyof typeof homes;

/** Who is signed in. `user()` is undefined until the server has said, then null for a visitor. Never suspends. */
export const useSession = () => {
  const query = useQuery(me.queryOptions());
  const user = () => (query.isPending ? (query.isError ? null : undefined) : (query.data?.user ?? null));
  return {
    user,
    role: (): Role | null => user()?.role ?? null,
    /** The signed-in person's id, for inputs of their own lists. Empty for a visitor. */
    userId: () => user()?.id ?? "",
    pending: () => user() === undefined,
  };
};

/** After signing in or up: who is here is asked anew, and everything else that was read belonged to someone else. */
export const sessionStarted = async (): Promise<void> => {
  const { queryKey, queryFn } = me.queryOptions()();
  await queryClient.fetchQuery({ queryKey, queryFn, staleTime: 0 });
  await queryClient.resetQueries({ predicate: (query) => query.queryKey[0] !== queryKey[0] });
};

/** Signs out, forgets all that was read, and goes to the start by a fresh load, so that nothing stays in memory. */
export const signOut = async (): Promise<void> => {
  await api.identity.signOut.call();
  queryClient.clear();
  location.assign("/");
};
