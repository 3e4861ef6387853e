import { member, open, operator, rest, router, selfOrOperator } from "@evx/rpc";
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
      .input(S.Register)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({ user: await signing.signUp(ctx, input) })),
    signIn: open
      .input(S.Login)
      .output(S.UserAnswer)
      .mutation(async ({ ctx, input }) => ({ user: await signing.signIn(ctx, input) })),
    signOut: open.output(S.Done).mutation(async ({ ctx }) => signing.signOut(ctx)),
    me: open.output(S.Me).query(async ({ ctx }) => ({ user: await signing.me(ctx) })),

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
      sendVerification: own.output(S.Done).mutation(({ ctx }) => account.sendVerification(ctx)),
      verifyEmail: open
        .input(S.LetterToken)
        .output(S.EmailVerified)
        .mutation(({ ctx, input }) => account.verifyEmail(ctx, input.token)),
      requestPasswordReset: open
        .input(S.AskReset)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.requestPasswordReset(ctx, input.email)),
      resetPassword: open
        .input(S.ResetPassword)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.resetPassword(ctx, input.token, input.password)),
      changePassword: own
        .input(S.ChangePassword)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.changePassword(ctx, input)),
      changeEmail: own
        .input(S.ChangeEmail)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.changeEmail(ctx, input)),
      sessions: own.output(S.Sessions).query(async ({ ctx }) => ({ items: await account.sessions(ctx) })),
      endSession: own
        .input(S.SessionId)
        .output(S.Done)
        .mutation(({ ctx, input }) => account.endSession(ctx, input.id)),
      endSessions: own
        .input(S.EndSessions)
        .output(S.SignedOut)
        .mutation(({ ctx, input }) => account.endSessions(ctx, input)),
    }),

    twoFactor: router({
      begin: own
        .input(S.GivenPassword)
        .output(S.TwoFactorSetup)
        .mutation(({ ctx, input }) => twoFactor.begin(ctx, input.password)),
      confirm: own
        .input(S.TwoFactorCode)
        .output(S.Done)
        .mutation(({ ctx, input }) => twoFactor.confirm(ctx, input.code)),
      disable: own
        .input(S.GivenPassword)
        .output(S.Done)
        .mutation(({ ctx, input }) => twoFactor.disable(ctx, input.password)),
      recoveryCodes: own
        .input(S.GivenPassword)
        .output(S.RecoveryCodes)
        .mutation(({ ctx, input }) => twoFactor.recoveryCodes(ctx, input.password)),
    }),

    apiKeys: router({
      list: own.output(S.ApiKeys).query(async ({ ctx }) => ({ items: await apiKeys.list(ctx) })),
      create: member
        .input(S.CreateApiKey)
        .output(S.NewApiKey)
        .mutation(({ ctx, input }) => apiKeys.create(ctx, input)),
      end: own
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
        .input(S.KycQueue)
        .output(S.KycPage)
        .query(({ ctx, input }) => kyc.queue(ctx.db, input)),
      read: reviewer
        .input(S.KycFileId)
        .output(S.KycDetail)
        .query(({ ctx, input }) => kyc.read(ctx, input.id)),
      decide: reviewer
        .input(S.DecideKyc)
        .output(S.KycFile)
        .mutation(({ ctx, input }) => kyc.decide(ctx, input)),
      rotate: operator.output(S.Rotated).mutation(({ ctx }) => kyc.rotate(ctx)),
    }),

    audit: router({
      list: operator
        .input(S.AuditFilter)
        .output(S.AuditPage)
        .query(({ ctx, input }) => auditTrail(ctx.db, input)),
      mine: own
        .input(S.Page)
        .output(S.AuditPage)
        .query(({ ctx, input }) => auditTrail(ctx.db, { ...input, actorId: ctx.actor.id })),
      verify: operator
        .input(S.NotedHeads)
        .output(S.AuditVerdict)
        .query(async ({ ctx, input }) => auditVerdict(await verifyAudit(ctx.db, input.heads))),
    }),

    users: router({
      search: operator
        .input(S.SearchUsers)
        .output(S.UserPage)
        .query(({ ctx, input }) => searchUsers(ctx.db, input)),
      counts: operator.output(S.UserCounts).query(async ({ ctx }) => ({ items: await countUsers(ctx.db) })),
      create: operator
        .input(S.CreateUser)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({ user: await createUser(signing, ctx, ctx.actor, input) })),
      suspend: operator
        .input(S.Suspend)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(
            ctx.transact((tx) => suspend(tx, ctx.actor, input.id, input.reason, ctx.request.ip)),
          ),
        })),
      unsuspend: operator
        .input(S.UserId)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(ctx.transact((tx) => unsuspend(tx, ctx.actor, input.id, ctx.request.ip))),
        })),
      changeRole: operator
        .input(S.ChangeRole)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(
            ctx.transact((tx) => changeRole(tx, ctx.actor, input.id, input.role, ctx.request.ip)),
          ),
        })),
      accredit: operator
        .input(S.Accredit)
        .output(S.UserAnswer)
        .mutation(async ({ ctx, input }) => ({
          user: await settled(
            ctx.transact((tx) => accredit(tx, ctx.actor, input.id, input.accredited, ctx.request.ip)),
          ),
        })),
      sessions: operator
        .input(S.UserId)
        .output(S.Sessions)
        .query(async ({ ctx, input }) => ({ items: await sessionsOf(ctx.db, input.id) })),
      forceSignOut: operator
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
