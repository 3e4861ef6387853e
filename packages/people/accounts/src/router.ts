import { member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import { sessionsOf } from "./account.ts";
import { auditTrail, auditVerdict, verifyAudit } from "./audit.ts";
import type { Identity } from "./identity.ts";
import {
  accredit,
  changeRole,
  countUsers,
  createUser,
  forceSignOut,
  profileOf,
  searchUsers,
  suspend,
  unsuspend,
  updateProfile,
} from "./people.ts";
import { isReviewer, reviewer } from "./reviewer.ts";
import * as S from "./schema.ts";

/** What the router needs: identity as the process put it together. */
export type IdentityRouterPorts = { identity: Identity };

const registerMeta = rest("POST", "/users/register", { status: 201, summary: "Create an account" });
const loginMeta = rest("POST", "/users/login", { summary: "Sign in for access and refresh tokens" });
const refreshMeta = rest("POST", "/users/refresh", { summary: "Exchange a refresh token for new tokens" });
const profileMeta = rest("GET", "/users/profile", { summary: "Your own account" });
const updateMeta = rest("PUT", "/users/profile", { summary: "Change your name, phone or language" });
const userMeta = rest("GET", "/users/{id}", { summary: "An account: your own, or any for an administrator" });

const uploadMeta = rest("POST", "/account/kyc/documents", {
  status: 201,
  summary: "Send a picture of an identity document: JPEG, PNG, WebP or PDF up to 10 MB",
  body: "stream",
  maxBytes: 10_485_760,
});
const submitMeta = rest("POST", "/account/kyc", { status: 201, summary: "Hand in proof of your identity" });
const kycMeta = rest("GET", "/account/kyc", { summary: "Where your proof of identity stands" });
const documentMeta = rest("GET", "/account/kyc/documents/{id}", {
  summary: "A picture of a document: your own, or one that was handed in for a reviewer",
  file: true,
});

/** One's own account: open also to those who still have to set up their second factor. */
const own = member.meta({ beforeTwoFactor: true });

/** Works with the browser's cookie, which a script does not have: it uses `login` or an API key. */
const browser = { session: true } as const;

/** Sign-up, sign-in, profile, and the operator's console of people. */
export const identityRouter = ({ identity }: IdentityRouterPorts) => {
  const { signing, access, account, apiKeys, kyc, twoFactor } = identity;
  /** The answer waits until every server knows: when it says "suspended", nobody lets them in any more. */
  const settled = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await access.settle();
    return done;
  };

  return router({
    register: open
      .meta(registerMeta)
      .input(S.Register)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({ user: await signing.registerOnly(ctx, input) })),
    login: open
      .meta(loginMeta)
      .input(S.Login)
      .output(S.Tokens)
      .mutation(({ ctx, input }) => signing.login(ctx, input)),
    refresh: open
      .meta(refreshMeta)
      .input(S.Refresh)
      .output(S.Tokens)
      .mutation(({ ctx, input }) => signing.refresh(ctx, input.refreshToken)),
    signUp: open
      .meta(browser)
      .input(S.Register)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({ user: await signing.signUp(ctx, input) })),
    signIn: open
      .meta(browser)
      .input(S.Login)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({ user: await signing.signIn(ctx, input) })),
    signOut: open
      .meta(browser)
      .output(S.Done)
      .mutation(async ({ ctx }) => signing.signOut(ctx)),
    me: open
      .meta(told("Who you are here; null for nobody"))
      .output(S.Me)
      .query(async ({ ctx }) => ({ user: await signing.me(ctx) })),

    profile: own
      .meta(profileMeta)
      .output(S.UserAnswer)
      .query(async ({ ctx }) => ({ user: await profileOf(ctx.db, ctx.actor.id) })),
    updateProfile: own
      .meta(updateMeta)
      .input(S.UpdateProfile)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({
        user: await ctx.transact((tx) => updateProfile(tx, ctx.actor, input, ctx.request.ip)),
      })),
    user: member
      .meta(userMeta)
      .input(S.UserId)
      .output(S.UserAnswer)
      .query(async ({ ctx, input }) => {
        selfOrOperator(ctx.actor, input.id);
        return { user: await profileOf(ctx.db, input.id) };
      }),

    account: router({
      sendVerification: own
        .meta(told("Have the letter that verifies your address sent again"))
        .output(S.Done)
        .mutation(({ ctx }) => account.sendVerification(ctx)),
      verifyEmail: open
        .meta(told("Verify an address with the token of its letter"))
        .input(S.LetterToken)
        .output(S.EmailVerified)
        .mutation(({ ctx, input }) => account.verifyEmail(ctx, input.token)),
      requestPasswordReset: open
        .meta(told("Have a letter sent to choose a new password"))
        .input(S.AskReset)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.requestPasswordReset(ctx, input.email)),
      resetPassword: open
        .meta(told("Choose a new password with the token of the letter"))
        .input(S.ResetPassword)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.resetPassword(ctx, input.token, input.password)),
      changePassword: own
        .meta(browser)
        .input(S.ChangePassword)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.changePassword(ctx, input)),
      changeEmail: own
        .meta(browser)
        .input(S.ChangeEmail)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.changeEmail(ctx, input)),
      sessions: own
        .meta(told("Your sessions"))
        .output(S.Sessions)
        .query(async ({ ctx }) => ({ items: await account.sessions(ctx) })),
      endSession: own
        .meta(told("End one of your sessions"))
        .input(S.SessionId)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.endSession(ctx, input.id)),
      endSessions: own
        .meta(told("End all your sessions, or all but this one"))
        .input(S.EndSessions)
        .output(S.SignedOut)
        .mutation(({ ctx, input }) => account.endSessions(ctx, input)),
    }),

    twoFactor: router({
      begin: own
        .meta(browser)
        .input(S.GivenPassword)
        .output(S.TwoFactorSetup)
        .mutation(({ ctx, input }) => twoFactor.begin(ctx, input.password)),
      confirm: own
        .meta(browser)
        .input(S.TwoFactorCode)
        .output(S.Done)
        .mutation(({ ctx, input }) => twoFactor.confirm(ctx, input.code)),
      disable: own
        .meta(browser)
        .input(S.GivenPassword)
        .output(S.Done)
        .mutation(({ ctx, input }) => twoFactor.disable(ctx, input.password)),
      recoveryCodes: own
        .meta(browser)
        .input(S.GivenPassword)
        .output(S.RecoveryCodes)
        .mutation(({ ctx, input }) => twoFactor.recoveryCodes(ctx, input.password)),
    }),

    apiKeys: router({
      list: own
        .meta(told("Your API keys"))
        .output(S.ApiKeys)
        .query(async ({ ctx }) => ({ items: await apiKeys.list(ctx) })),
      create: member
        .meta(browser)
        .input(S.CreateApiKey)
        .output(S.NewApiKey)
        .mutation(({ ctx, input }) => apiKeys.create(ctx, input)),
      end: own
        .meta(told("End one of your API keys"))
        .input(S.ApiKeyId)
        .output(S.Done)
        .mutation(({ ctx, input }) => apiKeys.end(ctx, input.id)),
    }),

    kyc: router({
      upload: own
        .meta(uploadMeta)
        .input(S.UploadDocument)
        .output(S.DocumentAnswer)
        .mutation(({ ctx, input }) => kyc.upload(ctx, input.content)),
      submit: own
        .meta(submitMeta)
        .input(S.SubmitKyc)
        .output(S.OwnKyc)
        .mutation(({ ctx, input }) => kyc.submit(ctx, input)),
      mine: own
        .meta(kycMeta)
        .output(S.OwnKyc)
        .query(({ ctx }) => kyc.mine(ctx)),
      document: member
        .meta(documentMeta)
        .input(S.DocumentId)
        .query(({ ctx, input }) => kyc.download(ctx, input.id, { reviewer: isReviewer(ctx.actor) })),
      queue: reviewer
        .meta(told("Proofs of identity, those that wait longest first"))
        .input(S.KycQueue)
        .output(S.KycPage)
        .query(({ ctx, input }) => kyc.queue(ctx.db, input)),
      read: reviewer
        .meta(told("A proof of identity; the reading is noted"))
        .input(S.KycFileId)
        .output(S.KycDetail)
        .query(({ ctx, input }) => kyc.read(ctx, input.id)),
      decide: reviewer
        .meta(told("Accept or reject a proof of identity, with a reason"))
        .input(S.DecideKyc)
        .output(S.KycFile)
        .mutation(({ ctx, input }) => kyc.decide(ctx, input)),
      rotate: operator
        .meta(told("Encrypt documents that lie under older keys with the present one"))
        .output(S.Rotated)
        .mutation(({ ctx }) => kyc.rotate(ctx)),
    }),

    audit: router({
      list: operator
        .meta(told("The audit trail, newest first: by actor, object or action"))
        .input(S.AuditFilter)
        .output(S.AuditPage)
        .query(({ ctx, input }) => auditTrail(ctx.db, input)),
      mine: own
        .meta(told("What you did, newest first"))
        .input(S.Page)
        .output(S.AuditPage)
        .query(({ ctx, input }) => auditTrail(ctx.db, { ...input, actorId: ctx.actor.id })),
      verify: operator
        .meta(told("Recompute the whole audit trail"))
        .input(S.NotedHeads)
        .output(S.AuditVerdict)
        .query(async ({ ctx, input }) => auditVerdict(await verifyAudit(ctx.db, input.heads))),
    }),

    users: router({
      search: operator
        .meta(told("Find people by name, address, role or state"))
        .input(S.SearchUsers)
        .output(S.UserPage)
        .query(({ ctx, input }) => searchUsers(ctx.db, input)),
      counts: operator
        .meta(told("How many people each role has"))
        .output(S.UserCounts)
        .query(async ({ ctx }) => ({ items: await countUsers(ctx.db) })),
      create: operator
        .meta(told("Make an account, of any role"))
        .input(S.CreateUser)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({ user: await createUser(signing, ctx, ctx.actor, input) })),
      suspend: operator
        .meta(told("Shut a person out at once, with a reason"))
        .input(S.Suspend)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(
            ctx.transact((tx) => suspend(tx, ctx.actor, input.id, input.reason, ctx.request.ip)),
          ),
        })),
      unsuspend: operator
        .meta(told("Let a suspended person in again"))
        .input(S.UserId)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(ctx.transact((tx) => unsuspend(tx, ctx.actor, input.id, ctx.request.ip))),
        })),
      changeRole: operator
        .meta(told("Give a person another role; the last administrator keeps theirs"))
        .input(S.ChangeRole)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(
            ctx.transact((tx) => changeRole(tx, ctx.actor, input.id, input.role, ctx.request.ip)),
          ),
        })),
      accredit: operator
        .meta(told("Let a CVA review, or no longer"))
        .input(S.Accredit)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(
            ctx.transact((tx) => accredit(tx, ctx.actor, input.id, input.accredited, ctx.request.ip)),
          ),
        })),
      sessions: operator
        .meta(told("A person's sessions"))
        .input(S.UserId)
        .output(S.Sessions)
        .query(async ({ ctx, input }) => ({ items: await sessionsOf(ctx.db, input.id) })),
      forceSignOut: operator
        .meta(told("End all sessions of a person at once"))
        .input(S.UserId)
        .output(S.SignedOut)
        .mutation(async ({ ctx, input }) => ({
          sessions: await settled(
            ctx.transact((tx) => forceSignOut(tx, ctx.actor, input.id, ctx.request.ip)),
          ),
        })),
    }),
  });
};
