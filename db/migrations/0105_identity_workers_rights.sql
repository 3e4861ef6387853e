-- The worker writes letters and drops what has no further use. It had more rights over people than that: whoever stole its
-- login could point a session of their own at an administrator, change an address and have a reset sent there, let suspended
-- people in again, or accredit an auditor. What lets people in, and what they may, is written by the server alone.
-- evx_former keeps what it had: code of the release before goes on under it.
revoke update on identity.user, identity.session, identity.refresh_token, identity.known_place, identity.device,
  identity.verification from evx_app;
grant update on identity.user, identity.session, identity.refresh_token, identity.known_place, identity.device,
  identity.verification to evx_serving, evx_former;

revoke select on identity.two_factor from evx_app;
revoke delete on identity.account, identity.two_factor, identity.api_key, identity.refresh_token from evx_app;
grant select on identity.two_factor to evx_serving, evx_former;
grant delete on identity.account, identity.two_factor, identity.api_key, identity.refresh_token to evx_serving, evx_former;
