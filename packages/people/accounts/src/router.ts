import { member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import type { Accounts } from "./accounts.ts";
import { changeEmail, sendVerification, verifyEmail } from "./addresses.ts";
import { apiKeysOf, createApiKey, endApiKey, endKeyOf } from "./api-keys.ts";
import { changePassword, requestPasswordReset, resetPassword } from "./passwords.ts";
import * as people from "./people.ts";
import { inPersonLately, ownSession, withPassword } from "./proofs.ts";
import { choosePublicName, publicNameOf } from "./public-names.ts";
import { createUser, registerOnly, signUp } from "./registration.ts";
import * as S from "./schema.ts";
import { endSession, endSessions, ownSessions, sessionsOf } from "./sessions.ts";
import { login, refreshTokens, signIn, signOut, whoAmI } from "./sign-in.ts";
import { confirmSignUp } from "./sign-ups.ts";
import { beginTwoFactor, confirmTwoFactor, disableTwoFactor, newRecoveryCodes } from "./two-factor.ts";

const registerMeta = rest("POST", "/users/register", { status: 201, summary: "Create an account" });
const loginMeta = {
  ...rest("POST", "/users/login", { summary: "Sign in for access and refresh tokens" }),
  notRepeatable: true,
  whileClosed: true,
} as const;
const refreshMeta = {
  ...rest("POST", "/users/refresh", { summary: "Exchange a refresh token for new tokens" }),
  notRepeatable: true,
  whileClosed: true,
} as const;
const profileMeta = rest("GET", "/users/profile", { summary: "Your own account" });
const updateMeta = rest("PUT", "/users/profile", { summary: "Change your name, phone or language" });
const publicNameMeta = rest("GET", "/users/public-name", { summary: "How certificates name you" });
const choosePublicMeta = rest("PUT", "/users/public-name", {
  summary: "Choose how later certificates name you: a pseudonym, a name of yours, or your company",
});
const userMeta = rest("GET", "/users/{id}", { summary: "An account: your own, or any for an administrator" });

/** One's own account: open also to those who still have to set up their second factor. */
const own = member.meta({ beforeTwoFactor: true });

/** Works with the browser's cookie, which a script does not have: it uses `login` or an API key. */
const browser = { session: true } as const;

const signInRoutes = (accounts: Accounts) => ({
  register: open
    .meta(registerMeta)
    .input(S.Register)
    .output(S.UserAnswer)
    .mutation(async ({ ctx, input }) => ({ user: await registerOnly(ctx, accounts, input) })),
  login: open
    .meta(loginMeta)
    .input(S.Login)
    .output(S.Tokens)
    .mutation(({ ctx, input }) => login(ctx, accounts, input)),
  refresh: open
    .meta(refreshMeta)
    .input(S.Refresh)
    .output(S.Tokens)
    .mutation(({ ctx, input }) => refreshTokens(ctx, accounts, input.refreshToken)),
  signUp: open
    .meta(browser)
    .input(S.Register)
    .output(S.SignedUp)
    .mutation(({ ctx, input }) => signUp(ctx, accounts, input)),
  confirmSignUp: open
    .meta(browser)
    .input(S.ConfirmSignUp)
    .output(S.UserAnswer)
    .mutation(async ({ ctx, input }) => ({ user: await confirmSignUp(ctx, accounts, input) })),
  signIn: open
    .meta({ ...browser, whileClosed: true })
    .input(S.Login)
    .output(S.UserAnswer)
    .mutation(async ({ ctx, input }) => ({ user: await signIn(ctx, accounts, input) })),
  signOut: open
    .meta({ ...browser, whileClosed: true })
    .output(S.Done)
    .mutation(({ ctx }) => signOut(ctx, accounts)),
  me: open
    .meta(told("Who you are here; null for nobody"))
    .output(S.Me)
    .query(async ({ ctx }) => ({ user: await whoAmI(ctx, accounts) })),
});

const profileRoutes = {
  profile: own
    .meta(profileMeta)
    .output(S.UserAnswer)
    .query(async ({ ctx }) => ({ user: await people.profileOf(ctx.db, ctx.actor.id) })),
  updateProfile: own
    .meta(updateMeta)
    .input(S.UpdateProfile)
    .output(S.UserAnswer)
    .mutation(async ({ ctx, input }) => ({
      user: await ctx.transact((tx) => people.updateProfile(tx, ctx.actor, input)),
    })),
  publicName: own
    .meta(publicNameMeta)
    .output(S.PublicNameAnswer)
    .query(async ({ ctx }) => ({ publicName: await publicNameOf(ctx.db, ctx.actor.id) })),
  choosePublicName: own
    .meta(choosePublicMeta)
    .input(S.ChoosePublicName)
    .output(S.PublicNameAnswer)
    .mutation(async ({ ctx, input }) => ({
      publicName: await ctx.transact((tx) => choosePublicName(tx, ctx.actor, input)),
    })),
  user: member
    .meta(userMeta)
    .input(S.UserId)
    .output(S.UserAnswer)
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.id);
      return { user: await people.profileOf(ctx.db, input.id) };
    }),
};

