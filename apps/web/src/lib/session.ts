import { useQuery } from "@tanstack/solid-query";
import { createSignal } from "solid-js";
import { type Answer, api, whenSignInRequired } from "./api.ts";
import { queryClient } from "./queries.tsx";

/** While the server cannot say who is here, it is asked again this often. */
const AGAIN_MS = 5_000;

const me = api.identity.me.with({
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.status === "error" ? AGAIN_MS : false),
});

type User = NonNullable<Answer<typeof api.identity.me>["user"]>;

/** Asked at once, beside the first page's own reads. */
export const preloadSession = () => queryClient.prefetchQuery(me.queryOptions()());

export const homes = { ev_owner: "/owner", buyer: "/buyer", cva: "/cva", admin: "/admin" } as const;

export type Role = keyof typeof homes;

let known: User | null = null;

/**
 * Who was signed in here when the page was last open, by role alone. A hint for the frame until the server has said, never
 * a right: "unknown" where an older version of this page kept no role.
 */
const memberKey = "evx.member";
const isRole = (text: string): text is Role => Object.hasOwn(homes, text);
const wasHere = ((): Role | "unknown" | null => {
  try {
    const kept = localStorage.getItem(memberKey);
    return kept === null || isRole(kept) ? kept : "unknown";
  } catch {
    return null;
  }
})();
const remember = (role: Role | null): void => {
  try {
    if (role) localStorage.setItem(memberKey, role);
    else localStorage.removeItem(memberKey);
  } catch {
    // Without storage the frame learns it from the server, as on a first visit.
  }
};
const [ended, setEnded] = createSignal<User | null>(null);
const [asking, setAsking] = createSignal(false);

/** Whose session ended while a page of theirs is open. The page stays, with all that was typed. */
export const sessionEnded = ended;

/** Whether the person is being asked to sign in again. */
export const askingToSignIn = asking;

/** Opens or closes the question to sign in again. */
export const askToSignIn = (open: boolean): void => {
  setAsking(open && ended() !== null);
};

/** The server no longer knows who is here: their page stays as it is, and they are asked to sign in. */
const noticeSessionLost = (): void => {
  if (!known) return;
  setEnded(known);
  setAsking(true);
};
whenSignInRequired(noticeSessionLost);

/** What the server says of who is here: a person, or nobody any more. */
const learn = (user: User | null): void => {
  remember(user?.role ?? null);
  if (user) known = user;
  if (!user) noticeSessionLost();
  if (!user) return;
  setEnded(null);
  setAsking(false);
};

/** Whether the server could not say who is here when it was last asked. */
let unsaid = false;

const isMe = (query: { queryKey: readonly unknown[] }) =>
  query.queryKey[0] === me.queryOptions()().queryKey[0];

queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type !== "updated" || !isMe(query) || query.state.fetchStatus !== "idle") return;
  if (query.state.status === "error") unsaid = true;
  if (query.state.status !== "success") return;
  learn((query.state.data as Answer<typeof api.identity.me>).user);
  // What failed beside it is read once more: the page heals whole, not only its frame.
  if (unsaid)
    void queryClient.refetchQueries({
      type: "active",
      predicate: (other) => !isMe(other) && other.state.status === "error",
    });
  unsaid = false;
});

/**
 * Who is signed in. `user()` is undefined until the server has said, then null for a visitor; where the server cannot be
 * asked, somebody who was here before stays unknown, and is not taken for a visitor. Never suspends. A person whose session
 * ended is still the one whose page this is, until they sign in again or leave.
 */
export const useSession = () => {
  const query = useQuery(me.queryOptions());
  const user = () => {
    if (query.data) return query.data.user ?? ended();
    if (ended()) return ended();
    return query.isError && !wasHere ? null : undefined;
  };
  return {
    user,
    /** Why it is not known who is here: the server could not be asked. Null for a visitor, whom the server does not know. */
    failed: () => (query.isError && !query.data && !ended() ? query.error : null),
    retry: () => void query.refetch(),
    role: (): Role | null => user()?.role ?? null,
    /** The signed-in person's id, for inputs of their own lists. Empty for a visitor. */
    userId: () => user()?.id ?? "",
    pending: () => user() === undefined,
    /** Whether a member's frame stands: somebody is signed in, or was, and the server has not said yet. */
    framed: () => (user() === undefined ? wasHere !== null : user() !== null),
    /** Whose places the frame shows: theirs who are here, or who were until the server has said otherwise. */
    framedFor: (): Role | null => {
      const here = user();
      if (here !== undefined) return here?.role ?? null;
      return wasHere === "unknown" ? null : wasHere;
    },
  };
};

/** After signing in or up: who is here is asked anew, and everything else that was read belonged to someone else. */
export const sessionStarted = async (): Promise<void> => {
  const before = ended()?.id;
  const { queryKey, queryFn } = me.queryOptions()();
  const { user } = await queryClient.fetchQuery({ queryKey, queryFn, staleTime: 0 });
  const others = { predicate: (query: { queryKey: readonly unknown[] }) => !isMe(query) };
  // The same person again: their page stays, and what had failed is read once more.
  if (before && before === user?.id) await queryClient.invalidateQueries(others);
  else await queryClient.resetQueries(others);
};

/** Signs out, forgets all that was read, and goes on by a fresh load, so that nothing stays in memory. */
export const signOut = async (next = "/"): Promise<void> => {
  known = null;
  await api.identity.signOut.call();
  remember(null);
  queryClient.clear();
  location.assign(next);
};
