// Made from the migrations by "bun run generate". Do not edit.
import type { Id } from "@evx/kernel";
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** What a json or jsonb column takes: an object, or JSON text (`json(value)`) for anything else. */
export type JsonInput = string | { readonly [key: string]: unknown };

export interface CreditsBatch {
  id: Id<"batch">;
  number: GeneratedAlways<bigint>;
  request_id: Id<"request">;
  transfer_id: Id<"transfer">;
  owner_id: Id<"user">;
  cva_id: Id<"user">;
  vintage_year: number;
  country_code: string;
  method_code: string;
  factor_set: string;
  quality_tier: "connected" | "export" | "manual";
  vehicle_class: string;
  trip_count: number;
  first_trip_at: Date;
  last_trip_at: Date;
  grams_g: bigint;
  buffer_g: bigint;
  issued_at: Date;
  vintage_from: string | null;
  vintage_to: string | null;
}

export interface CreditsCancellation {
  transfer_id: Id<"transfer">;
  batch_id: Id<"batch">;
  holder_id: Id<"user"> | null;
  grams_g: bigint;
  reason: string;
  cancelled_at: Date;
}

export interface CreditsReplacement {
  transfer_id: Id<"transfer">;
  batch_id: Id<"batch">;
  operator_id: Id<"user">;
  grams_g: bigint;
  note: string;
  made_at: Date;
}

export interface CreditsRetirement {
  id: Id<"retirement">;
  transfer_id: Id<"transfer">;
  holder_id: Id<"user">;
  grams_g: bigint;
  beneficiary_name: string;
  beneficiary_country: string | null;
  period_from: string | null;
  period_to: string | null;
  reason: "corporate_inventory" | "event" | "product" | "travel" | "personal" | "compliance" | "other";
  message: string | null;
  words: string;
  retired_at: Date;
  beneficiary_lei: string | null;
}

export interface CreditsRevokedBatch {
  batch_id: Id<"batch">;
  owed_g: bigint;
  reason: string;
  revoked_at: Date;
}

export interface CreditsSerialLife {
  batch_serial: string | null;
  batch_number: bigint | null;
  first_gram: bigint | null;
  last_gram: bigint | null;
  at: Date | null;
  kind: string | null;
  from_account: string | null;
  to_account: string | null;
  transfer: string | null;
}

