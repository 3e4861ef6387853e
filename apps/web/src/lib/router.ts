import type { TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";

// Stands in for `import type { AppRouter } from "@evx/api"` until that package is there.
type User = {
  id: string;
  email: string;
  fullName: string;
  role: "ev_owner" | "buyer" | "cva" | "admin";
  accredited: boolean;
  kycStatus: string;
};
type Query<I, O> = TRPCQueryProcedure<{ input: I; output: O; meta: unknown }>;
type Mutation<I, O> = TRPCMutationProcedure<{ input: I; output: O; meta: unknown }>;

/** The procedures, by name. */
export type AppRecord = {
  identity: {
    me: Query<undefined, { user: User | null }>;
    signIn: Mutation<{ email: string; password: string }, { user: User }>;
    signUp: Mutation<
      { email: string; password: string; fullName: string; role: "ev_owner" | "buyer" | "cva" },
      { user: User }
    >;
    signOut: Mutation<undefined, unknown>;
  };
};

export type AppTypes = { ctx: object; meta: object; errorShape: object; transformer: false };
