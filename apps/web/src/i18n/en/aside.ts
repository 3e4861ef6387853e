/** What is rarely shown: a page of another role, a session that ended, an address that nothing has. */
export default {
  "notFound.title": "Page not found",
  "notFound.body": "Check the address, or start from the home page. Nothing of yours is lost.",
  "notFound.action": "Go to the home page",
  "forbidden.title": "This page belongs to another account type",
  "forbidden.body": "You are signed in as {{ role }}. Sign in with another account to see this page.",
  "forbidden.action": "Go to your home page",
  "proof.title": "Your password once more",
  "proof.body":
    "This goes on when you are signed out, so it must be you who asks. Nothing that you typed is lost.",
  "proof.password": "Your password",
  "proof.go": "Continue",
  "session.leave": "Leave and start over",
  "forbidden.other": "Use another account",
} as const;