const accountRouter = (accounts: Accounts) =>
  router({
    sendVerification: own
      .meta(told("Have the letter that verifies your address sent again"))
      .output(S.Done)
      .mutation(({ ctx }) => sendVerification(ctx, accounts)),
    verifyEmail: open
      .meta(told("Verify an address with the token of its letter"))
      .input(S.LetterToken)
      .output(S.EmailVerified)
      .mutation(({ ctx, input }) => verifyEmail(ctx, accounts, input.token)),
    requestPasswordReset: open
      .meta(told("Have a letter sent to choose a new password"))
      .input(S.AskReset)
      .output(S.Done)
      .mutation(({ ctx, input }) => requestPasswordReset(ctx, input.email)),
    resetPassword: open
      .meta(told("Choose a new password with the token of the letter"))
      .input(S.ResetPassword)
      .output(S.Done)
      .mutation(({ ctx, input }) => resetPassword(ctx, accounts, input)),
    changePassword: own
      .meta(browser)
      .input(S.ChangePassword)
      .output(S.Done)
      .mutation(({ ctx, input }) => changePassword(ctx, accounts, input)),
    changeEmail: own
      .meta(browser)
      .input(S.ChangeEmail)
      .output(S.Done)
      .mutation(({ ctx, input }) => changeEmail(ctx, accounts, input)),
    prove: own
      .meta(browser)
      .input(S.GivenPassword)
      .output(S.Done)
      .mutation(async ({ ctx, input }) => {
        // A key proves nothing, and would only learn whether a guess is right.
        ownSession(ctx.actor);
        await withPassword(ctx, accounts, input.password, async () => {});
        return { done: true };
      }),
    sessions: own
      .meta(told("Your sessions"))
      .output(S.Sessions)
      .query(async ({ ctx }) => ({ items: await ownSessions(ctx, accounts) })),
    endSession: own
      .meta({ ...told("End one of your sessions"), whileClosed: true })
      .input(S.SessionId)
      .output(S.Done)
      .mutation(({ ctx, input }) => endSession(ctx, accounts, input.id)),
    endSessions: own
      .meta({ ...told("End all your sessions, or all but this one"), whileClosed: true })
      .input(S.EndSessions)
      .output(S.SignedOut)
      .mutation(({ ctx, input }) => endSessions(ctx, accounts, input)),
  });

const twoFactorRouter = (accounts: Accounts) =>
  router({
    begin: own
      .meta(browser)
      .input(S.GivenPassword)
      .output(S.TwoFactorSetup)
      .mutation(({ ctx, input }) => beginTwoFactor(ctx, accounts, input.password)),
    confirm: own
      .meta(browser)
      .input(S.TwoFactorCode)
      .output(S.Done)
      .mutation(({ ctx, input }) => confirmTwoFactor(ctx, accounts, input.code)),
    disable: own
      .meta(browser)
      .input(S.GivenPassword)
      .output(S.Done)
      .mutation(({ ctx, input }) => disableTwoFactor(ctx, accounts, input.password)),
    recoveryCodes: own
      .meta(browser)
      .input(S.GivenPassword)
      .output(S.RecoveryCodes)
      .mutation(({ ctx, input }) => newRecoveryCodes(ctx, accounts, input.password)),
  });