export interface IdentityAccount {
  id: Id<"credential">;
  user_id: Id<"user">;
  provider_id: string;
  account_id: string;
  password: string | null;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Date | null;
  refresh_token_expires_at: Date | null;
  scope: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface IdentityApiKey {
  id: Id<"apikey">;
  config_id: Generated<string>;
  reference_id: Id<"user">;
  name: string | null;
  start: string | null;
  prefix: string | null;
  key: string;
  enabled: Generated<boolean>;
  permissions: string | null;
  metadata: string | null;
  refill_interval: number | null;
  refill_amount: number | null;
  last_refill_at: Date | null;
  rate_limit_enabled: Generated<boolean>;
  rate_limit_time_window: number | null;
  rate_limit_max: number | null;
  request_count: Generated<number>;
  remaining: number | null;
  last_request: Date | null;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface IdentityAudit {
  chain: number;
  seq: bigint;
  id: Id<"audit">;
  at: Date;
  actor_id: Id<"user"> | null;
  actor_role: string | null;
  action: string;
  object: string;
  before: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  after: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  origin: string | null;
  cause: string;
  prev: Buffer;
  hash: Buffer;
}

export interface IdentityDevice {
  digest: Buffer;
  user_id: Id<"user">;
  seen_at: Date;
}

export interface IdentityDocument {
  id: Id<"document">;
  user_id: Id<"user">;
  file_id: Id<"kycFile"> | null;
  content_type: "image/jpeg" | "image/png" | "image/webp" | "application/pdf";
  size: number;
  sealed: Buffer;
  key_id: string;
  created_at: Date;
}

export interface IdentityKnownPlace {
  user_id: string;
  network: string;
  seen_at: Date;
}

export interface IdentityKycFile {
  id: Id<"kycFile">;
  user_id: Id<"user">;
  status: Generated<"submitted" | "verified" | "rejected">;
  country_code: string;
  document_type: "passport" | "national_id" | "driving_licence" | "residence_permit" | "company_registration";
  sealed: Buffer;
  key_id: string;
  digest: Buffer;
  submitted_at: Date;
  decided_at: Date | null;
  decided_by: Id<"user"> | null;
  reason: string | null;
}

export interface IdentityLogLine {
  id: GeneratedAlways<bigint>;
  at: Date;
  level: "warn" | "error";
  service: string;
  message: string;
  request_id: string | null;
  user_id: string | null;
  about: ColumnType<unknown, JsonInput | undefined, JsonInput>;
}

export interface IdentityRateLimit {
  key: string;
  points: bigint;
  ends_at: Date;
}

export interface IdentityRefreshToken {
  id: Id<"token">;
  session_id: Id<"session">;
  hash: Buffer;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

export interface IdentityRevocation {
  subject_id: string;
  xid: Generated<bigint>;
  at: Generated<Date>;
  id: GeneratedAlways<bigint>;
}

export interface IdentitySession {
  id: Id<"session">;
  user_id: Id<"user">;
  token: string;
  kind: Generated<"web" | "api">;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  updated_at: Date;
  expires_at: Date;
  proven_at: Date | null;
}

export interface IdentitySigningKey {
  id: Id<"signingKey">;
  public_key: string;
  private_key: string;
  alg: string | null;
  crv: string | null;
  created_at: Date;
  expires_at: Date | null;
}

export interface IdentityTwoFactor {
  id: string;
  user_id: Id<"user">;
  secret: string;
  backup_codes: string;
  verified: Generated<boolean>;
  failed_verification_count: Generated<number>;
  locked_until: Date | null;
}

export interface IdentityUser {
  id: Id<"user">;
  email: string;
  email_verified: Generated<boolean>;
  full_name: string;
  image: string | null;
  phone: string | null;
  locale: Generated<"en" | "vi">;
  role: "ev_owner" | "buyer" | "cva" | "admin";
  accredited: Generated<boolean>;
  kyc_status: Generated<"none" | "submitted" | "verified" | "rejected">;
  two_factor_enabled: Generated<boolean>;
  suspended_at: Date | null;
  suspension_reason: string | null;
  created_at: Date;
  updated_at: Date;
  access_xid: Generated<bigint>;
  access_at: Generated<Date>;
  links_from: Generated<Date>;
  pseudonym: Generated<string>;
  public_kind: Generated<"pseudonym" | "name" | "company">;
  public_name: string | null;
  lei: string | null;
}

export interface IdentityVerification {
  id: string;
  identifier: string;
  value: string;
  created_at: Date;
  updated_at: Date;
  expires_at: Date;
}

export interface JobsBeat {
  worker: string;
  at: Date;
}

export interface JobsHealthDay {
  day: string;
  first_at: Date;
  last_at: Date;
  seen_min: number;
  wrong_min: number;
}

export interface JobsListener {
  event: string;
  queue: string;
  at: Date;
}

export interface JobsOutbox {
  id: GeneratedAlways<bigint>;
  kind: "event" | "job";
  name: string;
  payload: ColumnType<unknown, JsonInput, JsonInput>;
  run_at: Date | null;
  key: string | null;
  cause: string;
  at: Date;
}

export interface LedgerAccount {
  id: string;
  asset: string;
  kind: string;
  holder: Id<"user"> | null;
  balance: Generated<bigint>;
  held: Generated<bigint>;
  min_balance: bigint | null;
  version: Generated<bigint>;
  opened_at: Date;
  filled: GeneratedAlways<boolean>;
}

export interface LedgerAccountKind {
  kind: string;
  asset_class: "credits" | "money";
  owner: "user" | "listing" | "shard" | "gateway" | "venue";
  min_balance: bigint | null;
}

export interface LedgerBalances {
  account: string | null;
  holder: string | null;
  kind: string | null;
  asset: string | null;
  balance: bigint | null;
  held: bigint | null;
  available: bigint | null;
  postings: bigint | null;
}

export interface LedgerBlock {
  batch_id: Id<"batch">;
  lo: bigint;
  hi: bigint | null;
  account_id: string | null;
  seq: bigint | null;
}

export interface LedgerBlockMove {
  transfer_id: Id<"transfer">;
  batch_id: Id<"batch">;
  lo: bigint;
  hi: bigint;
  from_id: string;
  from_seq: bigint | null;
  to_id: string;
}

export interface LedgerEntry {
  account_id: string;
  version: bigint;
  transfer_id: Id<"transfer">;
  leg: number;
  amount: bigint;
  before: bigint;
  after: bigint;
  holder: Id<"user"> | null;
  at: Date;
}

export interface LedgerHold {
  id: string;
  account_id: string;
  amount: bigint;
  memo: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  at: Date;
}

export interface LedgerHoldEnd {
  hold_id: string;
  outcome: "posted" | "voided";
  transfer_id: Id<"transfer"> | null;
  at: Date;
}

export interface LedgerLegs {
  transfer: string | null;
  kind: string | null;
  at: Date | null;
  leg: number | null;
  account: string | null;
  amount: bigint | null;
  before: bigint | null;
  after: bigint | null;
  version: bigint | null;
  runs: string | null;
  memo: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
}

export interface LedgerTransfer {
  id: Id<"transfer">;
  kind: "issue" | "transfer" | "list" | "unlist" | "sale" | "capture" | "refund" | "payout" | "payout_failed" | "retire" | "cancel" | "buffer" | "cva_fee" | "gateway_fee" | "chargeback" | "correction" | "take_back" | "set_off" | "write_off" | "deposit_kept" | "dispute_fee";
  digest: Buffer;
  memo: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  at: Date;
  xid: Generated<string>;
}

export interface LogCheckpoint {
  size: bigint;
  root: Buffer;
  note: string;
  at: Date;
}

export interface LogCosignature {
  size: bigint;
  name: string;
  line: string;
  at: Date;
}

export interface LogEntry {
  place: bigint;
  kind: string;
  subject: string;
  body: Buffer;
  at: Date;
}

export interface LogPending {
  id: GeneratedAlways<bigint>;
  kind: string;
  subject: string;
  body: Buffer;
  at: Date;
}

export interface LogTile {
  level: number;
  n: bigint;
  hashes: Buffer;
}

export interface MarketplaceAuction {
  listing_id: Id<"listing">;
  seller_id: Id<"user">;
  currency: string;
  status: "live" | "closed_sold" | "closed_unsold" | "cancelled";
  start_minor: bigint;
  reserve_minor: bigint | null;
  reserve_salt: string;
  mask_secret: string;
  step_bps: number;
  step_minor: bigint;
  window_s: number;
  first_ends_at: Date;
  ends_at: Date;
  leader_id: Id<"user"> | null;
  leader_mask: string | null;
  leader_max_minor: bigint | null;
  second_max_minor: bigint | null;
  price_minor: bigint | null;
  seq: Generated<bigint>;
  head: Buffer;
  closed_at: Date | null;
  starts_at: Date | null;
  buy_now_minor: bigint | null;
  band_from: bigint[] | null;
  band_step: bigint[] | null;
  deposit_minor: bigint | null;
}

export interface MarketplaceAuctionExtension {
  listing_id: Id<"listing">;
  after_seq: bigint;
  ends_at: Date;
  at: Date;
}

export interface MarketplaceAutoSale {
  owner_id: Id<"user">;
  currency: string;
  floor_minor: bigint | null;
  set_at: Date;
}

export interface MarketplaceBid {
  listing_id: Id<"listing">;
  seq: bigint;
  id: Id<"bid">;
  bidder_id: Id<"user">;
  mask: string;
  max_minor: bigint;
  salt: string;
  max_hash: Buffer;
  price_minor: bigint;
  leader_mask: string;
  leads: boolean;
  ends_at: Date;
  at: Date;
  prev: Buffer;
  hash: Buffer;
}

export interface MarketplaceBidPause {
  user_id: Id<"user">;
  until: Date;
}

export interface MarketplaceDeposit {
  listing_id: Id<"listing">;
  bidder_id: Id<"user">;
  amount_minor: bigint;
  currency: string;
  at: Date;
  ended_at: Date | null;
  outcome: "returned" | "kept" | null;
}

export interface MarketplaceDispute {
  id: Id<"dispute">;
  order_id: Id<"order">;
  payment_id: Id<"payment">;
  buyer_id: Id<"user">;
  currency: string;
  status: "open" | "resolved";
  reason: string;
  outcome: "refund" | "partial_refund" | "release" | null;
  amount_minor: bigint | null;
  opened_at: Date;
  resolved_at: Date | null;
  resolved_by: Id<"user"> | null;
}

export interface MarketplaceDisputeFile {
  id: Id<"evidence">;
  dispute_id: Id<"dispute">;
  author_id: Id<"user">;
  side: "buyer" | "seller" | "operator";
  name: string;
  content_type: "image/jpeg" | "image/png" | "image/webp" | "application/pdf";
  content: Buffer;
  at: Date;
}

export interface MarketplaceDisputeMessage {
  dispute_id: Id<"dispute">;
  seq: number;
  author_id: Id<"user">;
  side: "buyer" | "seller" | "operator";
  message: string;
  at: Date;
}

export interface MarketplaceFacet {
  currency: string;
  facet: "country" | "vintage" | "method" | "type" | "quality" | "price";
  value: string;
  listings: bigint;
}

export interface MarketplaceFormerPrice {
  listing_id: Id<"listing">;
  at: Date;
  price_minor: bigint;
}

export interface MarketplaceListing {
  id: Id<"listing">;
  seller_id: Id<"user">;
  kind: "fixed" | "auction";
  status: "active" | "sold" | "cancelled" | "expired";
  amount_g: bigint;
  remaining_g: bigint;
  sold_g: Generated<bigint>;
  returned_g: Generated<bigint>;
  price_minor: bigint;
  currency: string;
  vintage_year: number;
  country_code: string;
  method_code: string;
  mixed: boolean;
  words: string;
  ends_at: Date | null;
  created_at: Date;
  ended_at: Date | null;
  open: GeneratedAlways<boolean>;
  min_g: bigint | null;
  expires_at: Date | null;
  starts_at: Date | null;
}

export interface MarketplaceOrder {
  id: Id<"order">;
  kind: "purchase" | "auction_win" | "second_chance";
  listing_id: Id<"listing">;
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  status: "pending_payment" | "paid" | "completed" | "cancelled" | "expired" | "refunded" | "disputed";
  amount_g: bigint;
  price_minor: bigint;
  currency: string;
  total_minor: bigint;
  platform_fee_minor: bigint;
  cva_fee_minor: bigint;
  net_minor: bigint;
  fees_version: number;
  payment_id: Id<"payment">;
  transfer_id: Id<"transfer">;
  leg_accounts: string[];
  leg_amounts: bigint[];
  created_at: Date;
  expires_at: Date;
  paid_at: Date | null;
  ended_at: Date | null;
  sweep_id: Id<"order"> | null;
}

export interface MarketplacePresence {
  server: string;
  listing_id: string;
  people: number;
  seen_at: Date;
}

export interface MarketplaceQuote {
  id: Id<"quote">;
  currency: string;
  amount_g: bigint;
  max_minor: bigint | null;
  vintage_from: number | null;
  country_code: string | null;
  method_code: string | null;
  quality_tier: string | null;
  lines: ColumnType<unknown, JsonInput, JsonInput>;
  total_minor: bigint;
  created_at: Date;
  expires_at: Date;
  order_id: Id<"order"> | null;
}

export interface MarketplaceSavedSearch {
  id: Id<"search">;
  user_id: Id<"user">;
  name: string;
  filter: ColumnType<unknown, JsonInput, JsonInput>;
  alerts: boolean;
  created_at: Date;
  told_until: Date;
}

export interface MarketplaceSelfDealing {
  order_id: Id<"order">;
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  marks: string[];
  found_at: Date;
  cleared_at: Date | null;
  cleared_by: Id<"user"> | null;
  note: string | null;
}

export interface MarketplaceStrike {
  order_id: Id<"order">;
  user_id: Id<"user">;
  at: Date;
}

export interface MarketplaceSweep {
  id: Id<"order">;
  quote_id: Id<"quote">;
  buyer_id: Id<"user">;
  status: "pending_payment" | "paid" | "completed" | "cancelled" | "expired" | "refunded" | "disputed";
  amount_g: bigint;
  currency: string;
  total_minor: bigint;
  max_minor: bigint;
  vintage_from: number | null;
  country_code: string | null;
  method_code: string | null;
  quality_tier: string | null;
  payment_id: Id<"payment">;
  transfer_id: Id<"transfer">;
  escrow_account: string;
  change_account: string;
  retirement: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  created_at: Date;
  expires_at: Date;
  paid_at: Date | null;
  ended_at: Date | null;
}

export interface MarketplaceWanted {
  id: Id<"wanted">;
  buyer_id: Id<"user">;
  status: "open" | "filled" | "cancelled" | "expired";
  amount_g: bigint;
  remaining_g: bigint;
  max_minor: bigint;
  currency: string;
  vintage_from: number | null;
  country_code: string | null;
  method_code: string | null;
  quality_tier: string | null;
  created_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  funded: Generated<boolean>;
  hold_id: string | null;
  held_minor: Generated<bigint>;
}

export interface MarketplaceWantedFill {
  order_id: Id<"order">;
  wanted_id: Id<"wanted">;
  amount_g: bigint;
  at: Date;
  lost_at: Date | null;
}

export interface MarketplaceWatch {
  user_id: Id<"user">;
  listing_id: Id<"listing">;
  at: Date;
  told_at: Date | null;
}

export interface NotificationsBounced {
  email: string;
  kind: "bounced" | "complained";
  reason: string;
  at: Date;
}

export interface NotificationsDevice {
  id: string;
  user_id: Id<"user">;
  endpoint: string;
  p256dh: string;
  auth: string;
  label: string;
  created_at: Date;
  session_id: Id<"session"> | null;
}

export interface NotificationsManner {
  user_id: Id<"user">;
  zone: Generated<string>;
  quiet_from: number | null;
  quiet_to: number | null;
  digest: Generated<"off" | "daily" | "weekly">;
  leave_token: string;
  changed_at: Date;
}

export interface NotificationsNotification {
  id: Id<"notification">;
  user_id: Id<"user">;
  channel: "in_app" | "email" | "sms" | "push";
  template: string | null;
  details: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  subject: string | null;
  message: string | null;
  link: string | null;
  status: "unread" | "read" | "queued" | "sent" | "failed";
  reason: string | null;
  read_at: Date | null;
  created_at: Date;
  source: string;
  not_before: Date | null;
  digest: Generated<boolean>;
  digest_id: Id<"notification"> | null;
  tried_at: Date | null;
}

export interface NotificationsPhone {
  user_id: Id<"user">;
  number: string;
  code_digest: string | null;
  code_until: Date | null;
  tries: Generated<number>;
  asked: Generated<number>;
  asked_at: Date;
  confirmed_at: Date | null;
}

export interface NotificationsPreference {
  user_id: Id<"user">;
  topic: string;
  email: boolean;
  changed_at: Date;
  push: Generated<boolean>;
  sms: Generated<boolean>;
}

export interface NotificationsToldUntil {
  kind: "sale" | "identity" | "certificate";
  at: Date;
  id: string;
}

export interface PaymentsAttempt {
  payment_id: Id<"payment">;
  number: number;
  gateway: "stripe" | "paypal" | "vnpay" | "balance";
  status: "opening" | "open" | "paid" | "surplus" | "mismatch" | "closed";
  ref: string | null;
  redirect_url: string | null;
  charge_ref: string | null;
  locale: string;
  expires_at: Date;
  opened_at: Date;
  looked_at: Date;
  received_minor: bigint | null;
  received_currency: string | null;
  charged_minor: bigint | null;
  charged_currency: string | null;
  charged_rate: string | null;
  fee_minor: bigint | null;
  payer_digest: string | null;
  look_again_at: Date | null;
}

export interface PaymentsDifference {
  id: Id<"difference">;
  gateway: string;
  day: string;
  kind: "missing_here" | "missing_there" | "amount" | "fee";
  what: "payment" | "refund" | "dispute" | "payout" | "fee" | "other";
  ref: string | null;
  payment_id: Id<"payment"> | null;
  currency: string;
  here_minor: bigint | null;
  there_minor: bigint | null;
  found_at: Date;
  gone_at: Date | null;
  resolved_at: Date | null;
  resolved_by: Id<"user"> | null;
  note: string | null;
}

export interface PaymentsDispute {
  payment_id: Id<"payment">;
  status: "open" | "won" | "lost";
  amount_minor: bigint;
  opened_at: Date;
  decided_at: Date | null;
  losses: Generated<number>;
  shares: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  fee_minor: Generated<bigint>;
  answered_at: Date | null;
}

export interface PaymentsInvoice {
  number: string;
  kind: "invoice" | "credit_note";
  series: string;
  year: number;
  sequence: number;
  source: string;
  payment_id: Id<"payment">;
  order_id: Id<"order">;
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  buyer_name: string;
  seller_name: string;
  issuer: ColumnType<unknown, JsonInput, JsonInput>;
  refers_to: string | null;
  description: string;
  currency: string;
  total_minor: bigint;
  net_minor: bigint;
  taxes: ColumnType<unknown, JsonInput, JsonInput>;
  reason: string | null;
  issued_at: Date;
}

export interface PaymentsInvoiceCounter {
  series: string;
  year: number;
  last: number;
}

export interface PaymentsMovement {
  gateway: "stripe" | "paypal" | "vnpay";
  id: string;
  day: string;
  kind: "payment" | "refund" | "dispute" | "payout" | "fee" | "other";
  ref: string | null;
  payment_id: Id<"payment"> | null;
  at: Date;
  currency: string;
  gross_minor: bigint;
  fee_minor: bigint;
  net_minor: bigint;
}

export interface PaymentsPayment {
  id: Id<"payment">;
  order_id: Id<"order">;
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  amount_minor: bigint;
  currency: string;
  description: string;
  status: Generated<"created" | "authorized" | "captured" | "partially_refunded" | "refunded" | "failed" | "expired" | "disputed">;
  method: "stripe" | "paypal" | "vnpay" | "balance" | null;
  attempt: number | null;
  captured_at: Date | null;
  settled_at: Date | null;
  refunding_at: Date | null;
  refunded_minor: Generated<bigint>;
  failure: string | null;
  flag: "amount_mismatch" | "refund_failed" | "refunded_outside" | "dispute_lost" | null;
  expires_at: Date;
  created_at: Date;
  changed_at: Date;
  charged_back_at: Date | null;
  sale_id: Id<"transfer"> | null;
}

export interface PaymentsPayoutPlan {
  user_id: Id<"user">;
  every: "week" | "month";
  currency: string;
  minimum_minor: bigint;
  gateway: "stripe" | "paypal" | "vnpay";
  country_code: string;
  bank_masked: string;
  bank_sealed: string;
  bank_digest: string;
  accepted_from: string;
  changed_at: Date;
  ran_for: Date | null;
}

export interface PaymentsRecipient {
  user_id: Id<"user">;
  gateway: "stripe" | "paypal" | "vnpay";
  ref: string | null;
  country_code: string;
  accepted_at: Date;
  accepted_from: string;
}

export interface PaymentsReconciledDay {
  gateway: "stripe" | "paypal" | "vnpay";
  day: string;
  from_at: Date;
  to_at: Date;
  listed: boolean;
  ran_at: Date;
}

export interface PaymentsRefund {
  id: Id<"refund">;
  payment_id: Id<"payment">;
  attempt: number;
  amount_minor: bigint;
  reason: string;
  status: "requested" | "sent" | "succeeded" | "failed";
  ref: string | null;
  failure: string | null;
  requested_at: Date;
  looked_at: Date;
  settled_at: Date | null;
  hold_id: string | null;
  hold_freed_at: Date | null;
  charged_minor: bigint | null;
  shares: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  returned_at: Date | null;
}

export interface PaymentsWebhookEvent {
  gateway: "stripe" | "paypal" | "vnpay";
  id: string;
  type: string;
  subject: ColumnType<unknown, JsonInput, JsonInput>;
  raw_body: string;
  happened_at: Date;
  received_at: Date;
  processed_at: Date | null;
  outcome: string | null;
  tries: Generated<number>;
  parked_at: Date | null;
  problem: string | null;
}

export interface PaymentsWithdrawal {
  id: Id<"withdrawal">;
  user_id: Id<"user">;
  amount_minor: bigint;
  currency: string;
  status: "requested" | "approved" | "sent" | "completed" | "failed";
  gateway: "stripe" | "paypal" | "vnpay";
  bank_masked: string;
  bank_sealed: string;
  bank_digest: string;
  payout_ref: string | null;
  failure: string | null;
  requested_at: Date;
  decided_at: Date | null;
  decided_by: Id<"user"> | null;
  sending_at: Date | null;
  looked_at: Date;
  settled_at: Date | null;
  flag: string | null;
  fee_minor: bigint | null;
}

export interface PricingModelRun {
  currency: string;
  version: number;
  status: "serving" | "replaced" | "kept_back" | "insufficient_data";
  reason: "not_a_number" | "worse" | "fewer_sales" | null;
  started_at: Date;
  ended_at: Date;
  took_ms: number;
  first_sale_at: Date | null;
  last_sale_at: Date | null;
  last_order_id: Id<"order"> | null;
  trades: number;
  traders: number;
  features: ColumnType<unknown, JsonInput, JsonInput>;
  parameters: ColumnType<unknown, JsonInput, JsonInput>;
  metrics: ColumnType<unknown, JsonInput, JsonInput>;
  rung: "last_price" | "comparables" | "nearest" | "hedonic" | "indicative" | null;
  model: string | null;
}

export interface PricingTrade {
  order_id: Id<"order">;
  grams: bigint;
  price_minor: bigint;
  currency: string;
  vintage: number;
  country: string;
  method: string;
  listing_type: "fixed" | "auction";
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  at: Date;
}

export interface PublicAppliedFunction {
  name: string;
  checksum: string;
  applied_at: Generated<Date>;
}

export interface PublicMigration {
  name: string;
  checksum: string;
  applied_at: Generated<Date>;
}

export interface ReportsCounted {
  source: string;
  at: Date;
}

export interface ReportsExport {
  id: Id<"export">;
  user_id: Id<"user">;
  asked: ColumnType<unknown, JsonInput, JsonInput>;
  format: "csv" | "xlsx" | "pdf";
  status: "queued" | "running" | "done" | "failed";
  run: string | null;
  rows_done: Generated<bigint>;
  rows_total: bigint | null;
  bytes: Generated<bigint>;
  failure: string | null;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date;
}

export interface ReportsExportPart {
  export_id: Id<"export">;
  run: string;
  seq: number;
  content: Buffer;
}

export interface ReportsPersonalMonth {
  user_id: string;
  month: string;
  metric: string;
  amount: bigint;
}

export interface ReportsPlatformMonth {
  month: string;
  metric: string;
  amount: bigint;
}

export interface ReportsQuarterSum {
  subject: string;
  at: Date;
  metric: string;
  amount: bigint;
}

export interface RpcIdempotency {
  scope: string;
  key: string;
  digest: string;
  status: number | null;
  answer: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  at: Date;
}

export interface RulesRule {
  name: string;
  version: number;
  value: ColumnType<unknown, JsonInput, JsonInput>;
  reason: string;
  set_by: string | null;
  effective_at: Date;
  calls_off: number | null;
}

export interface VehiclesCar {
  car_id: GeneratedAlways<bigint>;
  vin_hash: string;
  created_at: Date;
}

export interface VehiclesClaim {
  car_id: bigint;
  month: string;
  request_id: Id<"request">;
  during: string;
}

export interface VehiclesClaimBasis {
  request_id: Id<"request">;
  car_id: bigint;
  vehicle_id: Id<"vehicle">;
  owner_id: Id<"user">;
  country_code: string;
  factors: ColumnType<unknown, JsonInput, JsonInput>;
  claimed_at: Date;
  zone: string | null;
  trace_rank: number | null;
  thread_rank: number | null;
}

export interface VehiclesConnection {
  id: Id<"connection">;
  vehicle_id: Id<"vehicle">;
  provider: string;
  provider_car_id: string;
  sealed_grant: string;
  state: "active" | "waiting" | "lost" | "ended";
  failures: Generated<number>;
  last_error: string | null;
  next_poll_at: Date;
  polled_at: Date | null;
  read_at: Date | null;
  odometer_m: number | null;
  charge_bp: number | null;
  lat_e6: number | null;
  lon_e6: number | null;
  created_at: Date;
}

export interface VehiclesDayTotal {
  car_id: bigint;
  vehicle_id: Id<"vehicle">;
  day: string;
  trips: number;
  distance_m: bigint;
  energy_wh: bigint;
  co2_g: bigint;
}

export interface VehiclesDriver {
  id: Id<"driver">;
  vehicle_id: Id<"vehicle">;
  owner_id: Id<"user">;
  email: string;
  secret_hash: string;
  invited_at: Date;
  expires_at: Date;
  user_id: Id<"user"> | null;
  joined_at: Date | null;
  ended_at: Date | null;
  ended_by: "owner" | "driver" | null;
}

export interface VehiclesFleetImport {
  id: Id<"fleetImport">;
  owner_id: Id<"user">;
  file_name: string | null;
  rows_read: Generated<bigint>;
  unmatched: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  refused: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  created_at: Date;
  header_key: string | null;
  choices: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
}

export interface VehiclesGridFactor {
  country_code: string;
  year: number;
  version: number;
  grid_mg_per_kwh: number;
  source: string;
  set_by: Id<"user">;
  set_at: Date;
}

export interface VehiclesImport {
  id: Id<"import">;
  vehicle_id: Id<"vehicle">;
  car_id: bigint;
  owner_id: Id<"user">;
  status: "receiving" | "queued" | "running" | "done" | "failed" | "cancelled" | "undone";
  via: "upload" | "push" | "connection";
  format: string | null;
  file_name: string | null;
  bytes: Generated<bigint>;
  rows_read: Generated<bigint>;
  rows_total: bigint | null;
  imported: Generated<number>;
  duplicates: Generated<number>;
  flagged: Generated<number>;
  rejected: Generated<number>;
  co2_g: Generated<bigint>;
  trips_done: Generated<bigint>;
  rejections_done: Generated<bigint>;
  options: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  plan: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  failure: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  notes: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  sha256: string | null;
  fleet_import_id: Id<"fleetImport"> | null;
}

export interface VehiclesImportChunk {
  import_id: Id<"import">;
  seq: number;
  content: Buffer;
}

export interface VehiclesImportRejection {
  import_id: Id<"import">;
  seq: bigint;
  row_number: bigint;
  field: string;
  code: string;
  values: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
}

export interface VehiclesLocalDayTotal {
  car_id: bigint;
  vehicle_id: Id<"vehicle">;
  day: string;
  trips: number;
  distance_m: bigint;
  energy_wh: bigint;
  co2_g: bigint;
  claimed_trips: Generated<number>;
  claimed_distance_m: Generated<bigint>;
  claimed_co2_g: Generated<bigint>;
}

export interface VehiclesLocalMonthTotal {
  car_id: bigint;
  vehicle_id: Id<"vehicle">;
  month: string;
  trips: number;
  distance_m: bigint;
  energy_wh: bigint;
  co2_g: bigint;
  claimed_trips: Generated<number>;
  claimed_distance_m: Generated<bigint>;
  claimed_co2_g: Generated<bigint>;
}

export interface VehiclesMonthTotal {
  car_id: bigint;
  vehicle_id: Id<"vehicle">;
  month: string;
  trips: number;
  distance_m: bigint;
  energy_wh: bigint;
  co2_g: bigint;
  claimed_trips: Generated<number>;
  claimed_distance_m: Generated<bigint>;
  claimed_co2_g: Generated<bigint>;
}

export interface VehiclesOdometer {
  car_id: bigint;
  read_at: Date;
  vehicle_id: Id<"vehicle">;
  odometer_m: number;
  source: "owner" | "connection" | "handover" | "auditor";
}

export interface VehiclesPrintKey {
  one: Generated<boolean>;
  key: Buffer;
}

export interface VehiclesPrintPage {
  id: GeneratedAlways<bigint>;
  month: string;
  car_id: bigint;
  import_id: Id<"import"> | null;
  trips: number;
  prints: bigint[];
}

export interface VehiclesPushToken {
  id: Id<"token">;
  vehicle_id: Id<"vehicle">;
  token_hash: string;
  label: string;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  vetted_at: Date | null;
  vetted_by: Id<"user"> | null;
}

export interface VehiclesTrace {
  id: GeneratedAlways<bigint>;
  request_id: Id<"request">;
  feature: bigint;
  minute: number;
  rank: number;
  thread: Generated<boolean>;
}

export interface VehiclesTrack {
  car_id: bigint;
  month: string;
  trip_id: Id<"trip">;
  points: ColumnType<unknown, JsonInput, JsonInput>;
}

export interface VehiclesTrip {
  month: string;
  id: Id<"trip">;
  car_id: bigint;
  vehicle_id: Id<"vehicle">;
  import_id: Id<"import"> | null;
  started_at: Date;
  ended_at: Date;
  distance_m: number;
  energy_wh: number | null;
  co2_g: bigint;
  factors_version: number;
  precision: "exact" | "estimated" | "day";
  quality: "connected" | "export" | "manual";
  source: string;
  source_id: string | null;
  start_lat_e6: number | null;
  start_lon_e6: number | null;
  end_lat_e6: number | null;
  end_lon_e6: number | null;
  odometer_start_m: number | null;
  odometer_end_m: number | null;
  notes: string | null;
  flags: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  status: Generated<"recorded" | "claimed" | "verified" | "released">;
  request_id: Id<"request"> | null;
  release_reason: string | null;
  print: bigint | null;
  shape: bigint | null;
}

export interface VehiclesVehicle {
  id: Id<"vehicle">;
  car_id: bigint;
  owner_id: Id<"user">;
  vin: string;
  make: string;
  model: string;
  model_year: number;
  class: Generated<"car" | "van" | "quadricycle" | "motorcycle">;
  country_code: string;
  battery_wh: number | null;
  zone: string;
  owned_from: Generated<Date>;
  owned_to: Generated<Date>;
  import_settings: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  created_at: Date;
  plate: string | null;
  label: string | null;
}

export interface VenueAnnouncement {
  id: Id<"announcement">;
  level: "info" | "warning" | "urgent";
  text_en: string;
  text_vi: string;
  from_at: Date;
  until_at: Date;
  created_by: Id<"user">;
  created_at: Date;
  ended_by: Id<"user"> | null;
  ended_at: Date | null;
}

export interface VenueStanding {
  seq: bigint;
  mode: "open" | "read_only" | "maintenance";
  until: Date | null;
  reason: string;
  set_by: Id<"user">;
  at: Date;
  closed_since: Date | null;
}

export interface VerificationAccreditation {
  id: GeneratedAlways<bigint>;
  reviewer_id: Id<"user">;
  body: string;
  number: string;
  assurance: "limited" | "reasonable";
  valid_until: string | null;
  entered_by: Id<"user">;
  at: Date;
}

export interface VerificationAlert {
  kind: "gift" | "pair";
  reviewer_id: Id<"user">;
  owner_id: Id<"user">;
  source_id: string;
  request_id: Id<"request"> | null;
  grams: bigint;
  raised_at: Date;
}

export interface VerificationApproval {
  request_id: Id<"request">;
  reviewer_id: Id<"user">;
  digest: string;
  note: string | null;
  approved_at: Date;
}

export interface VerificationBook {
  day: string;
  root: string;
  leaf_count: bigint;
  sum_g: bigint;
  secret: Buffer;
  at: Date;
}

export interface VerificationBookHolding {
  day: string;
  holder_id: Id<"user">;
  state: "held" | "listed" | "retired";
  first_g: bigint;
  second_g: bigint;
  first_place: bigint;
  second_place: bigint;
}

export interface VerificationBookTile {
  day: string;
  level: number;
  n: bigint;
  nodes: Buffer;
}

export interface VerificationCertificate {
  id: Id<"certificate">;
  number: string;
  kind: "issuance" | "purchase" | "transfer" | "retirement";
  holder_id: Id<"user">;
  subject_id: string;
  order_id: Id<"order"> | null;
  credits_g: bigint;
  document: string;
  signature: string;
  key_id: string;
  words: string;
  issued_at: Date;
  decided_by: Id<"user"> | null;
}

export interface VerificationCertificateLot {
  certificate_id: Id<"certificate">;
  batch_id: Id<"batch">;
  first_g: bigint;
  last_g: bigint;
}

export interface VerificationCertifiedUntil {
  kind: "purchase" | "transfer";
  at: Date;
  transfer_id: Id<"transfer">;
}

export interface VerificationCurrentLot {
  batch_id: Id<"batch">;
  first_g: bigint;
  last_g: bigint;
  certificate_id: Id<"certificate">;
}

export interface VerificationInterest {
  reviewer_id: Id<"user">;
  subject_id: string;
  reason: string;
  declared_by: Id<"user">;
  declared_at: Date;
  ended_at: Date | null;
}

export interface VerificationMessage {
  request_id: Id<"request">;
  seq: number;
  author_id: Id<"user">;
  kind: "submitted" | "claimed" | "released" | "question" | "answer" | "first_approval" | "approved" | "rejected";
  body: string | null;
  at: Date;
}

export interface VerificationOddTrade {
  order_id: Id<"order">;
  buyer_id: Id<"user">;
  seller_id: Id<"user">;
  origin_ids: Id<"user">[];
  grams: bigint;
  price_minor: bigint;
  market_minor: bigint | null;
  currency: string;
  sold_at: Date;
}

export interface VerificationRecomputation {
  request_id: Id<"request">;
  at: Date;
  expected_g: bigint;
  found_g: bigint;
  leaves_match: boolean;
  asked_by: Id<"user"> | null;
}

export interface VerificationRequest {
  id: Id<"request">;
  owner_id: Id<"user">;
  vehicle_id: Id<"vehicle">;
  resubmits_id: Id<"request"> | null;
  period_from: Date | null;
  period_to: Date | null;
  status: Generated<"pending" | "in_review" | "needs_info" | "approved" | "rejected">;
  reviewer_id: Id<"user"> | null;
  claimed_at: Date | null;
  submitted_at: Date;
  decided_at: Date | null;
  decided_by: Id<"user"> | null;
  decision_note: string | null;
  trip_count: bigint;
  distance_m: bigint;
  energy_wh: bigint | null;
  co2_saved_g: bigint;
  first_at: Date;
  last_at: Date;
  method_code: string;
  factor_set: string;
  factors: ColumnType<unknown, JsonInput, JsonInput>;
  flat_g: bigint;
  metered_g: bigint;
  metered_trips: bigint;
  country_code: string;
  vehicle_make: string;
  vehicle_model: string;
  vehicle_year: number;
  vehicle_class: string;
  quality_tier: "connected" | "export" | "manual";
  flagged_count: Generated<bigint>;
  risk_score: number;
  risk_reasons: ColumnType<unknown, JsonInput, JsonInput>;
  approvals_needed: number;
  issued_g: bigint | null;
  buffer_g: bigint | null;
  rejected_count: Generated<bigint>;
  batch_id: Id<"batch"> | null;
  zone: string;
}

export interface VerificationRevocation {
  certificate_id: Id<"certificate">;
  reason: string;
  revoked_by: Id<"user">;
  revoked_at: Date;
}

export interface VerificationSigningKey {
  id: string;
  public_key: string;
  added_at: Date;
  signed_by: string | null;
  cross_signature: string | null;
}

export interface VerificationSnapshot {
  day: string;
  content: Buffer;
  statement: string;
  signature: string;
  key_id: string;
  at: Date;
}

export interface VerificationSnapshotPart {
  day: string;
  place: number;
  content: Buffer;
}

export interface VerificationSubmission {
  id: Id<"submission">;
  owner_id: Id<"user">;
  fleet: boolean;
  status: "queued" | "running" | "done";
  created_at: Date;
  finished_at: Date | null;
}

export interface VerificationSubmissionLine {
  submission_id: Id<"submission">;
  place: number;
  vehicle_id: Id<"vehicle">;
  request_id: Id<"request">;
  year: number | null;
  period_from: Date | null;
  period_to: Date | null;
  status: Generated<"waiting" | "done" | "refused">;
  refusal: string | null;
  details: ColumnType<unknown, JsonInput | undefined, JsonInput>;
  trips: bigint;
  trips_done: Generated<bigint>;
}

export interface VerificationTradeAlert {
  reviewer_id: Id<"user">;
  owner_id: Id<"user">;
  order_id: Id<"order">;
  request_id: Id<"request">;
  bought: boolean;
  raised_at: Date;
}

export interface VerificationTree {
  batch_id: Id<"batch">;
  request_id: Id<"request">;
  root: string;
  leaf_count: bigint;
  secret: Buffer;
  leaves: Buffer;
  at: Date;
  sums: Buffer | null;
  sum_g: bigint | null;
}

export interface VerificationTripRejection {
  request_id: Id<"request">;
  trip_id: Id<"trip">;
  reason_code: "consumption_implausible" | "speed_implausible" | "distance_mismatch" | "duplicate_suspected" | "wrong_vehicle" | "evidence_missing" | "other";
  note: string | null;
  started_at: Date;
  distance_m: bigint;
  co2_saved_g: bigint;
  decided_by: Id<"user">;
  decided_at: Date;
}

export interface VerificationWithdrawnKey {
  key_id: string;
  at: Date;
  reason: string;
}

export interface Database {
  "credits.batch": CreditsBatch;
  "credits.cancellation": CreditsCancellation;
  "credits.replacement": CreditsReplacement;
  "credits.retirement": CreditsRetirement;
  "credits.revoked_batch": CreditsRevokedBatch;
  "credits.serial_life": CreditsSerialLife;
  "identity.account": IdentityAccount;
  "identity.api_key": IdentityApiKey;
  "identity.audit": IdentityAudit;
  "identity.device": IdentityDevice;
  "identity.document": IdentityDocument;
  "identity.known_place": IdentityKnownPlace;
  "identity.kyc_file": IdentityKycFile;
  "identity.log_line": IdentityLogLine;
  "identity.rate_limit": IdentityRateLimit;
  "identity.refresh_token": IdentityRefreshToken;
  "identity.revocation": IdentityRevocation;
  "identity.session": IdentitySession;
  "identity.signing_key": IdentitySigningKey;
  "identity.two_factor": IdentityTwoFactor;
  "identity.user": IdentityUser;
  "identity.verification": IdentityVerification;
  "jobs.beat": JobsBeat;
  "jobs.health_day": JobsHealthDay;
  "jobs.listener": JobsListener;
  "jobs.outbox": JobsOutbox;
  "ledger.account": LedgerAccount;
  "ledger.account_kind": LedgerAccountKind;
  "ledger.balances": LedgerBalances;
  "ledger.block": LedgerBlock;
  "ledger.block_move": LedgerBlockMove;
  "ledger.entry": LedgerEntry;
  "ledger.hold": LedgerHold;
  "ledger.hold_end": LedgerHoldEnd;
  "ledger.legs": LedgerLegs;
  "ledger.transfer": LedgerTransfer;
  "log.checkpoint": LogCheckpoint;
  "log.cosignature": LogCosignature;
  "log.entry": LogEntry;
  "log.pending": LogPending;
  "log.tile": LogTile;
  "marketplace.auction": MarketplaceAuction;
  "marketplace.auction_extension": MarketplaceAuctionExtension;
  "marketplace.auto_sale": MarketplaceAutoSale;
  "marketplace.bid": MarketplaceBid;
  "marketplace.bid_pause": MarketplaceBidPause;
  "marketplace.deposit": MarketplaceDeposit;
  "marketplace.dispute": MarketplaceDispute;
  "marketplace.dispute_file": MarketplaceDisputeFile;
  "marketplace.dispute_message": MarketplaceDisputeMessage;
  "marketplace.facet": MarketplaceFacet;
  "marketplace.former_price": MarketplaceFormerPrice;
  "marketplace.listing": MarketplaceListing;
  "marketplace.order": MarketplaceOrder;
  "marketplace.presence": MarketplacePresence;
  "marketplace.quote": MarketplaceQuote;
  "marketplace.saved_search": MarketplaceSavedSearch;
  "marketplace.self_dealing": MarketplaceSelfDealing;
  "marketplace.strike": MarketplaceStrike;
  "marketplace.sweep": MarketplaceSweep;
  "marketplace.wanted": MarketplaceWanted;
  "marketplace.wanted_fill": MarketplaceWantedFill;
  "marketplace.watch": MarketplaceWatch;
  "notifications.bounced": NotificationsBounced;
  "notifications.device": NotificationsDevice;
  "notifications.manner": NotificationsManner;
  "notifications.notification": NotificationsNotification;
  "notifications.phone": NotificationsPhone;
  "notifications.preference": NotificationsPreference;
  "notifications.told_until": NotificationsToldUntil;
  "payments.attempt": PaymentsAttempt;
  "payments.difference": PaymentsDifference;
  "payments.dispute": PaymentsDispute;
  "payments.invoice": PaymentsInvoice;
  "payments.invoice_counter": PaymentsInvoiceCounter;
  "payments.movement": PaymentsMovement;
  "payments.payment": PaymentsPayment;
  "payments.payout_plan": PaymentsPayoutPlan;
  "payments.recipient": PaymentsRecipient;
  "payments.reconciled_day": PaymentsReconciledDay;
  "payments.refund": PaymentsRefund;
  "payments.webhook_event": PaymentsWebhookEvent;
  "payments.withdrawal": PaymentsWithdrawal;
  "pricing.model_run": PricingModelRun;
  "pricing.trade": PricingTrade;
  "public.applied_function": PublicAppliedFunction;
  "public.migration": PublicMigration;
  "reports.counted": ReportsCounted;
  "reports.export": ReportsExport;
  "reports.export_part": ReportsExportPart;
  "reports.personal_month": ReportsPersonalMonth;
  "reports.platform_month": ReportsPlatformMonth;
  "reports.quarter_sum": ReportsQuarterSum;
  "rpc.idempotency": RpcIdempotency;
  "rules.rule": RulesRule;
  "vehicles.car": VehiclesCar;
  "vehicles.claim": VehiclesClaim;
  "vehicles.claim_basis": VehiclesClaimBasis;
  "vehicles.connection": VehiclesConnection;
  "vehicles.day_total": VehiclesDayTotal;
  "vehicles.driver": VehiclesDriver;
  "vehicles.fleet_import": VehiclesFleetImport;
  "vehicles.grid_factor": VehiclesGridFactor;
  "vehicles.import": VehiclesImport;
  "vehicles.import_chunk": VehiclesImportChunk;
  "vehicles.import_rejection": VehiclesImportRejection;
  "vehicles.local_day_total": VehiclesLocalDayTotal;
  "vehicles.local_month_total": VehiclesLocalMonthTotal;
  "vehicles.month_total": VehiclesMonthTotal;
  "vehicles.odometer": VehiclesOdometer;
  "vehicles.print_key": VehiclesPrintKey;
  "vehicles.print_page": VehiclesPrintPage;
  "vehicles.push_token": VehiclesPushToken;
  "vehicles.trace": VehiclesTrace;
  "vehicles.track": VehiclesTrack;
  "vehicles.trip": VehiclesTrip;
  "vehicles.vehicle": VehiclesVehicle;
  "venue.announcement": VenueAnnouncement;
  "venue.standing": VenueStanding;
  "verification.accreditation": VerificationAccreditation;
  "verification.alert": VerificationAlert;
  "verification.approval": VerificationApproval;
  "verification.book": VerificationBook;
  "verification.book_holding": VerificationBookHolding;
  "verification.book_tile": VerificationBookTile;
  "verification.certificate": VerificationCertificate;
  "verification.certificate_lot": VerificationCertificateLot;
  "verification.certified_until": VerificationCertifiedUntil;
  "verification.current_lot": VerificationCurrentLot;
  "verification.interest": VerificationInterest;
  "verification.message": VerificationMessage;
  "verification.odd_trade": VerificationOddTrade;
  "verification.recomputation": VerificationRecomputation;
  "verification.request": VerificationRequest;
  "verification.revocation": VerificationRevocation;
  "verification.signing_key": VerificationSigningKey;
  "verification.snapshot": VerificationSnapshot;
  "verification.snapshot_part": VerificationSnapshotPart;
  "verification.submission": VerificationSubmission;
  "verification.submission_line": VerificationSubmissionLine;
  "verification.trade_alert": VerificationTradeAlert;
  "verification.tree": VerificationTree;
  "verification.trip_rejection": VerificationTripRejection;
  "verification.withdrawn_key": VerificationWithdrawnKey;
}
