// What an app does with the official Supabase client, against any server: node supabase.mjs BASE_URL OUTBOX
// OUTBOX is the folder in which the server's mails appear.
// Prints "ok" at the end; the first thing that is not as it should be ends it with status 1.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
import ws from "ws";

const [base, outbox] = process.argv.slice(2);
const mail = `Ada.${Date.now()}.${process.pid}@Example.com`;
const password = "correct horse battery";
const anonymous = "the-public-anon-key";

function client() {
  return createClient(base, anonymous, {
    auth: { autoRefreshToken: false, persistSession: false },
    realtime: { transport: ws },
  });
}

function good({ data, error }) {
  assert.equal(error, null, JSON.stringify(error));
  return data;
}
function bad({ error }, status, code) {
  assert.ok(error, "this should have failed");
  assert.deepEqual([error.status, error.code], [status, code], error.message);
  return error;
}

const ada = client();
const events = [];
ada.auth.onAuthStateChange((event) => events.push(event));

// Sign up.
bad(await ada.auth.signUp({ email: mail, password: "12345" }), 422, "weak_password");
bad(await ada.auth.signUp({ email: "nobody", password }), 400, "validation_failed");
const joined = good(await ada.auth.signUp({ email: mail, password, options: { data: { name: "Ada" } } }));
assert.equal(joined.user.email, mail.toLowerCase());
assert.equal(joined.session.token_type, "bearer");
assert.equal(joined.user.user_metadata.name, "Ada");
const taken = bad(await client().auth.signUp({ email: mail, password }), 409, "user_already_exists");
assert.equal(taken.name, "AuthApiError");

// Sign in.
bad(await client().auth.signInWithPassword({ email: mail, password: "wrong" }), 400, "invalid_credentials");
bad(await client().auth.signInWithPassword({ email: "x" + mail, password }), 400, "invalid_credentials");
bad(await client().auth.signInAnonymously(), 422, "anonymous_provider_disabled");
const phone = client();
good(await phone.auth.signInWithPassword({ email: mail.toUpperCase(), password }));

// Who am I: asked from the server, and by the keys it publishes.
assert.equal(good(await ada.auth.getUser()).user.id, joined.user.id);
assert.equal(good(await ada.auth.getUserIdentities()).identities[0].provider, "email");
const { claims, header } = good(await ada.auth.getClaims());
assert.equal(claims.sub, joined.user.id);
assert.equal(claims.aud, "authenticated");
assert.equal(claims.user_metadata.name, "Ada");
assert.ok(["ES256", "HS256"].includes(header.alg));
bad(await ada.auth.getUser("not.a.token"), 401, "bad_jwt");
const forged = joined.session.access_token.replace(/\.(.)([^.]*)$/, (_, first, rest) => `.${first === "A" ? "B" : "A"}${rest}`);
assert.ok((await ada.auth.getClaims(forged)).error);

// Refresh: once, from two tabs at once, and with a stolen token much later in the C++ tests.
const refreshed = good(await ada.auth.refreshSession());
assert.notEqual(refreshed.session.refresh_token, joined.session.refresh_token);
assert.equal(refreshed.user.id, joined.user.id);
const tabs = [client(), client()];
const again = await Promise.all(
  tabs.map((tab) => tab.auth.refreshSession({ refresh_token: refreshed.session.refresh_token })),
);
assert.equal(good(again[0]).session.refresh_token, good(again[1]).session.refresh_token);
bad(await client().auth.refreshSession({ refresh_token: "nonsense" }), 400, "refresh_token_not_found");
good(await ada.auth.setSession(again[0].data.session));

// Change.
const changed = good(await ada.auth.updateUser({ data: { theme: "dark" } }));
assert.deepEqual(changed.user.user_metadata, { name: "Ada", theme: "dark" });
bad(await ada.auth.updateUser({ password }), 422, "same_password");
good(await ada.auth.updateUser({ password: password + "!" }));
bad(await client().auth.signInWithPassword({ email: mail, password }), 400, "invalid_credentials");
// The phone was signed out by the new password; the client calls that a missing session.
assert.equal((await phone.auth.getUser()).error.name, "AuthSessionMissingError");
const phoneAgain = client();
good(await phoneAgain.auth.signInWithPassword({ email: mail, password: password + "!" }));

// Sign out.
good(await ada.auth.signOut({ scope: "others" }));
assert.equal((await phoneAgain.auth.getUser()).error.name, "AuthSessionMissingError");
const token = good(await ada.auth.getSession()).session.access_token;
assert.equal(good(await ada.auth.getUser()).user.id, joined.user.id);
const out = await ada.auth.signOut();
assert.equal(out.error, null);
assert.equal(good(await ada.auth.getSession()).session, null);
assert.equal((await client().auth.getUser(token)).error.name, "AuthSessionMissingError");
assert.ok(events.includes("SIGNED_IN") && events.includes("TOKEN_REFRESHED") && events.includes("SIGNED_OUT"), events);
// Forget the password. The mail has a code.
async function mailed(before) {
  for (;;) {
    const fresh = readdirSync(outbox).filter((name) => name.endsWith(".eml") && !before.has(name));
    if (fresh.length > 0) return readFileSync(join(outbox, fresh[0]), "utf8");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const before = new Set(readdirSync(outbox));
const forgetful = client();
good(await forgetful.auth.resetPasswordForEmail(mail));
const code = /\b(\d{6})\b/.exec((await mailed(before)).split(/\r?\n\r?\n/).slice(1).join("\n"))[1];
bad(await forgetful.auth.verifyOtp({ email: mail, token: "nope", type: "recovery" }), 403, "otp_expired");
const recovered = good(await forgetful.auth.verifyOtp({ email: mail, token: code, type: "recovery" }));
assert.equal(recovered.user.id, joined.user.id);
assert.ok(recovered.user.email_confirmed_at);
good(await forgetful.auth.updateUser({ password: "remembered this time" }));
good(await client().auth.signInWithPassword({ email: mail, password: "remembered this time" }));
bad(await client().auth.resend({ type: "signup", email: "nonsense" }), 400, "validation_failed");
console.log("ok");