const apiKeysRouter = (accounts: Accounts) =>
  router({
    list: own
      .meta(told("Your API keys"))
      .output(S.ApiKeys)
      .query(async ({ ctx }) => ({ items: await apiKeysOf(ctx.db, ctx.actor.id) })),
    create: member
      .meta(browser)
      .input(S.CreateApiKey)
      .output(S.NewApiKey)
      .mutation(({ ctx, input }) => createApiKey(ctx, accounts, input)),
    end: own
      .meta(told("End one of your API keys"))
      .input(S.ApiKeyId)
      .output(S.Done)
      .mutation(({ ctx, input }) => endApiKey(ctx, accounts, input.id)),
  });

const findRoutes = {
  search: operator
    .meta(told("Find people by name, address, role or state"))
    .input(S.SearchUsers)
    .output(S.UserPage)
    .query(({ ctx, input }) => people.searchUsers(ctx.db, input)),
  counts: operator
    .meta(told("How many people each role has"))
    .output(S.UserCounts)
    .query(async ({ ctx }) => ({ items: await people.countUsers(ctx.db) })),
  sessions: operator
    .meta(told("A person's sessions"))
    .input(S.UserId)
    .output(S.Sessions)
    .query(async ({ ctx, input }) => ({ items: await sessionsOf(ctx.db, input.id) })),
  keys: operator
    .meta(told("A person's API keys"))
    .input(S.UserId)
    .output(S.ApiKeys)
    .query(async ({ ctx, input }) => ({ items: await apiKeysOf(ctx.db, input.id) })),
};

const usersRouter = (accounts: Accounts) =>
  router({
    ...findRoutes,
    endKey: operator
      .meta(told("End one of a person's API keys at once"))
      .input(S.KeyOfUser)
      .output(S.Done)
      .mutation(({ ctx, input }) =>
        people.changeEverywhere(ctx, accounts, (tx) => endKeyOf(tx, accounts, ctx.actor, input)),
      ),
    create: operator
      .meta(told("Make an account, of any role"))
      .input(S.CreateUser)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => {
        await inPersonLately(ctx.db, ctx.actor);
        return { user: await createUser(ctx, accounts, ctx.actor, input) };
      }),
    suspend: operator
      .meta(told("Shut a person out at once, with a reason"))
      .input(S.Suspend)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({
        user: await people.changeEverywhere(ctx, accounts, (tx) => people.suspend(tx, ctx.actor, input)),
      })),
    unsuspend: operator
      .meta(told("Let a suspended person in again"))
      .input(S.UserId)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => {
        await inPersonLately(ctx.db, ctx.actor);
        return {
          user: await people.changeEverywhere(ctx, accounts, (tx) =>
            people.unsuspend(tx, ctx.actor, input.id),
          ),
        };
      }),
    changeRole: operator
      .meta(told("Give a person another role; the last administrator keeps theirs"))
      .input(S.ChangeRole)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => {
        await inPersonLately(ctx.db, ctx.actor);
        return {
          user: await people.changeEverywhere(ctx, accounts, (tx) => people.changeRole(tx, ctx.actor, input)),
        };
      }),
    accredit: operator
      .meta(told("Let a CVA review, or no longer"))
      .input(S.Accredit)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => {
        await inPersonLately(ctx.db, ctx.actor);
        return {
          user: await people.changeEverywhere(ctx, accounts, (tx) => people.accredit(tx, ctx.actor, input)),
        };
      }),
    forceSignOut: operator
      .meta(told("End all sessions of a person at once"))
      .input(S.UserId)
      .output(S.SignedOut)
      .mutation(async ({ ctx, input }) => ({
        sessions: await people.changeEverywhere(ctx, accounts, (tx) =>
          people.forceSignOut(tx, ctx.actor, input.id),
        ),
      })),
  });

/** Sign-up, sign-in, one's own account, and the operator's console of people. */
export const accountsRouter = (accounts: Accounts) =>
  router({
    ...signInRoutes(accounts),
    ...profileRoutes,
    account: accountRouter(accounts),
    twoFactor: twoFactorRouter(accounts),
    apiKeys: apiKeysRouter(accounts),
    users: usersRouter(accounts),
  });
