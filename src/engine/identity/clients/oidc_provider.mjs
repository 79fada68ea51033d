// A certified OpenID provider in which everybody is Ada and agrees at once: node oidc_provider.mjs REDIRECT_URI
// With login_hint=nobody she does not agree. Prints "listening on URL". Its ID tokens live for a minute.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [redirect] = process.argv.slice(2);

function key(type, options, alg) {
  const jwk = generateKeyPairSync(type, options).privateKey.export({ format: "jwk" });
  return { ...jwk, kid: alg, alg, use: "sig" };
}
function client(id, alg) {
  return {
    client_id: id,
    client_secret: `the secret of ${id}, which is long enough`,
    redirect_uris: [redirect],
    token_endpoint_auth_method: "client_secret_post",
    id_token_signed_response_alg: alg,
  };
}

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(url, {
  clients: [client("odeon", "RS256"), client("curve", "ES256")],
  jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256")] },
  cookies: { keys: ["a key that signs cookies"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "picture"] },
  // As Google does: who somebody is stands in the ID token.
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { IdToken: 60, AccessToken: 600, AuthorizationCode: 60, Grant: 600, Interaction: 600, Session: 600 },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: "Ada@Example.com",
      email_verified: true,
      name: "Ada Lovelace",
      picture: "https://example.com/ada.png",
    }),
  }),
});

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (params.login_hint === "nobody") return { error: "access_denied", error_description: "She said no." };
  if (prompt.name === "login") return { login: { accountId: "ada-1815" } };
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(prompt.details.missingOIDCScope.join(" "));
  return { consent: { grantId: await grant.save() } };
}

const handle = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return handle(request, response);
  await provider.interactionFinished(request, response, await interact(request, response));
});
console.log(`listening on ${url}`);
